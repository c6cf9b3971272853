package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The dtype that a program gives a model which it has loaded, whatever it was told as it did:
 * {@code from_pretrained(..).half()}, {@code model = model.bfloat16()}, {@code
 * model.to(torch.float16)}.
 */
public final class CastModel {

  /** Among the arguments of a call that loads a model: the model's own code quantises it then. */
  public static final String QUANTISES = "quantize";

  /** {@code model.quantize(4)} (THUDM/chatglm3-6b, modeling_chatglm.py). */
  private static final String QUANTISER = QUANTISES;

  private static final int MOST_LINES = 60;
  private static final int LONGEST = 10_000;

  /** One call of a chain, with brackets in its arguments at most. */
  private static final Pattern LINK =
      Pattern.compile("[\\s\\\\]{0,200}\\.(\\w{1,40})\\(((?:[^()]|\\([^()]{0,80}\\)){0,200}+)\\)");

  /** What gives back the model that it is called on. */
  private static final Set<String> ITSELF =
      Set.of("to", "cuda", "cpu", "half", "bfloat16", "float", "train", "eval", "requires_grad_");

  private static final Set<String> CASTS = Set.of("half", "bfloat16", "float");

  private static final Pattern DTYPE =
      Pattern.compile("\\btorch\\.(float16|half|bfloat16|float32|float)\\b");

  private static final Pattern OPAQUE =
      Pattern.compile("#[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'");

  /** What bitsandbytes has quantised is refused another dtype, and keeps its own. */
  private static final List<String> QUANTISED =
      List.of("quantization_config", "load_in_4bit", "load_in_8bit", "**");

  private final List<Node.Scalar> lines;
  private final Map<Integer, Integer> places = new HashMap<>();
  private final NavigableSet<Integer> trainers = new TreeSet<>();
  private final List<Call> takers;
  private final List<Call> quantisers;

  /**
   * A program.
   *
   * @param lines of its source
   * @param calls in it, of which trainers take the model as it is then
   */
  public CastModel(List<Node.Scalar> lines, List<Call> calls) {
    this.lines = lines;
    for (int i = 0; i < lines.size(); i++) {
      places.putIfAbsent(lines.get(i).line(), i);
    }
    takers = calls.stream().filter(call -> call.name().endsWith("Trainer")).toList();
    takers.forEach(call -> trainers.add(call.line()));
    quantisers = calls.stream().filter(call -> call.name().endsWith("." + QUANTISER)).toList();
  }

  /**
   * The arguments of a call that loads a model, with the dtype that it is given afterwards, and
   * {@link #QUANTISES} where it quantises itself.
   */
  public Map<String, Node> arguments(Call load) {
    Integer at = places.get(load.line());
    Map<String, Node> own = cast(load, at);
    boolean chained = at != null && chain(at).stream().anyMatch(CastModel::quantises);
    Optional<Mark> quantiser =
        chained
            ? Optional.of(load.mark())
            : quantisers.stream().filter(c -> isOf(c, load)).map(Call::mark).findFirst();
    if (quantiser.isEmpty()) {
      return own;
    }
    Map<String, Node> arguments = new LinkedHashMap<>(own);
    arguments.put(QUANTISES, new Node.Scalar(QUANTISER, quantiser.get()));
    return arguments;
  }

  /** Whether a call is one on the name of a model that is loaded, or that a trainer is handed. */
  private boolean isOf(Call quantiser, Call load) {
    String name = quantiser.name().substring(0, quantiser.name().length() - QUANTISER.length() - 1);
    Integer trainer = trainers.higher(load.line());
    boolean before = trainer == null || quantiser.line() < trainer;
    boolean loaded = name.equals(load.assigned()) && sees(quantiser, load.function(), name);
    return loaded && before && quantiser.line() > load.line()
        || takers.stream()
            .filter(taker -> taker.line() > quantiser.line() && taker.model().equals(name))
            .anyMatch(taker -> sees(quantiser, taker.function(), name));
  }

  private static boolean sees(Call quantiser, String function, String name) {
    return quantiser.function().equals(function) || name.startsWith("self.");
  }

  private Map<String, Node> cast(Call load, @Nullable Integer at) {
    Optional<Node> dtype =
        at == null || isQuantised(load) ? Optional.empty() : later(load, at).or(() -> chained(at));
    if (dtype.isEmpty()) {
      return load.arguments();
    }
    Map<String, Node> arguments = new LinkedHashMap<>(load.arguments());
    String key = arguments.containsKey("torch_dtype") ? "torch_dtype" : "dtype";
    arguments.put(key, dtype.get());
    return arguments;
  }

