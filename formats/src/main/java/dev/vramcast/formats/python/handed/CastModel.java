package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.PythonCalls.Call;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The dtype that a program gives a model which it has loaded, whatever it was told as it did:
 * {@code from_pretrained(..).half()}, {@code model = model.bfloat16()}, {@code
 * model.to(torch.float16)}.
 */
public final class CastModel {

  private static final int MOST_LINES = 60;
  private static final int LONGEST = 10_000;

  private static final String CAST =
      "\\.(half|bfloat16|float)\\(\\s*\\)"
          + "|\\.to\\(\\s*(?:dtype\\s*=\\s*)?torch\\.(float16|half|bfloat16|float32|float)\\b";

  private static final Pattern CHAINED =
      Pattern.compile("^(?:\\s*\\.\\w+\\([\\w\\s.\"':=-]{0,80}\\))*?\\s*(?:" + CAST + ")");

  private static final Pattern OPAQUE =
      Pattern.compile("#[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'");

  /** What bitsandbytes has quantised is refused another dtype, and keeps its own. */
  private static final List<String> QUANTISED =
      List.of("quantization_config", "load_in_4bit", "load_in_8bit", "**");

  private final List<Node.Scalar> lines;

  private CastModel(List<Node.Scalar> lines) {
    this.lines = lines;
  }

  /**
   * The arguments of a call that loads a model, with the dtype that it is given afterwards.
   *
   * @param lines of source that the call stands in
   */
  public static Map<String, Node> arguments(Call load, List<Node.Scalar> lines) {
    Optional<Node> dtype =
        QUANTISED.stream().anyMatch(load.arguments()::containsKey)
            ? Optional.empty()
            : new CastModel(lines).dtype(load);
    if (dtype.isEmpty()) {
      return load.arguments();
    }
    Map<String, Node> arguments = new LinkedHashMap<>(load.arguments());
    String key = arguments.containsKey("torch_dtype") ? "torch_dtype" : "dtype";
    arguments.put(key, dtype.get());
    return arguments;
  }

  private Optional<Node> dtype(Call load) {
    int at = 0;
    while (at < lines.size() && lines.get(at).line() != load.line()) {
      at++;
    }
    return at == lines.size() ? Optional.empty() : chained(at).or(() -> later(load));
  }

  /** What is called on the value before it is given a name. */
  private Optional<Node> chained(int first) {
    String text = statement(first);
    int open = text.indexOf('(', text.indexOf("from_pretrained"));
    int depth = 0;
    for (int i = Math.max(0, open); i < text.length(); i++) {
      depth += "([{".indexOf(text.charAt(i)) >= 0 ? 1 : 0;
      depth -= ")]}".indexOf(text.charAt(i)) >= 0 ? 1 : 0;
      if (depth == 0) {
        return found(CHAINED.matcher(text.substring(i + 1)), lines.get(first).line());
      }
    }
    return Optional.empty();
  }

  /** What a statement of the same block calls on its name. */
  private Optional<Node> later(Call load) {
    if (load.assigned().isEmpty()) {
      return Optional.empty();
    }
    String name = Pattern.quote(load.assigned());
    Pattern cast =
        Pattern.compile("(\\s*)(?:" + name + "\\s*=\\s*)?" + name + "(?:" + CAST + ").*");
    String indent = "";
    boolean loaded = false;
    for (Node.Scalar line : lines) {
      String text = String.valueOf(line.value());
      if (line.line() == load.line()) {
        loaded = true;
        indent = text.substring(0, text.length() - text.stripLeading().length());
      }
      Matcher found = cast.matcher(text.substring(0, Math.min(text.length(), LONGEST)));
      if (loaded && found.matches() && found.group(1).equals(indent)) {
        return Optional.of(named(found.group(2), found.group(3), line.line()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Node> found(Matcher cast, int line) {
    return cast.find() ? Optional.of(named(cast.group(1), cast.group(2), line)) : Optional.empty();
  }

  private static Node named(String method, String dtype, int line) {
    String name = method == null ? dtype : method;
    return new Node.Scalar(
        "torch."
            + switch (name) {
              case "half" -> "float16";
              case "float" -> "float32";
              default -> name;
            },
        Mark.of(line));
  }

  private String statement(int first) {
    List<String> rows = new ArrayList<>();
    int length = 0;
    int end = Math.min(lines.size(), first + MOST_LINES);
    for (int i = first; i < end && length < LONGEST; i++) {
      String row = String.valueOf(lines.get(i).value());
      rows.add(OPAQUE.matcher(row.substring(0, Math.min(row.length(), LONGEST))).replaceAll("0"));
      length += row.length();
    }
    return String.join("\n", rows);
  }
}
