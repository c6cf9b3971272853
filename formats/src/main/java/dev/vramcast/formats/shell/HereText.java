package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What becomes of the lines that a command is given behind {@code <<EOF}. */
final class HereText {

  /** Programs to which such lines are no commands. */
  private static final Pattern OTHERS =
      Pattern.compile("(?:.*/)?(?:read|echo|printf|python[\\d.]*|psql|mysql|sed|awk|grep|jq|node)");

  private static final Pattern KEEPS = Pattern.compile("(?:.*/)?(?:cat|tee)");

  /** Where {@code cat > FILE <<EOF} and {@code cat <<EOF > FILE} put the lines. */
  private static final Pattern FILE = Pattern.compile(">\\s*[\"']?([^\\s;|&()<>\"']+)");

  private static final Pattern SCRIPT = Pattern.compile("#!.*sh\\b.*(?s:.*)");

  /** Files that a command may name, so that what is written into them is kept. */
  private static final Pattern KEPT_FILES = Pattern.compile("(?i).*\\.(?:ya?ml|json|toml|py)");

  private static final Pattern PYTHON = Pattern.compile("(?:.*/)?python[\\d.]*");

  /** {@code $(cat <<EOF} up to its end. */
  private static final Pattern CAUGHT =
      Pattern.compile(
          "\\$\\(\\s*cat\\s+<<-?\\s*['\"]?(\\w{1,50})['\"]?[ \\t]*\\n(.*)\\n[ \\t]*\\1\\s*\\)",
          Pattern.DOTALL);

  private HereText() {}

  /**
   * What runs the lines, or keeps them in a file; empty where they are no commands.
   *
   * @param words before the lines
   * @param written the line of the script that the mark stands in
   */
  static List<List<Word>> commands(List<Word> words, String written, Word body) {
    Word file = new Word(ShellCommand.STDIN + body.line() + ".py", body.mark());
    Optional<List<Word>> program = program(words, file);
    return program.isPresent()
        ? List.of(List.of(new Word(ShellText.WRITES, body.mark()), file, body), program.get())
        : command(words, written, body).stream().toList();
  }

  private static Optional<List<Word>> command(List<Word> words, String written, Word body) {
    String program = words.isEmpty() ? "" : words.get(0).text();
    if (words.isEmpty() || OTHERS.matcher(program).matches()) {
      return Optional.empty();
    }
    if (!KEEPS.matcher(program).matches()) {
      return Optional.of(running(words, body));
    }
    Matcher redirected = FILE.matcher(written);
    String path =
        redirected.find()
            ? redirected.group(1)
            : program.endsWith("tee") ? words.get(words.size() - 1).text() : "";
    if (KEPT_FILES.matcher(path).matches()) {
      Word kept = new Word(ShellText.WRITES, body.mark());
      return Optional.of(List.of(kept, new Word(path, body.mark()), body));
    }
    boolean script = path.matches("(?i).*\\.(?:sh|bash|slurm|sbatch|job|pbs|lsf|sub|qsub)");
    return script || SCRIPT.matcher(body.text()).matches()
        ? Optional.of(running(List.of(), body))
        : Optional.empty();
  }

  /**
   * The command with a file in the place of a program that Python reads from the lines, {@code
   * python - --lr 1 <<EOF}; empty where it reads none.
   */
  private static Optional<List<Word>> program(List<Word> words, Word file) {
    int python = words.size() - 1;
    while (python >= 0 && !PYTHON.matcher(words.get(python).text()).matches()) {
      python--;
    }
    List<Word> started = new ArrayList<>(words.subList(0, python + 1));
    List<Word> given = words.subList(python + 1, words.size());
    int options = 0;
    while (options < given.size() && given.get(options).text().matches("-[A-Zubq]+")) {
      options++;
    }
    boolean reads = options == given.size() || given.get(options).text().equals("-");
    if (python < 0 || !reads) {
      return Optional.empty();
    }
    started.add(file);
    started.addAll(given.subList(Math.min(given.size(), options + 1), given.size()));
    return Optional.of(started);
  }

  /** The lines as what a shell is given, behind what starts that. */
  private static List<Word> running(List<Word> words, Word body) {
    List<Word> shell = new ArrayList<>();
    words.stream()
        .filter(word -> !word.text().matches("(?:.*/)?(?:ba|z)?sh(?:\\s+-s)?|-s"))
        .forEach(shell::add);
    shell.add(new Word("bash", body.mark()));
    shell.add(new Word("-c", body.mark()));
    shell.add(body);
    return shell;
  }

  /** The lines that {@code $(cat <<EOF ...)} gives back. */
  static Optional<String> caught(String substitution) {
    Matcher found = CAUGHT.matcher(substitution);
    return found.matches() ? Optional.of(found.group(2)) : Optional.empty();
  }
}