  private static boolean isQuantised(Call load) {
    return QUANTISED.stream()
        .map(load.arguments()::get)
        .filter(Objects::nonNull)
        .anyMatch(
            value ->
                !(value instanceof Node.Scalar scalar)
                    || scalar.value() != null && !Boolean.FALSE.equals(scalar.value()));
  }

  /** What is called on the value before it is given a name. */
  private Optional<Node> chained(int first) {
    return chain(first).flatMap(text -> cast(text, 0, lines.get(first).mark()));
  }

  /** The text behind the brackets of the call that loads. */
  private Optional<String> chain(int first) {
    String text = statement(first);
    int open = text.indexOf('(', text.indexOf("from_pretrained"));
    int depth = 0;
    for (int i = Math.max(0, open); i < text.length(); i++) {
      depth += "([{".indexOf(text.charAt(i)) >= 0 ? 1 : 0;
      depth -= ")]}".indexOf(text.charAt(i)) >= 0 ? 1 : 0;
      if (depth == 0) {
        return Optional.of(text.substring(i + 1));
      }
    }
    return Optional.empty();
  }

  private static boolean quantises(String chain) {
    Matcher link = LINK.matcher(chain);
    while (link.lookingAt()) {
      if (link.group(1).equals(QUANTISER)) {
        return true;
      }
      link.region(link.end(), chain.length());
    }
    return false;
  }

  /** What statements of the same block call on its name, before a trainer takes it: the last. */
  private Optional<Node> later(Call load, int first) {
    Optional<Node> cast = Optional.empty();
    if (load.assigned().isEmpty()) {
      return cast;
    }
    String name = Pattern.quote(load.assigned());
    Pattern itself = Pattern.compile("\\s*+(?:" + name + "\\s*+=\\s*+)?" + name + "(?=\\s*+\\.)");
    Pattern given = Pattern.compile("\\s*+" + name + "\\s*+=(?!=)");
    int indent = indent(row(first));
    Integer trainer = trainers.higher(load.line());
    for (int i = first + 1; i < lines.size(); i++) {
      String text = row(i);
      boolean goesOn = text.isBlank() || indent(text) >= indent;
      if (!goesOn || trainer != null && lines.get(i).line() >= trainer) {
        break;
      }
      Matcher own = itself.matcher(text);
      Matcher other = given.matcher(text);
      if (own.lookingAt()) {
        boolean always = indent(text) == indent;
        Optional<Node> before = cast;
        cast = always ? cast(text, own.end(), lines.get(i).mark()).or(() -> before) : before;
      } else if (other.lookingAt() && !isOf(load.assigned(), i, other.end())) {
        break;
      }
    }
    return cast;
  }

  /** {@code model = prepared(model)}, of which the brackets may go on in the next line. */
  private boolean isOf(String name, int at, int from) {
    String first = row(at).substring(from).strip();
    String value = first.endsWith("(") && at + 1 < lines.size() ? first + row(at + 1) : first;
    return Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "\\b").matcher(value).find();
  }

  private static int indent(String text) {
    return text.length() - text.stripLeading().length();
  }

  /** The dtype that the last of the calls from here on gives. */
  private static Optional<Node> cast(String text, int from, Mark mark) {
    Matcher link = LINK.matcher(text).region(from, text.length());
    Optional<Node> cast = Optional.empty();
    while (link.lookingAt() && ITSELF.contains(link.group(1))) {
      Matcher dtype = DTYPE.matcher(link.group(2));
      if (CASTS.contains(link.group(1))) {
        cast = Optional.of(named(link.group(1), mark));
      } else if (link.group(1).equals("to") && dtype.find()) {
        cast = Optional.of(named(dtype.group(1), mark));
      }
      link.region(link.end(), text.length());
    }
    return cast;
  }

  private static Node named(String name, Mark mark) {
    return new Node.Scalar(
        "torch."
            + switch (name) {
              case "half" -> "float16";
              case "float" -> "float32";
              default -> name;
            },
        mark);
  }

  private String statement(int first) {
    List<String> rows = new ArrayList<>();
    int length = 0;
    int end = Math.min(lines.size(), first + MOST_LINES);
    for (int i = first; i < end && length < LONGEST; i++) {
      rows.add(row(i));
      length += rows.get(rows.size() - 1).length();
    }
    return String.join("\n", rows);
  }

  /** A line without its comment and without what its texts say. */
  private String row(int at) {
    String row = String.valueOf(lines.get(at).value());
    return OPAQUE
        .matcher(row.substring(0, Math.min(row.length(), LONGEST)))
        .replaceAll(found -> found.group().startsWith("#") ? "" : "0");
  }
}
