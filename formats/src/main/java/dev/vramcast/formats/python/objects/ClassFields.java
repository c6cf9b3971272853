package dev.vramcast.formats.python.objects;

import static dev.vramcast.formats.python.objects.Completed.unknown;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.handed.Completion;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fields that classes of a program give a value, {@code Config.RANK}, and objects of such a class
 * have, {@code config.RANK}, with the values that one is made with.
 */
public final class ClassFields {

  private static final int MOST_FIELDS = 500;

  /** Fields of all objects together; of further objects none is known. */
  private static final int MOST_KEPT = 50_000;

  /** Of so many bases fields are taken over. */
  private static final int MOST_BASES = 20;

  private static final String SEVERAL = "";

  /** What classes are called that hold settings and do nothing by them. */
  private static final Pattern SETTINGS =
      Pattern.compile(
          "(?i)\\w*(?:config|configuration|settings|hyper_?params|params|options|args|arguments)");

  /** A name that nothing is known of. */
  public static final Pattern PARAMETER = Pattern.compile("<[A-Za-z_]\\w{0,99}>");

  /** What makes an object of another one. */
  private static final Pattern COPIES =
      Pattern.compile("(?:dataclasses\\.)?replace|(?:attrs?\\.)?evolve|\\w+\\.model_copy");

  private final Map<String, Node> constants;
  private final String told;
  private final Makers makers;
  private final OpenFields opened;
  private final Map<String, Map<String, Node>> classes = new HashMap<>();

  /** Fields by which an object of any name is known. */
  private final Set<String> own = new HashSet<>();

  private String inside = "";

  /** What names that fields have stood for outside of the class, where its methods see that. */
  private final Map<String, Optional<Node>> outside = new HashMap<>();

  /** Fields of the class that is declared which {@code __init__} gives. */
  private final Set<String> begun = new HashSet<>();

  /** Those that another method gives before {@code __init__} is read. */
  private final Set<String> changed = new HashSet<>();

  /** When the method that is read gives fields values. */
  private final Map<String, Completion> completions = new HashMap<>();

  private final Completed completed = new Completed();

  /** Fields of objects that were made, behind their names. */
  private final Set<String> ofObjects = new HashSet<>();

  /** Fields that objects are given another value for. */
  private final Set<String> changedLater = new HashSet<>();

  /** By fields, how many objects were made that have one. */
  private final Map<String, Integer> objects = new HashMap<>();

  /** By fields, the classes that have one; {@link #SEVERAL} of more than one. */
  private final Map<String, String> holders = new HashMap<>();

  /** By class and field, what the first object was made with. */
  private final Map<String, Node> built = new HashMap<>();

  private boolean settled;

  /** Fields of objects and of derived classes that were kept, all together. */
  private int kept;

  /** Parts of {@code self} that methods give values. */
  private final Set<String> parts = new HashSet<>();

  /**
   * No class is known yet.
   *
   * @param constants of the program, by names with dots
   * @param told what stands before the names of fields of whichever object
   * @param closing as {@link Statements#closing}
   */
  public ClassFields(
      Map<String, Node> constants, String told, Statements statements, int[] closing) {
    this.constants = constants;
    this.told = told;
    Map<String, DeclaredClass> declared = DeclaredClass.of(statements);
    this.makers = new Makers(statements, closing, declared);
    this.opened = new OpenFields(statements, closing, declared);
  }

  /**
   * A statement outside of all begins.
   *
   * @param name of the class that it declares; empty for any other statement
   * @param bases names of the classes that this one has the fields of
   */
  public void begin(String name, List<String> bases) {
    method();
    begun.clear();
    changed.clear();
    inside = name;
    if (name.isEmpty()) {
      return;
    }
    if (bases.stream().noneMatch(classes::containsKey)) {
      constants.keySet().removeAll(parts);
      parts.clear();
    }
    Map<String, Node> fields = new LinkedHashMap<>();
    bases.stream()
        .distinct()
        .limit(MOST_BASES)
        .forEach(base -> classes.getOrDefault(base, Map.of()).forEach(fields::putIfAbsent));
    kept += fields.size();
    if (kept > MOST_KEPT) {
      fields.clear();
    }
    fields.forEach((field, value) -> constants.put(name + '.' + field, value));
    classes.put(name, fields);
    completed.begin(name, bases);
  }

