package dev.vramcast.formats.shell;

import dev.vramcast.input.tree.Mark;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A script that is put together of parts of a file, and where in that each of them stands. */
public final class PlacedScript {

  /** What no file is called; stands at places of the file itself among those of the script. */
  private static final String FILE = "\0";

  /** The longest row, and the longest text in quotes, that are looked through for a column. */
  private static final int LONGEST_ROW = 2_000;

  private static final int LONGEST_TEXT = 200;

  private final StringBuilder script = new StringBuilder();

  /** By places in the script, where the file has what begins there. */
  private final TreeMap<Long, Mark> places = new TreeMap<>();

  private int line = 1;
  private int column = 1;

  /** A place in the file, for what is set before the script begins. */
  public static Mark ofFile(Mark mark) {
    return mark.in(FILE);
  }

  /** What a shell reads. */
  public String text() {
    return script.toString();
  }

  /** Where the file has what the script has at a place. */
  public Mark place(Mark mark) {
    if (mark.source().equals(FILE)) {
      return mark.in("");
    }
    Map.Entry<Long, Mark> found = places.floorEntry(key(mark.line(), mark.column()));
    if (found == null) {
      return mark.ofLine();
    }
    boolean sameLine = found.getKey() >> Integer.SIZE == mark.line();
    return sameLine
        ? found.getValue().further(mark.column() - found.getKey().intValue())
        : found.getValue().ofLine();
  }

  /**
   * Lines of commands.
   *
   * @param first where they begin, without a column where the rows have nothing else
   * @param rows those of the file
   */
  public void lines(Mark first, String content, List<String> rows) {
    String[] parts = content.split("\n", -1);
    for (int i = 0; i < parts.length; i++) {
      places.put(key(line, column), place(first, i, parts[i], rows));
      append(parts[i]);
      end();
    }
  }

  /**
   * A word of a command, which goes on with the next.
   *
   * @param first where it begins, without a column where the rows have nothing else
   * @param quoted as a shell reads it
   */
  public void word(Mark first, String text, String quoted, List<String> rows) {
    String[] parts = text.split("\n", -1);
    places.put(key(line, column), first.column() > 0 ? first : place(first, 0, parts[0], rows));
    for (int i = 1; i < parts.length; i++) {
      places.put(key(line + i, 1), place(first, i, parts[i], rows));
    }
    append(quoted);
    append(" ");
  }

  /** A command ends. */
  public void end() {
    append("\n");
  }

  /** Rows of their own show line by line; what stands behind a key is looked for in its row. */
  private static Mark place(Mark first, int further, String part, List<String> rows) {
    boolean own = first.column() == 0;
    int at = first.line() + (own ? further : 0);
    String row = at < 1 || at > rows.size() || !own && further > 0 ? "" : rows.get(at - 1);
    if (row.isEmpty() || row.length() > LONGEST_ROW) {
      return first.ofLine();
    }
    int start = row.length() - part.length();
    if (!row.endsWith(part)) {
      start = own || part.length() > LONGEST_TEXT ? -1 : row.indexOf(part);
    }
    return start < 0 ? first.ofLine() : new Mark(at, row.codePointCount(0, start) + 1);
  }

  private void append(String text) {
    script.append(text);
    int feed = text.lastIndexOf('\n');
    line += (int) text.chars().filter(c -> c == '\n').count();
    column = (feed < 0 ? column : 1) + text.codePointCount(feed + 1, text.length());
  }

  private static long key(int line, int column) {
    return (long) line << Integer.SIZE | column;
  }
}
