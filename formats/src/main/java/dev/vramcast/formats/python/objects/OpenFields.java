package dev.vramcast.formats.python.objects;

import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Fields that a program gives another value in a way that is not followed, {@code setattr(config,
 * name, 8)}, and those of classes whose objects it makes without their names being called, {@code
 * Config.model_validate(read)}: nothing is known of these.
 */
final class OpenFields {

  /** Objects of libraries, whose parts are no settings of a program. */
  private static final Pattern FOREIGN =
      Pattern.compile(
          "(?i)(?=\\w++\\z)\\w*?(?:model|module|layer|parent|child|tokenizer|processor|block|attn"
              + "|net|trainer|optimizer|logger|parser|engine)\\w*+");

  /** Tokens of an object that is still known for one of a library's. */
  private static final int LONGEST_OBJECT = 16;

  /** Methods of a class that make an object of it. */
  private static final Pattern MAKES =
      Pattern.compile(
          "(?:model_(?:validate|construct)|parse_(?!args)|from_|load|read|validate|structure"
              + "|construct)\\w*");

  private static final Set<String> CHANGES = Set.of("update", "setdefault", "pop", "clear");

  /** What reads settings of a file or a dictionary into objects of classes. */
  private static final Set<String> PARSES =
      Set.of("parse_dict", "parse_json_file", "parse_yaml_file");

  /** What has content of its own that is merged over that of classes. */
  private static final Set<String> LOADS = Set.of("load", "create", "from_dotlist");

  private final Statements statements;
  private final List<Token> tokens;
  private final int[] closing;
  private final Map<String, DeclaredClass> classes;
  private final Methods methods;

  /** The words of the program. */
  private final Set<String> words;

  /** Names that stand elsewhere than in front of a part of theirs. */
  private final Set<String> known = new HashSet<>();

  private final boolean reads;
  private final boolean merges;

  /** Classes that objects are made of, by their names. */
  private final Map<String, String> made = new HashMap<>();

  private final Set<String> open = new HashSet<>();

  /** Fields of whichever class. */
  private final Set<String> names = new HashSet<>();

  private boolean all;

  /** Behind what is handed over, of which all classes are open. */
  private int handedOver;

  OpenFields(Statements statements, int[] closing, Map<String, DeclaredClass> classes) {
    this.statements = statements;
    this.tokens = statements.tokens();
    this.closing = closing;
    this.classes = classes;
    this.methods = new Methods(statements, classes);
    this.words = statements.named();
    this.reads =
        PARSES.stream().anyMatch(words::contains)
            && words.stream().noneMatch(word -> word.startsWith("parse_args"));
    this.merges = words.contains("merge") && LOADS.stream().anyMatch(words::contains);
    if (classes.isEmpty()) {
      return;
    }
    for (int i = 0; i + 3 < tokens.size(); i++) {
      if (!tokens.get(i + 1).is(".") && !statements.isDotted(i)) {
        known.add(tokens.get(i).text());
      }
      if (statements.isStart(i) && tokens.get(i + 1).is("=")) {
        made(i);
      }
    }
    for (int i = 0; i + 4 < tokens.size(); i++) {
      if (tokens.get(i).kind() == Kind.NAME) {
        change(i);
        make(i);
      }
    }
    for (DeclaredClass declared : classes.values()) {
      if (declared.bases().stream().anyMatch(open::contains)) {
        open.add(declared.name());
      }
    }
  }

  /** Whether nothing is known of a field. */
  boolean has(String declared, String field) {
    return all || names.contains(field) || open.contains(declared);
  }

  /** {@code config = Config(8)}, {@code Make = Config}. */
  private void made(int at) {
    int end = at + 2;
    while (end + 2 < tokens.size() && tokens.get(end + 1).is(".")) {
      end += 2;
    }
    String name = tokens.get(end).text();
    if (tokens.get(end).kind() != Kind.NAME) {
      return;
    }
    if (tokens.get(end + 1).is("(") && Character.isUpperCase(name.charAt(0))) {
      made.put(tokens.get(at).text(), name);
    } else if (end == at + 2 && tokens.get(end + 1).kind() == Kind.END) {
      open(name);
    }
  }

  private void open(String name) {
    Deque<String> next = new ArrayDeque<>(List.of(name));
    while (!next.isEmpty()) {
      DeclaredClass declared = classes.get(next.pop());
      if (declared != null && open.add(declared.name())) {
        next.addAll(declared.bases());
      }
    }
  }