  /**
   * What a part of an object is that its maker is handed, {@code self.rank = rank}.
   *
   * @param value the name of a parameter between angle brackets
   */
  public Optional<Node> ofMaker(String name, String method, Node value) {
    boolean handed =
        method.equals("__init__")
            && !inside.isEmpty()
            && name.startsWith("self.")
            && value.value() instanceof String text
            && PARAMETER.matcher(text).matches();
    parts.addAll(handed ? Set.of(name) : Set.of());
    return Optional.of(value)
        .filter(given -> handed)
        .map(given -> String.valueOf(given.value()).substring(1))
        .map(given -> new Node.Scalar("<" + inside + ".__init__ " + given, value.mark()));
  }

  /** A method begins, or the class has ended: fields are not known by their names alone. */
  public void method() {
    outside.forEach(
        (name, before) ->
            before.ifPresentOrElse(
                value -> constants.put(name, value), () -> constants.remove(name)));
    outside.clear();
  }

  /**
   * A method gives a part of its object a value, {@code self.rank = 8}.
   *
   * @param name of the part
   * @param method what {@code __init__} gives, objects begin with
   */
  public void part(String name, String method, Node value) {
    parts.add("self." + name);
    if (method.equals("__init__")) {
      begins(name, value);
    } else if (method.equals("__post_init__")) {
      Completion when = completions.get(name);
      if (when == Completion.ALWAYS || when == Completion.IF_NONE) {
        completes(name, value);
      }
    } else {
      changes(name, value);
    }
  }

  /**
   * Objects of the class that is declared begin with a part, {@code self.rank = 8} in {@code
   * __init__}: one that holds settings has it as a field.
   */
  private void begins(String name, Node value) {
    Map<String, Node> fields = classes.get(inside);
    if (fields == null || !SETTINGS.matcher(inside).matches() || fields.size() >= MOST_FIELDS) {
      return;
    }
    Node before = fields.get(name);
    boolean told =
        before == null ? !changed.contains(name) : Objects.equals(before.value(), value.value());
    begun.add(name);
    Node now = told ? held(name, value) : unknown(name, value);
    fields.put(name, now);
    ofAny(name, now);
  }

  /**
   * A method begins.
   *
   * @param when it gives fields values, if it is {@code __post_init__}
   */
  public void completing(Map<String, Completion> when) {
    completions.clear();
    completions.putAll(when);
    when.forEach(
        (name, how) -> {
          Node before = classes.getOrDefault(inside, Map.of()).get(name);
          if (how == Completion.SOMEHOW && before != null) {
            completes(name, unknown(name, before));
          }
        });
  }

  /** What a dataclass gives to a field behind what it is made with. */
  private void completes(String name, Node value) {
    Map<String, Node> fields = classes.getOrDefault(inside, Map.of());
    Node before = fields.get(name);
    if (before == null) {
      return;
    }
    Node now = value.isNull() ? unknown(name, value) : value;
    boolean ifNone = completions.get(name) == Completion.IF_NONE;
    completed.put(inside, name, now, ifNone);
    if (ifNone && before.value() != null) {
      return;
    }
    fields.put(name, now);
    Node any = constants.get(told + name);
    if (any != null && (!ifNone || any.value() == null)) {
      constants.put(told + name, now);
    }
  }

  /**
   * A method of the class that is declared gives a part of {@code self} a value: which of both an
   * object has then, its name does not say.
   */
  private void changes(String name, Node value) {
    Map<String, Node> fields = classes.get(inside);
    if (fields == null || fields.size() >= MOST_FIELDS || !SETTINGS.matcher(inside).matches()) {
      return;
    }
    Node before = fields.get(name);
    if (before == null) {
      changed.add(name);
    } else if (begun.contains(name) && !Objects.equals(before.value(), value.value())) {
      Node now = unknown(name, value);
      fields.put(name, now);
      ofAny(name, now);
    }
  }

  /**
   * The class that is declared has a field.
   *
   * @param before what its name stood for until then
   */
  public void field(String name, @Nullable Node before, Node value) {
    Map<String, Node> fields = classes.get(inside);
    if (fields != null && fields.size() < MOST_FIELDS) {
      Node has = held(name, value);
      outside.putIfAbsent(name, Optional.ofNullable(before));
      fields.put(name, has);
      constants.put(inside + '.' + name, has);
      ofAny(name, has);
    }
  }

