package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A cell with code, and what runs it.
 *
 * @param path of the file that it is written into, where it is
 * @param appends whether it stands behind what that file has
 * @param rows line by line, those of the magics above its body empty
 */
public record NotebookCell(
    Kind kind,
    String path,
    boolean appends,
    List<Node.Scalar> lines,
    List<Node.Scalar> rows,
    int body) {

  private static final Pattern SHELL =
      Pattern.compile("%%(?:bash|sh|shell|system|sx|script\\s+(?:\\S*/)?(?:ba|z)?sh)(?:\\s.*)?");

  private static final Pattern WRITES =
      Pattern.compile(
          "%%(?:writefile|file)\\s+(-a\\s+|--append\\s+)?"
              + "(?:\"([^\"]{1,200})\"|'([^']{1,200})'|(\\S{1,200}))\\s*(-a|--append)?\\s*");

  /** Texts, and programs in other languages. */
  private static final Pattern OTHER =
      Pattern.compile(
          "%%(?i:markdown|html|javascript|js|latex|svg|perl|ruby|r|julia|sql|bigquery|cmd)"
              + "(?:\\s.*)?");

  /** Magics that run what stands below them, other magics too. */
  private static final Pattern AROUND = Pattern.compile("%%(?:capture|time|timeit)(?:\\s.*)?");

  /** Who reads a cell. */
  public enum Kind {
    /** The notebook's Python. */
    PYTHON,
    /** A shell. */
    SHELL,
    /** Nobody: it is written into a file. */
    FILE,
    /** A browser, or another language. */
    OTHER
  }

  /** A cell by its first line, or the one below magics that only look on. */
  public static NotebookCell of(List<Node.Scalar> lines) {
    List<Node.Scalar> rows = ModuleLines.rows(lines);
    int at = 0;
    while (at < rows.size()
        && (text(rows.get(at)).isEmpty() || AROUND.matcher(text(rows.get(at))).matches())) {
      at++;
    }
    String first = at < rows.size() ? text(rows.get(at)) : "";
    Matcher writes = WRITES.matcher(first);
    if (writes.matches()) {
      String path = path(writes);
      boolean appends = writes.group(1) != null || writes.group(5) != null;
      return new NotebookCell(Kind.FILE, path, appends, lines, rows, at + 1);
    }
    boolean shell = SHELL.matcher(first).matches();
    Kind kind = shell ? Kind.SHELL : OTHER.matcher(first).matches() ? Kind.OTHER : Kind.PYTHON;
    return new NotebookCell(kind, "", false, lines, rows, shell ? at + 1 : 0);
  }

  /** The file that a cell with this line at its head is written into; empty of other lines. */
  public static Optional<String> written(Node.Scalar line) {
    Matcher writes = WRITES.matcher(text(line));
    return writes.matches() ? Optional.of(path(writes)) : Optional.empty();
  }

  private static String path(Matcher writes) {
    return Stream.of(2, 3, 4)
        .map(writes::group)
        .filter(found -> found != null)
        .findFirst()
        .orElse("");
  }

  /** What it is written into a file as. */
  public String content() {
    StringBuilder text = new StringBuilder();
    rows.subList(body, rows.size()).forEach(row -> text.append(row.value()).append('\n'));
    return text.toString();
  }

  /** Where the line stands that names the file. */
  public Mark mark() {
    return rows.get(body - 1).mark();
  }

  private static String text(Node.Scalar row) {
    return String.valueOf(row.value()).strip();
  }
}
