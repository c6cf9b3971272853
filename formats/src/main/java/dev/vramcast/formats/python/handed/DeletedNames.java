package dev.vramcast.formats.python.handed;

import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names that a program deletes, {@code del teacher, judge}, and where. */
public final class DeletedNames {

  private static final int LONGEST = 300;

  private static final Pattern DELETES = Pattern.compile("\\s*+del\\b([^;#]*)");
  private static final Pattern BETWEEN = Pattern.compile("[\\s,()]+");

  private final Map<String, NavigableSet<Integer>> deleted = new HashMap<>();

  /**
   * A program.
   *
   * @param lines of its source
   */
  public DeletedNames(List<Node.Scalar> lines) {
    for (Node.Scalar line : lines) {
      String text = String.valueOf(line.value());
      Matcher deletes = DELETES.matcher(text);
      if (text.length() < LONGEST && deletes.lookingAt()) {
        BETWEEN
            .splitAsStream(deletes.group(1))
            .forEach(name -> deleted.computeIfAbsent(name, n -> new TreeSet<>()).add(line.line()));
      }
    }
  }

  /** Whether a line behind one and before another one deletes a name. */
  public boolean between(String name, int after, int before) {
    NavigableSet<Integer> there = deleted.get(name);
    Integer first = there == null ? null : there.higher(after);
    return first != null && first < before;
  }
}
