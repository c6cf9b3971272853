package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Configurations that a program writes from what it holds: {@code json.dump(args, open("a.json",
 * "w"))}, {@code yaml.dump(args, f)} and {@code f.write(text)} of a file that it opens.
 */
public final class NotebookFiles {

  private static final String PATH = "[\"']([\\w./-]{1,200}\\.(?:ya?ml|json))[\"']";

  private static final Pattern AT_ONCE =
      Pattern.compile(
          "(?:json|yaml)\\s*\\.\\s*(?:safe_)?dump\\(\\s*(\\w{1,60})\\s*,\\s*open\\(\\s*" + PATH);

  private static final Pattern OPENED =
      Pattern.compile(
          "open\\(\\s*"
              + PATH
              + "\\s*,\\s*(?:mode\\s*=\\s*)?[\"']w[^)\\n]{0,60}\\)\\s*as\\s+\\w{1,60}\\s*:\\s*"
              + "(?:(?:json|yaml)\\s*\\.\\s*(?:safe_)?dump\\(\\s*|\\w{1,60}\\.write\\(\\s*"
              + "(?:(?:json|yaml)\\s*\\.\\s*(?:safe_)?dumps?\\(\\s*)?)(\\w{1,60})\\s*[,)]");

  /** Cells of which all in front are read for what they write. */
  private static final int MOST_CELLS = 10;

  private NotebookFiles() {}

  /**
   * By their paths, what cells write, each from what names stand for when it runs.
   *
   * @param cells lines of each that is Python
   * @param constants of a program, by their names
   */
  public static Map<String, String> of(
      List<List<Node.Scalar>> cells, Function<List<Node.Scalar>, Map<String, Node>> constants) {
    Map<String, String> files = new LinkedHashMap<>();
    List<Node.Scalar> before = new ArrayList<>();
    int read = 0;
    for (List<Node.Scalar> cell : cells) {
      before.addAll(cell);
      String code =
          cell.stream().map(line -> String.valueOf(line.value())).collect(Collectors.joining("\n"));
      Map<String, String> named = names(code);
      if (!named.isEmpty() && read++ < MOST_CELLS) {
        Map<String, Node> known = constants.apply(List.copyOf(before));
        named.forEach(
            (path, name) -> content(known.get(name)).ifPresent(text -> files.put(path, text)));
      }
    }
    return files;
  }

  /** By the paths of files the names of what is written into them. */
  private static Map<String, String> names(String code) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Matcher found = AT_ONCE.matcher(code); found.find(); ) {
      names.put(found.group(2), found.group(1));
    }
    for (Matcher found = OPENED.matcher(code); found.find(); ) {
      names.put(found.group(1), found.group(2));
    }
    return names;
  }

  private static Optional<String> content(@Nullable Node node) {
    if (node instanceof Node.Fields) {
      return Optional.of(json(node));
    }
    return Optional.ofNullable(node)
        .map(Node::value)
        .filter(text -> text instanceof String && text.toString().contains(":"))
        .map(Object::toString)
        .filter(text -> !text.startsWith("<"));
  }

  private static String json(Node node) {
    if (node instanceof Node.Fields fields) {
      return fields.fields().entrySet().stream()
          .map(each -> quoted(each.getKey()) + ": " + json(each.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (node instanceof Node.Items items) {
      return items.items().stream()
          .map(NotebookFiles::json)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    Object value = node.value();
    return value == null || value instanceof Boolean || value instanceof Number
        ? String.valueOf(value)
        : quoted(value.toString());
  }

  private static String quoted(String text) {
    String plain = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return '"' + plain.replaceAll("\\p{Cntrl}", " ") + '"';
  }
}
