package dev.vramcast.formats.python;

import dev.vramcast.formats.python.KnownNames.Known;
import dev.vramcast.formats.python.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Options of a program and fields of its classes that nothing in it gives another value. */
final class Fields {

  /** Calls whose arguments have names of their own, not those of a program's fields. */
  private static final Pattern OWN =
      Pattern.compile(
          "from_pretrained|from_config|\\w*(?:TrainingArguments|Trainer|TrainerCallback)"
              + "|(?:BitsAndBytes|Lora|SFT|DPO|GRPO|ORPO|KTO|Reward|GKD)Config|get_peft_model"
              + "|prepare_model_for_kbit_training|load_dataset|print|add_argument|field|Field");

  /** Calls in calls of which a piece is read as part of each. */
  private static final int MOST_TIMES = 8;

  /** Calls that may give any field a value. */
  private static final Set<String> ANY =
      Set.of(
          "setattr",
          "set_defaults",
          "parse_json_file",
          "parse_yaml_file",
          "parse_dict",
          "from_dict",
          "from_json",
          "from_yaml",
          "__setattr__",
          "replace",
          "vars");

  private static final Set<String> PARSE =
      Set.of(
          "parse_args", "parse_known_args", "parse_args_into_dataclasses", "parse_args_and_config");

  private final Statements statements;
  private final List<Token> tokens;
  private final KnownNames known;

  /** By the name what each definition of it gives. */
  private final Map<String, List<Optional<Known>>> values = new HashMap<>();

  private final Set<String> changed = new HashSet<>();
  private boolean any;
  private long read;

  Fields(Statements statements, KnownNames known) {
    this.statements = statements;
    this.tokens = statements.tokens();
    this.known = known;
  }

  /** Those with one definition, which nothing changes. */
  Map<String, Known> known() {
    Map<String, Known> one = new HashMap<>();
    values.forEach(
        (name, given) -> {
          if (!any && given.size() == 1 && !changed.contains(name)) {
            given.get(0).ifPresent(value -> one.put(name, value));
          }
        });
    return one;
  }

  void change(String name) {
    changed.add(name);
  }

  /** What a class gives a field; nothing where that is not known. */
  void field(String name, List<Token> given, int at) {
    boolean described =
        given.size() > 2 && given.get(0).text().matches("(?i)field") && given.get(1).is("(");
    List<Token> value =
        described
            ? keywords(given.subList(2, given.size() - 1)).getOrDefault("default", List.of())
            : given;
    put(name, value, at);
  }

  private void put(String name, List<Token> value, int at) {
    values
        .computeIfAbsent(name, key -> new ArrayList<>())
        .add(value.isEmpty() ? Optional.empty() : known.value(value, at));
  }

  /** Looks at the calls of a statement, which may not run where it is open. */
  void calls(int at, int end, boolean open) {
    boolean defines = statements.function(at).isPresent() || tokens.get(at).text().equals("class");
    for (int i = at; i + 1 < end && !defines; i++) {
      any |= tokens.get(i).text().equals("__dict__");
      if (tokens.get(i).kind() == Kind.NAME && tokens.get(i + 1).is("(")) {
        int close = close(i + 1, end);
        read += close - i;
        any |= read > (long) MOST_TIMES * tokens.size();
        if (any) {
          return;
        }
        call(tokens.get(i).text(), tokens.subList(i + 2, close), i, open);
      }
    }
  }

  private int close(int from, int end) {
    int depth = 0;
    for (int i = from; i < end; i++) {
      depth += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return end;
  }

  private void call(String name, List<Token> inner, int at, boolean open) {
    boolean given =
        PARSE.contains(name)
            && !inner.isEmpty()
            && !inner.get(0).text().equals("return_remaining_strings");
    boolean updates = name.equals("update") && isOfArguments(at);
    any |= ANY.contains(name) || given || updates;
    if (name.equals("add_argument")) {
      option(inner, at, open);
    }
    if (!OWN.matcher(name).matches()) {
      changed.addAll(keywords(inner).keySet());
      any |= Character.isUpperCase(name.charAt(0)) && isSpread(inner);
    }
  }

  private boolean isOfArguments(int at) {
    return at > 1
        && tokens.get(at - 2).text().matches("(?i)args?|arguments|config|cfg|opts?|params");
  }

  /** {@code Settings(**given)}. */
  private static boolean isSpread(List<Token> inner) {
    return Expression.parts(inner).stream().anyMatch(part -> part.get(0).is("**"));
  }

  private static Map<String, List<Token>> keywords(List<Token> inner) {
    Map<String, List<Token>> keywords = new LinkedHashMap<>();
    for (List<Token> part : Expression.parts(inner)) {
      if (part.size() > 2 && part.get(0).kind() == Kind.NAME && part.get(1).is("=")) {
        keywords.put(part.get(0).text(), part.subList(2, part.size()));
      }
    }
    return keywords;
  }

  /** What {@code parser.add_argument("-r", "--rank", default=8)} says. */
  private void option(List<Token> inner, int at, boolean open) {
    Map<String, List<Token>> keywords = keywords(inner);
    Optional<String> dest = Optional.ofNullable(keywords.get("dest")).map(d -> d.get(0).text());
    Expression.parts(inner).stream()
        .filter(part -> part.size() == 1 && part.get(0).kind() == Kind.STRING)
        .map(part -> part.get(0).text())
        .filter(text -> text.startsWith("--"))
        .findFirst()
        .map(text -> dest.orElse(text.substring(2).replace('-', '_')))
        .ifPresent(name -> put(name, open ? List.of() : given(keywords), at));
  }

  private static List<Token> given(Map<String, List<Token>> keywords) {
    List<Token> value = keywords.get("default");
    // What a type makes of a text is not known.
    boolean made =
        value != null && value.get(0).kind() == Kind.STRING && keywords.containsKey("type");
    boolean text = made && keywords.getOrDefault("type", List.of()).get(0).text().equals("str");
    if (made && !text || keywords.containsKey("required")) {
      return List.of();
    }
    if (value != null) {
      return value;
    }
    List<Token> action = keywords.getOrDefault("action", List.of());
    String word = action.isEmpty() ? "" : action.get(action.size() - 1).text();
    return switch (word) {
      case "store_true" -> word("False");
      case "store_false" -> word("True");
      case "", "store", "BooleanOptionalAction" -> word("None");
      default -> List.of();
    };
  }

  private static List<Token> word(String text) {
    return List.of(new Token(Kind.NAME, text, 0, 0));
  }
}
