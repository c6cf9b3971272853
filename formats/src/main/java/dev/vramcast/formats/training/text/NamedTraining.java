package dev.vramcast.formats.training.text;

import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands of Axolotl that merge or put together what a training wrote, and are told by that
 * training's own file: {@code axolotl merge-lora job.yml}. They are read as that training.
 */
final class NamedTraining {

  private static final Pattern PROGRAM = Pattern.compile("(?:.*/)?axolotl|axolotl\\.cli\\.main");

  private static final Pattern VERB =
      Pattern.compile(
          "(?:axolotl\\.cli\\.)?(?:(merge[-_]lora)|merge[-_]sharded[-_]fsdp[-_]weights)");

  private static final Pattern FILE = Pattern.compile("(?!-).+\\.ya?ml");

  private NamedTraining() {}

  /** The training of the first such command; empty where there is none, or it names no file. */
  static Optional<ShellCommand> of(List<ShellCommand> commands) {
    return commands.stream().flatMap(command -> of(command).stream()).findFirst();
  }

  private static Optional<ShellCommand> of(ShellCommand command) {
    List<Word> words = command.words();
    for (int i = 1; i + 1 < words.size(); i++) {
      Matcher verb = VERB.matcher(words.get(i).text());
      String before = words.get(i - 1).text();
      if (verb.matches()
          && (PROGRAM.matcher(before).matches() || before.equals("-m"))
          && FILE.matcher(words.get(i + 1).text()).matches()) {
        return Optional.of(training(command, i, verb.group(1) != null));
      }
    }
    return Optional.empty();
  }

  private static ShellCommand training(ShellCommand command, int verb, boolean merges) {
    List<Word> words = command.words();
    Mark begins = words.get(0).mark();
    Word tells = words.get(verb);
    List<Word> told = new ArrayList<>(List.of(new Word("axolotl", begins)));
    told.add(new Word("train", tells.mark()));
    told.addAll(words.subList(verb + 1, words.size()));
    String what = merges ? ShellCommand.MERGES : ShellCommand.JOINS;
    return new ShellCommand(told, command.variables().and(what, tells));
  }
}
