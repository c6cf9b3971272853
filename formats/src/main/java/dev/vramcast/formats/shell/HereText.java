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

  private static final Pattern DATA = Pattern.compile("(?i).*\\.(?:ya?ml|json|toml)");

  /** {@code $(cat <<EOF} up to its end. */
  private static final Pattern CAUGHT =
      Pattern.compile(
          "\\$\\(\\s*cat\\s+<<-?\\s*['\"]?(\\w{1,50})['\"]?[ \\t]*\\n(.*)\\n[ \\t]*\\1\\s*\\)",
          Pattern.DOTALL);

  private HereText() {}

  /**
   * The command that runs the lines, or keeps them in a file; empty where they are no commands.
   *
   * @param words before the lines
   * @param written the line of the script that the mark stands in
   */
  static Optional<List<Word>> command(List<Word> words, String written, Word body) {
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
    if (DATA.matcher(path).matches()) {
      Word kept = new Word(ShellText.WRITES, body.line());
      return Optional.of(List.of(kept, new Word(path, body.line()), body));
    }
    boolean script = path.matches("(?i).*\\.(?:sh|bash|slurm|sbatch|job|pbs|lsf|sub|qsub)");
    return script || SCRIPT.matcher(body.text()).matches()
        ? Optional.of(running(List.of(), body))
        : Optional.empty();
  }

  /** The lines as what a shell is given, behind what starts that. */
  private static List<Word> running(List<Word> words, Word body) {
    List<Word> shell = new ArrayList<>();
    words.stream()
        .filter(word -> !word.text().matches("(?:.*/)?(?:ba|z)?sh(?:\\s+-s)?|-s"))
        .forEach(shell::add);
    shell.add(new Word("bash", body.line()));
    shell.add(new Word("-c", body.line()));
    shell.add(body);
    return shell;
  }

  /** The lines that {@code $(cat <<EOF ...)} gives back. */
  static Optional<String> caught(String substitution) {
    Matcher found = CAUGHT.matcher(substitution);
    return found.matches() ? Optional.of(found.group(2)) : Optional.empty();
  }
}
