package dev.vramcast.formats.training.loop;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lines of a program without comments and without what texts say, and the blocks they make. Of
 * texts those stay that a loop is told by: the part of an answer, and devices that are no GPU.
 */
final class LoopText {

  private static final int LONGEST = 10_000;

  /** Rows that the head of a block may go on over. */
  private static final int LONGEST_HEAD = 20;

  private static final Pattern OPAQUE =
      Pattern.compile("#[^\\n]*|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)*+'");

  /** Texts that are kept, in single quotes. */
  private static final Pattern KEPT = Pattern.compile("[\"'](loss|cpu|mps|xpu|hpu|npu)[\"']");

  private static final Pattern QUOTES = Pattern.compile("\"\"\"|'''");

  private static final Pattern HEAD =
      Pattern.compile(
          "\\s*+(?:async\\s++)?(for|while|if|elif|else|with|try|except|finally|def|class|match"
              + "|case)\\b.*");

  private final List<Node.Scalar> lines;
  private final List<String> rows = new ArrayList<>();

  LoopText(List<Node.Scalar> lines) {
    this.lines = lines;
    Optional<String> quoted = Optional.empty();
    for (Node.Scalar line : lines) {
      String text = String.valueOf(line.value());
      text = text.substring(0, Math.min(text.length(), LONGEST));
      StringBuilder kept = new StringBuilder();
      Matcher quotes = QUOTES.matcher(text);
      int from = 0;
      while (quotes.find()) {
        if (quoted.isEmpty()) {
          kept.append(text, from, quotes.start()).append("''");
          quoted = Optional.of(quotes.group());
        } else if (quoted.get().equals(quotes.group())) {
          quoted = Optional.empty();
        } else {
          continue;
        }
        from = quotes.end();
      }
      kept.append(quoted.isEmpty() ? text.substring(from) : "");
      rows.add(OPAQUE.matcher(kept).replaceAll(found -> said(found.group())));
    }
  }

  private static String said(String opaque) {
    Matcher kept = KEPT.matcher(opaque);
    return opaque.startsWith("#") ? "" : kept.matches() ? "'" + kept.group(1) + "'" : "''";
  }

  String row(int at) {
    return rows.get(at);
  }

  Mark mark(int at) {
    String row = rows.get(at);
    return lines.get(at).mark().further(row.length() - row.stripLeading().length());
  }

  /** Rows with something, in order. */
  List<Integer> with(Pattern what) {
    return with(what, 0, rows.size());
  }

  /** Rows from one on and before another with something, in order. */
  List<Integer> with(Pattern what, int from, int end) {
    return IntStream.range(from, end)
        .filter(i -> what.matcher(rows.get(i)).find())
        .boxed()
        .toList();
  }

  String text(int from, int end) {
    return rows.subList(from, end).stream().collect(Collectors.joining("\n"));
  }

  String all() {
    return text(0, rows.size());
  }

  /** The heads of the blocks around a row within its function, the innermost first. */
  List<Integer> around(int at) {
    List<Integer> heads = new ArrayList<>();
    int indent = indent(at);
    for (int i = at - 1; i >= 0 && indent > 0; i--) {
      Matcher head = HEAD.matcher(rows.get(i));
      if (rows.get(i).isBlank() || indent(i) >= indent || !head.matches()) {
        continue;
      }
      if (head.group(1).equals("def") || head.group(1).equals("class")) {
        break;
      }
      heads.add(i);
      indent = indent(i);
    }
    return heads;
  }

  /** The name of the function that a row stands in; empty for none. */
  String function(int at) {
    Pattern def = Pattern.compile("\\s*+(?:async\\s++)?def\\s++(\\w++).*");
    int indent = indent(at);
    for (int i = at - 1; i >= 0; i--) {
      Matcher declared = def.matcher(rows.get(i));
      if (declared.matches() && indent(i) < indent) {
        return declared.group(1);
      }
    }
    return "";
  }

  /** The word that a block begins with. */
  String word(int head) {
    Matcher found = HEAD.matcher(rows.get(head));
    return found.matches() ? found.group(1) : "";
  }

  /** The head of a block, up to its colon. */
  String head(int at) {
    return joined(at, ":");
  }

  /** A row with those after it until brackets close. */
  String statement(int at) {
    return joined(at, "");
  }

  private String joined(int at, String last) {
    StringBuilder joined = new StringBuilder();
    int depth = 0;
    for (int i = at; i < Math.min(rows.size(), at + LONGEST_HEAD); i++) {
      String row = rows.get(i);
      joined.append(row.strip()).append(' ');
      depth +=
          row.chars().map(c -> "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0).sum();
      if (depth <= 0 && row.strip().endsWith(last)) {
        break;
      }
    }
    return joined.toString().strip();
  }

  /** The row behind a block. */
  int end(int head) {
    int indent = indent(head);
    for (int i = head + 1; i < rows.size(); i++) {
      String row = rows.get(i).strip();
      if (!row.isEmpty() && indent(i) <= indent && ")]}".indexOf(row.charAt(0)) < 0) {
        return i;
      }
    }
    return rows.size();
  }

  private int indent(int at) {
    String row = rows.get(at);
    return row.length() - row.stripLeading().length();
  }
}
