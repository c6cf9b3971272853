package dev.vramcast.formats.python.module;

import dev.vramcast.formats.python.module.NotebookCell.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the cells of a notebook hand to the shell, as one script: lines behind {@code !} and cells
 * of {@code %%bash}; beside it the files that cells write.
 */
public final class NotebookCommands {

  private static final String PATH = "[\"']?([\\w./-]{1,200}\\.(?:ya?ml|json|toml|py))\\b[\"']?";

  /** What a file is put into. */
  private static final Pattern INTO = Pattern.compile("(?:>|\\btee\\s|\\s-O\\s)\\s*" + PATH);

  /** Programs that change files, of which all paths are taken for changed. */
  private static final Pattern CHANGES =
      Pattern.compile("\\b(?:sed\\s.*-\\w*i|perl|yq|cp|mv|rm|ln)\\b");

  private static final Pattern ANY = Pattern.compile(PATH);

  private static final Pattern HERE = Pattern.compile("<<-?\\s*[\"'\\\\]?\\w");

  private static final Pattern NAMED =
      Pattern.compile("(?<![\\w$\\\\{])(?:\\$([A-Za-z_]\\w{0,60})|\\{([A-Za-z_]\\w{0,60})\\})");

  /** Characters of a line that are counted again for each place in it. */
  private static final int LONGEST = 10_000;

  private final StringBuilder script = new StringBuilder();
  private final List<Node.Scalar> lines = new ArrayList<>();
  private final NotebookWrites writes = new NotebookWrites();
  private final NotebookFiles files;
  private final Set<String> paths = new HashSet<>();
  private boolean continued;

  private NotebookCommands(Function<List<Node.Scalar>, Map<String, Node>> constants) {
    files = new NotebookFiles(constants, writes);
  }

  /**
   * A script.
   *
   * @param lines of the notebook, one for each of the script's
   */
  public record Script(String text, List<Node.Scalar> lines, NotebookWrites writes) {

    /** Where the notebook has what stands at a place of the script. */
    public Mark place(Mark mark) {
      if (mark.line() < 1 || mark.line() > lines.size()) {
        return mark.ofLine();
      }
      Node.Scalar line = lines.get(mark.line() - 1);
      String text = String.valueOf(line.value());
      int characters = mark.column() - 1;
      int most = Math.min(text.length(), 2 * Math.min(characters, LONGEST));
      return characters < 0 || characters > LONGEST || text.codePointCount(0, most) < characters
          ? line.mark().ofLine()
          : ModuleLines.at(line, text.offsetByCodePoints(0, characters));
    }
  }

  /**
   * The script of all cells.
   *
   * @param constants of a program, by their names
   */
  public static Script of(
      List<NotebookCell> cells, Function<List<Node.Scalar>, Map<String, Node>> constants) {
    NotebookCommands commands = new NotebookCommands(constants);
    cells.forEach(commands::cell);
    return new Script(commands.script.toString(), commands.lines, commands.writes);
  }

  private void cell(NotebookCell cell) {
    int first = lines.size() + 1;
    if (cell.kind() == Kind.FILE) {
      writes.cell(first, cell);
      paths.add(cell.path());
    }
    List<Node.Scalar> code = new ArrayList<>();
    continued = false;
    for (int i = 0; i < cell.rows().size(); i++) {
      Node.Scalar row = cell.rows().get(i);
      String line = String.valueOf(row.value());
      boolean shell = cell.kind() == Kind.SHELL && i >= cell.body();
      boolean names = cell.kind() == Kind.PYTHON && isCommand(line) && NAMED.matcher(line).find();
      if (names && !code.isEmpty()) {
        // What stands above it in its cell has run.
        files.read(code, first);
        first += code.size();
        code = new ArrayList<>();
      }
      boolean magic = cell.kind() == Kind.PYTHON && line.stripLeading().matches("[!%].*");
      String said = shell ? line : cell.kind() == Kind.PYTHON ? command(line) : "";
      code.add(magic || !said.isEmpty() ? new Node.Scalar("", row.mark()) : row);
      changed(said, row);
      script.append(said).append('\n');
      lines.add(row);
    }
    if (cell.kind() == Kind.PYTHON) {
      files.read(code, first);
    }
  }

  private boolean isCommand(String line) {
    return continued || line.stripLeading().startsWith("!");
  }

  /** What {@code !} in front of it hands to the shell. */
  private String command(String line) {
    boolean shell = isCommand(line);
    String said = continued ? line : line.replaceFirst("!", " ");
    continued = shell && line.endsWith("\\");
    return shell ? expanded(said) : "";
  }

  /**
   * IPython puts what Python's names stand for in their place, {@code $size} and {@code {size}}.
   */
  private String expanded(String said) {
    return NAMED
        .matcher(said)
        .replaceAll(
            name ->
                Matcher.quoteReplacement(
                    files
                        .word(name.group(1) == null ? name.group(2) : name.group(1))
                        .orElse(name.group())));
  }

  /** Files that a command changes are known no longer. */
  private void changed(String said, Node.Scalar row) {
    if (said.isEmpty() || said.stripLeading().startsWith("#")) {
      return;
    }
    int line = lines.size() + 1;
    // Lines that stand below are read with the script, unless another file is in their place.
    boolean here = HERE.matcher(said).find();
    Matcher found = (CHANGES.matcher(said).find() ? ANY : INTO).matcher(said);
    while (found.find()) {
      if (!here || paths.contains(found.group(1))) {
        writes.unknown(line, found.group(1), row.mark());
      }
    }
  }
}
