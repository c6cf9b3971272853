package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.KnownNames.Known;
import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a program may be told: arguments of argparse and click, and fields of its classes. Each is
 * what a command gives, or else the program's own default.
 */
final class Options {

  /** An argument that is nothing unless somebody gives it. */
  private static final Node NOTHING = new Node.Scalar(null, Mark.NONE);

  private static final Pattern DEFINES = Pattern.compile("(?:.*\\.)?(?:add_argument|option)");

  /** Numbers as a command has them, which is text. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d{1,30}(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?");

  private final Map<String, Node> given;
  private final Map<String, Node> constants;
  private final Set<String> taken = new LinkedHashSet<>();

  /** What makes options of the fields of classes. */
  private static final Pattern PARSES =
      Pattern.compile("(?:\\w+\\.)*+(?:HfArgumentParser|TrlParser|H4ArgumentParser)");

  /** Those that a condition may ask for: of argparse and not required, or given. */
  private final Set<String> asked = new LinkedHashSet<>();

  /** Fields of classes with a default, which may be no options. */
  private final Set<String> fields = new LinkedHashSet<>();

  private boolean parsesFields;
  private boolean changesUnseen;

  /** Words of its own stand where those of its command would. */
  private boolean givesItself;

  private final Set<String> changed = new LinkedHashSet<>();

  /** Fields that objects of the program are given another value for. */
  private final Set<String> objects = new LinkedHashSet<>();

  private boolean settled;

  /**
   * Nothing is defined yet.
   *
   * @param given by names with underscores, as a command says it; empty where there is none
   * @param constants of the program, which take each option behind {@link Expression#FIELD}
   */
  Options(Map<String, Node> given, Map<String, Node> constants) {
    this.given = given;
    this.constants = constants;
  }

  /** The given options that the program defines. */
  Set<String> taken() {
    return Set.copyOf(taken);
  }

  /**
   * Whether the program may change any of them where nobody sees which: {@code setattr(args, ..)},
   * {@code vars(args)[..]}, {@code set_defaults}, {@code parse_args([..])}.
   */
  void changing(List<Token> tokens) {
    givesItself = new OwnWords(tokens, Statements.closing(tokens)).areGiven();
    for (int i = 0; i + 3 < tokens.size(); i++) {
      boolean called = tokens.get(i + 1).is("(");
      changesUnseen |=
          switch (tokens.get(i).text()) {
            case "setattr" -> called && Pieces.isArguments(tokens.get(i + 2));
            case "vars" -> called && i + 4 < tokens.size() && tokens.get(i + 4).is("[");
            case "set_defaults", "__dict__" -> true;
            case "__setattr__" -> called;
            default -> false;
          };
    }
  }

  /** From here on each is known from an earlier reading, and holds until the program changes it. */
  void settle(Options before) {
    settled = true;
    objects.addAll(before.objects);
  }

  /** A field is what an object was given behind its making, wherever its class stands. */
  void given(String field) {
    objects.add(field);
  }

  /** {@code parser.add_argument("--rank", default=8)}, {@code @click.option("--rank")}. */
  void argument(Call call) {
    TrainerSwitches.made(call, constants);
    if (PARSES.matcher(call.name()).matches()) {
      parsesFields = true;
      TrainerSwitches.inherited(call).forEach(this::inherited);
    }
    if (!DEFINES.matcher(call.name()).matches()) {
      return;
    }
    call.arguments().entrySet().stream()
        .filter(argument -> argument.getKey().matches("\\d"))
        .map(argument -> argument.getValue().value())
        .filter(name -> name instanceof String text && text.matches("--\\w[\\w-]*(?:/--.*)?"))
        .map(name -> String.valueOf(name).replaceFirst("/.*", "").substring(2).replace('-', '_'))
        .findFirst()
        .ifPresent(name -> argument(name, call.arguments()));
  }

