package dev.vramcast.formats.python.module;

import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the cells of a notebook hand to the shell, as one script: lines behind {@code !}, cells of
 * {@code %%bash}, and the files that cells write.
 */
public final class NotebookCommands {

  private static final Pattern SHELL =
      Pattern.compile("%%(?:bash|sh|shell|system|sx|script\\s+(?:\\S*/)?(?:ba|z)?sh)(?:\\s.*)?");

  private static final Pattern WRITES =
      Pattern.compile("%%(?:writefile|file)\\s+(?:-a\\s+)?[\"']?([\\w./-]{1,200})[\"']?\\s*");

  private static final String END = "END_OF_THE_CELL";

  private final StringBuilder script = new StringBuilder();
  private final List<Node.Scalar> lines = new ArrayList<>();
  private boolean continued;

  private NotebookCommands() {}

  /**
   * A script.
   *
   * @param lines of the notebook, one for each of the script's that stands in it
   */
  public record Script(String text, List<Node.Scalar> lines) {}

  /**
   * The script of all cells.
   *
   * @param cells lines of each
   * @param files by their paths what programs in the cells write into them
   */
  public static Script of(List<List<Node.Scalar>> cells, Map<String, String> files) {
    NotebookCommands commands = new NotebookCommands();
    cells.forEach(commands::cell);
    files.forEach((path, content) -> commands.script.append(written(path, content)));
    return new Script(commands.script.toString(), commands.lines);
  }

  /** Whether a cell is no Python of the notebook's. */
  public static boolean isOther(List<Node.Scalar> cell) {
    String first = first(cell);
    return SHELL.matcher(first).matches() || WRITES.matcher(first).matches();
  }

  private static String written(String path, String content) {
    return "cat > " + path + " <<'" + END + "'\n" + content + "\n" + END + "\n";
  }

  private static String first(List<Node.Scalar> cell) {
    return cell.stream()
        .flatMap(line -> String.valueOf(line.value()).lines())
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse("");
  }

  private void cell(List<Node.Scalar> cell) {
    String first = first(cell);
    boolean shell = SHELL.matcher(first).matches();
    Matcher writes = WRITES.matcher(first);
    boolean file = writes.matches();
    boolean begun = false;
    Mark last = Mark.NONE;
    continued = false;
    for (Node.Scalar part : cell) {
      Mark start = part.mark();
      for (String line : String.valueOf(part.value()).split("\n", -1)) {
        if (!shell && !file) {
          add(command(line), line, start);
        } else if (begun) {
          add(line, line, start);
        } else {
          begun = line.strip().equals(first);
          add(begun && file ? "cat > " + writes.group(1) + " <<'" + END + "'" : "", line, start);
        }
        last = start;
        start = start.further(ModuleLines.width(start, line));
      }
    }
    if (file) {
      add(END, "", last);
    }
  }

  /** What {@code !} in front of it hands to the shell. */
  private String command(String line) {
    boolean shell = continued || line.stripLeading().startsWith("!");
    String said = continued ? line : line.replaceFirst("!", " ");
    continued = shell && line.endsWith("\\");
    return shell ? said : "";
  }

  private void add(String said, String line, Mark start) {
    script.append(said).append('\n');
    lines.add(new Node.Scalar(line, start));
  }
}
