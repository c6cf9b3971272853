package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines of several files that are read as one program: those of modules have numbers of their own,
 * behind all that a file may have, until what was read is given the places in their files.
 */
public final class ModuleLines {

  private static final int EACH = 10_000_000;

  private ModuleLines() {}

  /**
   * A line of a module.
   *
   * @param module which of the program's modules it is, from 0
   * @param file its name in messages
   */
  public static Node.Scalar of(int module, String file, Node.Scalar line, String text) {
    return new Node.Scalar(text, new Mark((module + 1) * EACH + line.line(), 0, file));
  }

  /** Whether a line is one of a module. */
  public static boolean isOne(int line) {
    return line >= EACH;
  }

  /** Where a line stands in its file. */
  public static Mark place(Mark mark) {
    return isOne(mark.line()) ? new Mark(mark.line() % EACH, mark.column(), mark.source()) : mark;
  }

  /**
   * What was read of lines, with the places in the files that these are from.
   *
   * @param lines all of them
   */
  public static Node.Fields placed(Node.Fields root, List<Node.Scalar> lines) {
    Map<Integer, String> files = new HashMap<>();
    lines.stream()
        .filter(line -> isOne(line.line()))
        .forEach(line -> files.put(line.line() / EACH, line.mark().source()));
    return files.isEmpty() ? root : (Node.Fields) placed(root, files);
  }

  private static Node placed(Node node, Map<Integer, String> files) {
    Mark mark = mark(node.mark(), files);
    if (node instanceof Node.Fields fields) {
      Map<String, Node> all = new LinkedHashMap<>();
      fields.fields().forEach((key, value) -> all.put(key, placed(value, files)));
      return new Node.Fields(all, mark);
    }
    if (node instanceof Node.Items items) {
      List<Node> all = new ArrayList<>();
      items.items().forEach(item -> all.add(placed(item, files)));
      return new Node.Items(all, mark);
    }
    return new Node.Scalar(node.value(), mark);
  }

  private static Mark mark(Mark mark, Map<Integer, String> files) {
    String file = files.get(mark.line() / EACH);
    return file == null ? mark : new Mark(mark.line() % EACH, mark.column(), file);
  }
}
