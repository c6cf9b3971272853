package dev.vramcast.formats.training.text;

import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.formats.training.text.TrainingFile.Command.Unread;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a script says that is not read: words of the command that stand for options which the script
 * does not set, and other commands that train.
 */
final class UnreadWords {

  /** The script's own arguments, of which there are none unless somebody gives some. */
  private static final Pattern GIVEN = Pattern.compile("\\$[@*]|\\$\\{[@*][^}]*}");

  private static final Pattern OPEN =
      Pattern.compile(
          "\\$\\{\\w+\\[[@*]][^}]*}.*"
              + "|\\$\\{?(?i:\\w*(?:args|extra|options|opts|flags)\\w*)(?::?-)?}?");

  private static final int LONGEST = 60;

  /** More than anybody reads of. */
  private static final int MOST = 20;

  private UnreadWords() {}

  /** The words that say something. */
  static List<Word> without(List<Word> words) {
    List<Word> kept = words.stream().filter(word -> !isOpen(word) && !isGiven(word)).toList();
    return kept.isEmpty() ? words : kept;
  }

  private static boolean isGiven(Word word) {
    return GIVEN.matcher(word.text()).matches();
  }

  private static boolean isOpen(Word word) {
    return OPEN.matcher(word.text()).matches();
  }

  /**
   * What is to be said beside the command that is read, as much as anybody reads of.
   *
   * @param all commands that train, this one among them
   */
  static List<Unread> of(ShellCommand read, List<ShellCommand> all) {
    String same = texts(read);
    Stream<Unread> options =
        read.words().stream()
            .filter(UnreadWords::isOpen)
            .map(word -> said(word.text(), word.mark(), true));
    Stream<Unread> commands =
        all.stream()
            .filter(other -> !texts(other).equals(same))
            .map(other -> said(texts(other), other.words().get(0).mark(), false));
    return Stream.concat(options, commands).limit(MOST).toList();
  }

  private static Unread said(String text, Mark mark, boolean options) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return new Unread(new Node.Scalar(shown, mark), options);
  }

  private static String texts(ShellCommand command) {
    return command.words().stream().map(Word::text).collect(Collectors.joining(" "));
  }
}
