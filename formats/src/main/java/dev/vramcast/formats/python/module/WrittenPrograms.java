package dev.vramcast.formats.python.module;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.python.module.NotebookCell.Kind;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.formats.shell.ShellText;
import dev.vramcast.input.tree.Mark;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The program that trains among those that cells of a notebook are written into. */
public final class WrittenPrograms {

  private WrittenPrograms() {}

  /**
   * A program.
   *
   * @param cell that is written into it
   * @param started where a command starts it; nowhere where none does
   */
  public record Started(NotebookCell cell, Mark started) {

    /** Whether a command starts it. */
    public boolean isStarted() {
      return started.line() > 0;
    }
  }

  /**
   * The one that a command starts, or the only one; empty where none trains.
   *
   * @param trains whether a cell's code does
   * @throws InputException where several train, of which it may be any
   */
  public static Optional<Started> of(
      List<NotebookCell> cells,
      NotebookCommands.Script script,
      String name,
      Predicate<NotebookCell> trains) {
    Map<String, NotebookCell> programs = new LinkedHashMap<>();
    cells.stream()
        .filter(cell -> cell.kind() == Kind.FILE && cell.path().endsWith(".py"))
        .filter(trains)
        .forEach(cell -> programs.putIfAbsent(cell.path(), cell));
    Map<String, Started> started = new LinkedHashMap<>();
    for (ShellCommand command : ShellText.commands(script.text(), Map.of())) {
      for (Word word : command.words()) {
        NotebookCell cell = programs.get(word.text());
        if (cell != null) {
          started.putIfAbsent(word.text(), new Started(cell, word.mark()));
          break;
        }
      }
    }
    if (started.isEmpty()) {
      programs.forEach((path, cell) -> started.put(path, new Started(cell, Mark.NONE)));
    }
    if (started.size() > 1) {
      throw several(started.keySet(), name);
    }
    return started.values().stream().findFirst();
  }

  private static InputException several(Collection<String> paths, String name) {
    return InputError.of("has several programs that train: ", String.join(", ", paths))
        .kind(ErrorKind.AMBIGUOUS)
        .at(Place.of(name))
        .hint("give one of them")
        .refusal();
  }
}