  private void argument(String name, Map<String, Node> said) {
    Node dest = said.get("dest");
    Node action = said.get("action");
    boolean off = action != null && "store_false".equals(action.value());
    boolean flag = off || action != null && "store_true".equals(action.value());
    Node otherwise = said.getOrDefault("default", flag ? new Node.Scalar(off, Mark.NONE) : NOTHING);
    Node told = told(name, otherwise.mark());
    if (told != null && off) {
      told = new Node.Scalar(false, told.mark());
    }
    String key = dest != null && dest.value() instanceof String other ? other : name;
    Node required = said.get("required");
    boolean open = required != null && Boolean.TRUE.equals(required.value());
    boolean converted = said.containsKey("type") && otherwise.value() instanceof String;
    if (told != null || !open && !converted) {
      asked.add(key);
    }
    put(key, told == null ? otherwise : told);
  }

  /** One that the program changed is not set back where its class stands behind that. */
  private void put(String name, Node value) {
    if (!settled || !changed.contains(name) && !objects.contains(name)) {
      constants.put(Expression.FIELD + name, value);
    }
  }

  /** A field of a class, which a parser may make an option of. */
  void field(String name, @Nullable Node otherwise) {
    Node before = otherwise == null ? NOTHING : otherwise;
    Node told = told(name, before.mark());
    if (told != null) {
      asked.add(name);
    } else if (otherwise != null) {
      fields.add(name);
    }
    put(name, told == null ? before : told);
  }

  /** What no class of the program says: as a command has it, which the Trainer reads too. */
  private void inherited(String name) {
    if (!constants.containsKey(Expression.FIELD + name)) {
      fields.add(name);
      Node off = new Node.Scalar(false, Mark.NONE);
      Node said = given.getOrDefault(name, off);
      put(name, typed(said, said.mark()));
    }
  }

  /** {@code args.rank = 8}, of arguments that a command gave. */
  void change(String name, Node value) {
    String key = Expression.FIELD + name;
    changed.add(name);
    if (settled && !given.isEmpty() && constants.containsKey(key)) {
      constants.put(key, value);
    }
  }

  private @Nullable Node told(String name, Mark mark) {
    Node value = given.get(name);
    if (value == null && name.startsWith("no_") && given.get(name.substring(3)) != null) {
      // A command's --no_lora is read as lora, off.
      Node negated = given.get(name.substring(3));
      value = Boolean.FALSE.equals(negated.value()) ? new Node.Scalar(true, negated.mark()) : null;
      name = name.substring(3);
    }
    if (value == null) {
      return null;
    }
    taken.add(name);
    return typed(value, mark);
  }

  private static Node typed(Node node, Mark mark) {
    if (node instanceof Node.Items items) {
      List<Node> parts = items.items().stream().map(item -> typed(item, mark)).toList();
      return new Node.Items(parts, mark);
    }
    return new Node.Scalar(typed(node.value()), mark);
  }

  private static @Nullable Object typed(@Nullable Object value) {
    String text = value instanceof String word ? word : null;
    if (text == null) {
      return value;
    }
    if (NUMBER.matcher(text).matches()) {
      return new BigDecimal(text);
    }
    return switch (text) {
      case "true", "True" -> true;
      case "false", "False" -> false;
      case "None", "none" -> null;
      default -> text.startsWith("$") ? "<" + text + ">" : text;
    };
  }

  /** What conditions may ask of them: all that a command gave or that has a plain default. */
  Map<String, Known> known() {
    Map<String, Known> known = new LinkedHashMap<>();
    if (givesItself) {
      return known;
    }
    Set<String> options = new LinkedHashSet<>();
    if (!given.isEmpty() || !changesUnseen) {
      options.addAll(asked);
    }
    if (parsesFields && !changesUnseen) {
      options.addAll(fields);
    }
    for (String name : options) {
      Node node = constants.get(Expression.FIELD + name);
      boolean plain =
          node instanceof Node.Scalar scalar
              && !Pieces.isOutside(scalar)
              && !(scalar.value() instanceof Choice);
      if (node != null && plain && !changed.contains(name)) {
        known.put(name, new Known(node.value()));
      }
    }
    return known;
  }
}
