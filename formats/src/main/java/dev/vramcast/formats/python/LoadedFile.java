package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.python.handed.ReturnedDictionaries;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.formats.python.objects.HandedSections;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that a program loads from a file which is known, and what it looks up there.
 */
final class LoadedFile {

  /** {@code yaml.safe_load}, {@code OmegaConf.load} and programs' own functions around them. */
  private static final Pattern LOADS =
      Pattern.compile(
          "(?:yaml|json|toml|tomli|tomllib|OmegaConf)\\.(?:safe_|full_|unsafe_)?loads?"
              + "|(?i)(?:\\w+\\.)*+(?!\\w*(?:peft|lora|bnb|quant|deepspeed|ds_|model|token))"
              + "_?(?:(?:load|read|parse)_?\\w*(?:config|cfg|yaml|yml|conf|settings)\\w*"
              + "|get_(?:config|cfg)|from_(?:yaml|json|toml|file|path|config)\\w*)");

  /** Programs' own functions that put what the file says over what else there is. */
  private static final Pattern MERGES =
      Pattern.compile(
          "(?i)(?!\\w*(?:peft|lora|bnb|quant|deepspeed|ds_|model|train|token))"
              + "(?:\\w+_)?(?:config|cfg|settings)");

  /** Functions that put options over what the file says, which changes nothing without any. */
  private static final Pattern OVERRIDES =
      Pattern.compile(
          "(?i)_?(?:apply|merge|override|update)_?\\w*(?:args|options|overrides?|cli)\\w*");

  private final Map<String, Node> constants;

  /** How often a part of the file may be handed on. */
  private static final int MOST_STEPS = 4;

  /** Names that are given something of the file. */
  private final Set<String> names = new HashSet<>();

  /** Parts of the file by the parameters of functions that are handed them. */
  private final Map<String, Node> sections = new HashMap<>();

  private int steps;

  LoadedFile(Map<String, Node> constants) {
    this.constants = constants;
  }

  /** A name gets the value of an expression. */
  void assigned(String name, List<Token> value) {
    if (constants.containsKey(Told.FILE) && mentions(value)) {
      names.add(name);
    } else {
      names.remove(name);
    }
  }

  /** Whether a name is given all of the file, as functions are handed it under one name. */
  boolean is(Map.Entry<String, Node> constant) {
    Node whole = constants.get(Told.FILE);
    return whole != null && names.contains(constant.getKey()) && constant.getValue() == whole;
  }

  /** Takes the names that stand for it, or for parts of it, by an earlier reading. */
  void handed(LoadedFile before) {
    before.constants.entrySet().stream()
        .filter(before::is)
        .forEach(constant -> names.add(constant.getKey()));
    sections.putAll(before.sections);
    constants.putAll(sections);
    names.addAll(sections.keySet());
    steps = before.steps + 1;
  }

  /**
   * Whether functions are handed parts of the file under names that were not known until now.
   *
   * @param calls of the program
   */
  boolean hands(List<Call> calls, ReturnedDictionaries functions) {
    Node file = constants.get(Told.FILE);
    if (file == null || steps >= MOST_STEPS) {
      return false;
    }
    Map<String, Node> found = HandedSections.in(file, calls, functions.functions());
    found.keySet().removeAll(sections.keySet());
    found
        .entrySet()
        .removeIf(
            part -> constants.getOrDefault(part.getKey(), part.getValue()) != part.getValue());
    sections.putAll(found);
    return !found.isEmpty();
  }

  private boolean mentions(List<Token> tokens) {
    return tokens.stream()
            .anyMatch(token -> token.kind() == Kind.NAME && names.contains(token.text()))
        || LOADS.matcher(called(tokens)).matches()
        || MERGES.matcher(called(tokens)).matches()
        || constants.containsKey(Told.ALONE) && OVERRIDES.matcher(called(tokens)).matches();
  }

  /** {@code merged_config(args)}. */
  private static boolean merges(String name, List<List<Token>> given) {
    return MERGES.matcher(name).matches()
        && !given.isEmpty()
        && Pieces.isArguments(given.get(0).get(0));
  }

  /** What is called first, {@code yaml.safe_load}. */
  private static String called(List<Token> tokens) {
    StringBuilder name = new StringBuilder();
    for (Token token : tokens) {
      if (token.kind() != Kind.NAME && !token.is(".")) {
        break;
      }
      name.append(token.text());
    }
    return name.toString();
  }

  /** Whether a condition holds by the file alone; empty where it asks for anything else. */
  Optional<Boolean> holds(List<Token> condition) {
    if (condition.isEmpty()
        || condition.stream()
            .noneMatch(token -> token.kind() == Kind.NAME && names.contains(token.text()))) {
      return Optional.empty();
    }
    Map<String, Node> known = new HashMap<>();
    names.forEach(name -> known.put(name, constants.get(name)));
    known.values().removeIf(value -> value == null);
    Node node = Expression.node(condition, 0, condition.size(), known);
    return node.value() instanceof Choice ? Optional.empty() : Logic.truth(node);
  }

  /**
   * The file's content where a call loads it, or puts it into an object; empty for any other call.
   *
   * @param value of an expression
   */
  static Optional<Node> of(
      String name,
      List<List<Token>> given,
      Map<String, Node> constants,
      Function<List<Token>, Node> value) {
    Node file = constants.get(Told.FILE);
    if (file == null) {
      return Optional.empty();
    }
    boolean loads = LOADS.matcher(name).matches() || merges(name, given);
    boolean wraps =
        given.size() == 1
            && !name.endsWith(".get")
            && isFile(value.apply(plain(given.get(0))), file);
    boolean over =
        given.size() > 1
            && constants.containsKey(Told.ALONE)
            && OVERRIDES.matcher(name).matches()
            && isFile(value.apply(given.get(0)), file);
    return loads || wraps || over ? Optional.of(file) : Optional.empty();
  }

  private static boolean isFile(@Nullable Node node, Node file) {
    return node == file;
  }

  /** {@code **load(path)} without the stars. */
  private static List<Token> plain(List<Token> argument) {
    return argument.size() > 1 && argument.get(0).is("**")
        ? argument.subList(1, argument.size())
        : argument;
  }

  /** {@code cfg.lora.rank} of a configuration that is known. */
  static Optional<Node> dotted(List<Token> tokens, Map<String, Node> constants) {
    List<Token> path =
        tokens.size() > 2 && tokens.get(0).text().equals("self") && tokens.get(1).is(".")
            ? tokens.subList(2, tokens.size())
            : tokens;
    if (!constants.containsKey(Told.FILE) || path.get(0).kind() != Kind.NAME) {
      return Optional.empty();
    }
    Node node = constants.get(path.get(0).text());
    for (int i = 1; i < path.size(); i += 2) {
      boolean name = path.get(i).is(".") && i + 1 < path.size();
      if (!name || path.get(i + 1).kind() != Kind.NAME || !(node instanceof Node.Fields fields)) {
        return Optional.empty();
      }
      node = fields.fields().get(path.get(i + 1).text());
    }
    return Optional.ofNullable(node);
  }
}
