package dev.vramcast.formats.python.module;

import dev.vramcast.formats.python.module.ModuleParts.Part;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Configurations that the Python of a notebook writes from what it holds: {@code json.dump(args,
 * open("a.json", "w"))}, {@code yaml.dump(args, f)} and {@code f.write(text)} of a file that it
 * opens for that alone. What else writes to a path leaves it unknown.
 */
final class NotebookFiles {

  private static final String NAME = "(?<%s>[A-Za-z_]\\w{0,60})";

  private static final String OPENED =
      "open\\(\\s*[\"'](?<path>[\\w./-]{1,200})[\"']\\s*,\\s*(?:mode\\s*=\\s*)?[\"']wt?[\"']"
          + "(?:\\s*,\\s*encoding\\s*=\\s*[\"'][\\w-]{1,20}[\"'])?\\s*\\)";

  private static final String HOW = "(?:\\s*,\\s*\\w{1,30}\\s*=\\s*\\w{1,30})*+\\s*\\)";

  private static final Pattern AT_ONCE =
      Pattern.compile(
          "(?:json|yaml)\\.(?:safe_)?dump\\(\\s*"
              + NAME.formatted("name")
              + "\\s*,\\s*"
              + OPENED
              + HOW);

  private static final Pattern DUMPS =
      Pattern.compile(
          ("with\\s+" + OPENED + "\\s*as\\s+" + NAME.formatted("file") + "\\s*:\\s*")
              + ("(?:(?:json|yaml)\\.(?:safe_)?dump\\(\\s*" + NAME.formatted("name"))
              + ("\\s*,\\s*\\k<file>" + HOW)
              + "|\\k<file>\\.write\\(\\s*(?:json|yaml)\\.(?:safe_)?dumps?\\(\\s*"
              + (NAME.formatted("other") + HOW + "\\s*\\))"));

  private static final Pattern WRITES =
      Pattern.compile(
          ("with\\s+" + OPENED + "\\s*as\\s+" + NAME.formatted("file") + "\\s*:\\s*")
              + ("\\k<file>\\.write\\(\\s*" + NAME.formatted("name") + "\\s*\\)"));

  /** What may put something into a file. */
  private static final Pattern CHANGES =
      Pattern.compile(
          "[\"'][rbt]*[wax][bt+]*[\"']|[\"']r[bt]*\\+|\\b(?:\\w*dump|write\\w*|save\\w*|to_\\w+"
              + "|copy\\w*|move|rename|replace|unlink|remove|system|run|call)\\(");

  private static final Pattern PATH =
      Pattern.compile("[\"']([\\w./-]{1,200}\\.(?:ya?ml|json|toml|py))[\"']");

  /** What a shell takes for one word, whatever stands around it. */
  private static final Pattern WORD = Pattern.compile("[\\w./:@+-]{1,200}");

  /** Longer statements are none of these. */
  private static final int LONGEST = 2_000;

  /** Writes for which all in front is read for what names stand for. */
  private static final int MOST = 10;

  /** Names in commands that are looked up. */
  private static final int MOST_NAMES = 200;

  private final Function<List<Node.Scalar>, Map<String, Node>> constants;
  private final NotebookWrites writes;
  private final List<Node.Scalar> lines = new ArrayList<>();
  private final List<Part> before = new ArrayList<>();
  private final Set<String> mentioned = new HashSet<>();
  private int read;

  /** What names stand for, as of so many lines. */
  private Map<String, Node> known = Map.of();

  private int knownAt;

  /** Names that were asked for since then, with what they stand for. */
  private final Map<String, Optional<String>> words = new HashMap<>();

  private int asked;

  NotebookFiles(Function<List<Node.Scalar>, Map<String, Node>> constants, NotebookWrites writes) {
    this.constants = constants;
    this.writes = writes;
  }