  /** What a field of the class that is declared has, if the program changes it nowhere unseen. */
  public Node held(String name, Node value) {
    return opened.has(inside, name) ? unknown(name, value) : value;
  }

  /** What an object of whichever name has, unless classes differ in it. */
  private void ofAny(String name, Node value) {
    holders.merge(name, inside, (one, other) -> one.equals(other) ? one : SEVERAL);
    Node other = constants.putIfAbsent(told + name, value);
    if (other != null && own.contains(name) && !Objects.equals(other.value(), value.value())) {
      // Which class an object is of, its name does not say.
      constants.remove(told + name);
    } else if (other == null) {
      own.add(name);
    }
  }

  /**
   * An object is made.
   *
   * @param object the name that it is given
   * @param made the name of its class
   * @param arguments that it is made with
   */
  public void made(String object, String made, Map<String, Node> arguments) {
    Map<String, Node> given = byFields(made, arguments);
    Map<String, Node> fields = makers.fields(made, classes.getOrDefault(made, Map.of()), given);
    kept += fields.size();
    if (fields.isEmpty() || kept > MOST_KEPT) {
      return;
    }
    fields.forEach(
        (name, value) -> {
          String path = object + '.' + name;
          ofObjects.add(path);
          objects.merge(name, 1, Integer::sum);
          constants.put(path, completed.has(made, name, value, given));
          if (constants.containsKey(told + name) && changedLater.contains(name)) {
            constants.put(told + name, unknown(path, value));
          }
        });
  }

  /**
   * A call may make an object of a class: what functions are handed has what all objects of the
   * class are made with, and is not known where they differ.
   *
   * @param called the name of what is called
   * @param arguments that it is called with
   * @return the fields that are not known by their class alone
   */
  public Set<String> built(String called, Map<String, Node> arguments) {
    if (COPIES.matcher(called).matches()) {
      return copied(arguments.keySet());
    }
    String made = called.equals("cls") ? inside : called;
    Map<String, Node> fields = classes.getOrDefault(made, Map.of());
    if (fields.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new HashSet<>();
    Map<String, Node> given = byFields(made, arguments);
    for (Map.Entry<String, Node> field : fields.entrySet()) {
      String name = field.getKey();
      Node has = completed.has(made, name, field.getValue(), given);
      Node first = built.putIfAbsent(made + '.' + name, has);
      boolean one = first == null || Objects.equals(first.value(), has.value());
      boolean plain = Objects.equals(has.value(), field.getValue().value());
      if (!settled && constants.containsKey(told + name) && !changedLater.contains(name)) {
        boolean alone = one && (plain || !SEVERAL.equals(holders.get(name)));
        if (!one || !plain) {
          constants.put(told + name, alone ? has : unknown(name, has));
          names.add(name);
        }
      }
    }
    return names;
  }

  /** {@code replace(config, rank=4)}: which of both objects a function is handed is not known. */
  private Set<String> copied(Set<String> names) {
    Set<String> fields = new HashSet<>(names);
    fields.retainAll(holders.keySet());
    fields.removeIf(name -> settled || !constants.containsKey(told + name));
    fields.forEach(
        name -> constants.computeIfPresent(told + name, (key, value) -> unknown(name, value)));
    return fields;
  }

  /** From here on what objects are made with is known from an earlier reading. */
  public void settle() {
    settled = true;
  }

  /**
   * An object is given another value for a field than it was made with, {@code config.rank = 8}.
   *
   * @param runs whether it is known to be so in all that is handed the object
   * @return the field, which is so from then on or not known; empty where it is none
   */
  public Optional<String> changed(String path, Node value, boolean runs) {
    String name = path.substring(path.lastIndexOf('.') + 1);
    if (!ofObjects.contains(path) || !constants.containsKey(told + name)) {
      return Optional.empty();
    }
    boolean alone = objects.getOrDefault(name, 0) == 1 && !SEVERAL.equals(holders.get(name));
    // Which of two objects is meant, a method does not say, nor when it is called.
    constants.put(told + name, runs && alone ? value : unknown(path, value));
    changedLater.add(name);
    return Optional.of(name);
  }

  private Map<String, Node> byFields(String made, Map<String, Node> arguments) {
    Map<String, Node> given =
        new HashMap<>(makers.of(made).map(maker -> maker.given(arguments)).orElse(arguments));
    given.replaceAll((name, value) -> opened.has(made, name) ? unknown(name, value) : value);
    return given;
  }
}
