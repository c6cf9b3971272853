package dev.vramcast.formats.training.text;

import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.formats.shell.ShellText;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Commands in the text that another one runs: {@code eval "$CMD"}, {@code srun bash -c "..."}. */
final class InnerCommands {

  private static final Set<String> SHELLS = Set.of("sh", "bash", "zsh", "/bin/sh", "/bin/bash");

  private static final String WRAP = "--wrap=";

  private InnerCommands() {}

  /** The commands that run, the outer one where it runs no text. */
  static List<ShellCommand> of(ShellCommand outer) {
    List<Word> words = outer.words();
    if (words.get(0).text().equals("eval") && words.size() > 1) {
      String text = words.stream().skip(1).map(Word::text).collect(Collectors.joining(" "));
      return read(outer, List.of(), new Word(text, words.get(1).mark()));
    }
    for (int i = 1; i < words.size(); i++) {
      // Slurm's sbatch makes a script of it.
      String word = words.get(i).text();
      if (word.startsWith(WRAP)) {
        Mark mark = words.get(i).mark().further(WRAP.length());
        return read(outer, List.of(), new Word(word.substring(WRAP.length()), mark));
      }
      if (word.equals("--wrap") && i + 1 < words.size()) {
        return read(outer, List.of(), words.get(i + 1));
      }
    }
    for (int i = 1; i + 1 < words.size(); i++) {
      boolean runs = words.get(i).text().matches("-\\w*c");
      if (runs && SHELLS.contains(words.get(i - 1).text())) {
        return read(outer, words.subList(0, i - 1), words.get(i + 1));
      }
    }
    return List.of(outer);
  }

  /**
   * A place in a text that begins at another, which in its first line says where, but for quotes.
   */
  private static Mark within(Mark text, Mark inner) {
    return inner.line() == 1 ? text : new Mark(text.line() + inner.line() - 1, inner.column());
  }

  /**
   * The commands of a text, with the variables that the outer one has.
   *
   * @param before what launches the shell, such as {@code srun --nodes 2}
   */
  private static List<ShellCommand> read(ShellCommand outer, List<Word> before, Word text) {
    List<ShellCommand> commands = new ArrayList<>();
    for (ShellCommand inner : ShellText.commands(text.text(), outer.environment())) {
      List<Word> words = new ArrayList<>(before);
      inner
          .words()
          .forEach(word -> words.add(new Word(word.text(), within(text.mark(), word.mark()))));
      commands.add(new ShellCommand(words, inner.variables()));
    }
    return commands.isEmpty() ? List.of(outer) : commands;
  }
}