  private void change(int at) {
    Token name = tokens.get(at);
    boolean called = tokens.get(at + 1).is("(");
    if (called && Set.of("setattr", "__setattr__").contains(name.text())) {
      int comma = expressionEnd(at + 2);
      Token field = tokens.get(Math.min(comma + 1, tokens.size() - 1));
      boolean known = field.kind() == Kind.STRING && expressionEnd(comma + 1) == comma + 2;
      change(at + 2, comma, known ? field.text() : "");
    } else if (called && name.text().equals("vars") && isChanged(closing[at + 1] + 1)) {
      change(at + 2, closing[at + 1], "");
    } else if (name.text().equals("__dict__") && isChanged(at + 1)) {
      int start = at;
      while (start > 1 && at - start <= LONGEST_OBJECT && tokens.get(start - 1).is(".")) {
        start -= 2;
      }
      change(start, at - 1, "");
    } else if (statements.isStart(at)) {
      int end = at;
      while (end + 3 < tokens.size() && tokens.get(end + 1).is(".")) {
        end += 2;
      }
      boolean self = end == at + 2 && name.text().equals("self");
      if (end > at && !self && statements.isAssigned(at, end) && !isFollowed(at, end)) {
        change(at, end - 1, tokens.get(end).text());
      }
    }
  }

  /** What {@link ClassFields} and the options follow. */
  private boolean isFollowed(int at, int end) {
    String object = tokens.get(at).text();
    return end == at + 2
        && (!known.contains(object)
            || classes.containsKey(made.getOrDefault(object, ""))
            || Pieces.isArguments(tokens.get(at)) && !classes.containsKey(object));
  }

  /** {@code ["rank"] = 8}, {@code .update(rank=8)}. */
  private boolean isChanged(int at) {
    if (at + 2 >= tokens.size()) {
      return false;
    }
    boolean entry = tokens.get(at).is("[") && closing[at] + 1 < tokens.size();
    return entry
        ? tokens.get(closing[at] + 1).is("=")
        : tokens.get(at).is(".") && CHANGES.contains(tokens.get(at + 1).text());
  }

  /**
   * A field of an object is given a value.
   *
   * @param field its name; empty where that is not known
   */
  private void change(int start, int end, String field) {
    List<Token> object = tokens.subList(start, Math.max(start, Math.min(end, tokens.size())));
    boolean told = object.size() <= LONGEST_OBJECT;
    boolean foreign =
        told && object.stream().anyMatch(part -> FOREIGN.matcher(part.text()).matches());
    if (object.isEmpty() || foreign) {
      return;
    }
    String name = object.size() == 1 ? object.get(0).text() : "";
    String of = classes.containsKey(name) ? name : made.getOrDefault(name, "");
    if (name.equals("self")) {
      own(start, field);
    } else if (!of.isEmpty() && !classes.containsKey(of)) {
      return;
    } else if (!field.isEmpty()) {
      names.add(field);
    } else if (of.isEmpty()) {
      // What argparse makes is no object of a class.
      all |= !told || !Pieces.isArguments(object.get(0)) || !words.contains("add_argument");
    } else {
      open(of);
    }
  }

  /** A class changes an object of its own; not where {@code __init__} puts what it is given. */
  private void own(int at, String field) {
    Optional<DeclaredClass> declared = methods.around(at);
    if (declared.isPresent() && !field.isEmpty()) {
      names.add(field);
    } else if (declared.isPresent() && !methods.isMaker(declared.get(), at)) {
      open(declared.get().name());
    }
  }

  /** Objects of a class are made in another way than by its name. */
  private void make(int at) {
    String name = tokens.get(at).text();
    Token behind = tokens.get(at + 1);
    if (classes.containsKey(name) && behind.is(".") && tokens.get(at + 3).is("(")) {
      String method = tokens.get(at + 2).text();
      if (MAKES.matcher(method).matches() && !methods.declares(name, method)) {
        open(name);
      }
    }
    if (!behind.is("(")) {
      return;
    }
    boolean parser = name.endsWith("ArgumentParser") || name.equals("TrlParser");
    boolean handed = parser && reads || name.equals("structured") && merges;
    if (handed || name.equals("partial")) {
      int end = name.equals("partial") ? expressionEnd(at + 2) : closing[at + 1];
      handedOver(at + 2, Math.min(end, tokens.size()));
    } else if (Set.of("model_copy", "copy").contains(name) && statements.isDotted(at)) {
      copied(at + 2, closing[at + 1]);
    }
  }

  /** All classes among tokens are open; calls in a call are looked through once. */
  private void handedOver(int start, int end) {
    for (int i = Math.max(start, handedOver); i < end; i++) {
      open(tokens.get(i).text());
    }
    handedOver = Math.max(end, handedOver);
  }

  /** {@code config.model_copy(update={"rank": 8})}. */
  private void copied(int start, int end) {
    if (start + 2 >= end || !tokens.get(start).text().equals("update")) {
      return;
    }
    boolean plain = tokens.get(start + 2).is("{") && closing[start + 2] < tokens.size();
    int stop = plain ? closing[start + 2] : start;
    all |= !plain;
    for (int i = start + 3; i < stop; i = expressionEnd(i) + 1) {
      boolean key = tokens.get(i).kind() == Kind.STRING && tokens.get(i + 1).is(":");
      all |= !key;
      names.addAll(key ? Set.of(tokens.get(i).text()) : Set.of());
    }
  }

  private int expressionEnd(int start) {
    return Statements.expressionEnd(tokens, closing, start);
  }
}
