package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a program makes its rows, {@code input_ids = input_ids[:MAX_LENGTH]}. */
public final class CutRows {

  /** What rows are made of. */
  public static final String ROWS = "input_ids";

  /** What models that make vectors have, and arguments too. */
  public static final String OF_MODEL = "max_seq_length";

  /** How programs call what cuts texts into tokens. */
  public static final String TOKENIZES = "tokenizer";

  private static final String LIMIT = "model_max_length";

  private static final Pattern CUTS =
      Pattern.compile(
          "^[^#]*\\binput_ids[\"'\\]]{0,2}\\s*[=:]\\s*[\\w\\[\\]\"'.]{1,60}"
              + "\\[\\s*:\\s*(\\w+(?:\\.\\w+)?)\\s*]");

  /** {@code model.max_seq_length = 512} of a model that makes vectors. */
  private static final Pattern MODEL =
      Pattern.compile("(?:self\\.)?\\w{0,99}model\\w{0,99}\\.max_seq_length");

  private CutRows() {}

  /**
   * How long they are, by {@link #ROWS} where a program slices them, {@link #OF_MODEL} where it
   * tells a model that makes vectors, and the class of tokenizers where it tells its own.
   *
   * @param lines of the program
   * @param constants by their names
   * @param loads what its tokenizer is loaded with; null for none
   */
  public static Map<String, Node> told(
      List<Node.Scalar> lines, Map<String, Node> constants, @Nullable Node loads) {
    Map<String, Node> told = new LinkedHashMap<>();
    lines.stream()
        .map(line -> String.valueOf(line.value()))
        .filter(line -> line.contains(ROWS))
        .map(CUTS::matcher)
        .filter(Matcher::find)
        .findFirst()
        .map(found -> constants.get(found.group(1)))
        .filter(CutRows::isNumber)
        .ifPresent(length -> told.put(ROWS, length));
    constants.entrySet().stream()
        .filter(constant -> MODEL.matcher(constant.getKey()).matches())
        .map(Map.Entry::getValue)
        .filter(CutRows::isNumber)
        .findFirst()
        .ifPresent(length -> told.put(OF_MODEL, length));
    Node limit = constants.get(TOKENIZES + '.' + LIMIT);
    if (limit != null) {
      Map<String, Node> loaded = new LinkedHashMap<>();
      if (loads instanceof Node.Fields before) {
        loaded.putAll(before.fields());
      }
      loaded.put(LIMIT, limit);
      told.put("AutoTokenizer", new Node.Fields(loaded, limit.mark()));
    }
    return told;
  }

  private static boolean isNumber(Node node) {
    return node.value() instanceof Number;
  }
}