  /**
   * Takes the next cell.
   *
   * @param rows of it
   * @param first its first line in the script
   */
  void read(List<Node.Scalar> rows, int first) {
    int line = first;
    for (Part part : ModuleParts.of(rows)) {
      // A statement that is not whole until its last line writes there.
      part(part, line);
      line += part.lines().size();
    }
  }

  /**
   * What the cells so far give a name once, where that is a word or a number; empty for others, and
   * for names beyond a bound.
   */
  Optional<String> word(String name) {
    if (knownAt < lines.size()) {
      known = read < MOST ? constants.apply(List.copyOf(lines)) : Map.of();
      knownAt = lines.size();
      read++;
      words.clear();
    }
    if (asked >= MOST_NAMES && !words.containsKey(name)) {
      return Optional.empty();
    }
    return words.computeIfAbsent(
        name,
        key -> {
          asked++;
          return Optional.ofNullable(known.get(key))
              .filter(Node.Scalar.class::isInstance)
              .map(node -> String.valueOf(node.value()))
              .filter(text -> WORD.matcher(text).matches())
              .filter(text -> new SettledName(before).isOne(key));
        });
  }

  private void part(Part part, int line) {
    String text = plain(part);
    Matcher dumps = DUMPS.matcher(text);
    Matcher once = AT_ONCE.matcher(text);
    Matcher writes = WRITES.matcher(text);
    Mark mark = part.lines().get(0).mark();
    if (text.length() > LONGEST) {
      other(text, line, mark);
    } else if (once.matches()) {
      write(line, once.group("path"), once.group("name"), true, mark);
    } else if (dumps.matches()) {
      String name = dumps.group("name") == null ? dumps.group("other") : dumps.group("name");
      write(line, dumps.group("path"), name, true, mark);
    } else if (writes.matches()) {
      write(line, writes.group("path"), writes.group("name"), false, mark);
    } else {
      other(text, line, mark);
      before.add(part);
    }
    lines.addAll(part.lines());
  }

  private void write(int line, String path, String name, boolean dumps, Mark mark) {
    boolean known = read < MOST && new SettledName(before).isOne(name);
    Optional<String> text =
        known ? content(constants.apply(List.copyOf(lines)).get(name), dumps) : Optional.empty();
    read += known ? 1 : 0;
    text.ifPresentOrElse(
        made -> writes.made(line, path, made, mark), () -> writes.unknown(line, path, mark));
  }

  private void other(String text, int line, Mark mark) {
    Set<String> paths = new HashSet<>();
    for (Matcher path = PATH.matcher(text); path.find(); ) {
      paths.add(path.group(1));
    }
    mentioned.addAll(paths);
    if (CHANGES.matcher(text).find()) {
      (paths.isEmpty() ? mentioned : paths).forEach(path -> writes.unknown(line, path, mark));
    }
  }

  /** A statement without comments. */
  private static String plain(Part part) {
    String text = ModuleLines.text(part.lines());
    StringBuilder plain = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int feed = text.indexOf('\n', i);
      int end =
          c == '#'
              ? feed < 0 ? text.length() : feed
              : c == '"' || c == '\'' ? ModuleParts.end(text, i) : i + 1;
      plain.append(c == '#' ? "" : text.substring(i, end));
      i = end;
    }
    return plain.toString().strip();
  }

  private static Optional<String> content(@Nullable Node node, boolean dumps) {
    if (dumps) {
      return node instanceof Node.Fields && isKnown(node)
          ? Optional.of(json(node))
          : Optional.empty();
    }
    return Optional.ofNullable(node)
        .map(Node::value)
        .filter(text -> text instanceof String && text.toString().contains(":"))
        .map(Object::toString)
        .filter(text -> !text.startsWith("<"));
  }

  private static boolean isKnown(Node node) {
    if (node instanceof Node.Fields fields) {
      return fields.fields().values().stream().allMatch(NotebookFiles::isKnown);
    }
    if (node instanceof Node.Items items) {
      return items.items().stream().allMatch(NotebookFiles::isKnown);
    }
    return !String.valueOf(node.value()).startsWith("<");
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
