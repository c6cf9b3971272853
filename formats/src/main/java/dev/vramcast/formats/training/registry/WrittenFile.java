package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.python.module.NotebookCell;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.Optional;

/** A file that a script or a notebook writes itself before it trains by it. */
final class WrittenFile {

  private WrittenFile() {}

  /**
   * The file; empty where nothing writes it.
   *
   * @throws InputException when it is written, and what into it is not known
   */
  static Optional<TrainingFile> of(TrainingFile script, String path) {
    if (script.command().isEmpty()) {
      writes(script, path)
          .ifPresent(
              line -> {
                throw unknown(script, path, line.mark(), "beside this one");
              });
      return Optional.empty();
    }
    Command command = script.command().get();
    String text = command.files().get(path);
    Mark made = command.made().get(path);
    if (text == null && made != null) {
      throw unknown(script, path, made, "in place of the command");
    }
    return Optional.ofNullable(text)
        .map(known -> TrainingText.of(known, path))
        .map(
            file ->
                made == null
                    ? file
                    : file.withRoot(file.root().at(mark -> made.in(script.name()))));
  }

  /** The line of a notebook by which a cell is written into a file. */
  private static Optional<Node.Scalar> writes(TrainingFile notebook, String path) {
    return notebook.lines().stream()
        .filter(line -> NotebookCell.written(line).filter(path::equals).isPresent())
        .findFirst();
  }

  private static InputException unknown(TrainingFile script, String path, Mark mark, String where) {
    return InputError.of(Shown.oneLine(path))
        .and(" is written here, and what it then holds is not known")
        .kind(ErrorKind.NOT_FOUND)
        .given(path)
        .at(Place.of(script.name(), mark.line(), mark.column()))
        .hint("give that file " + where)
        .refusal();
  }
}
