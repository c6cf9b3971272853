package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.python.module.NotebookCell;
import dev.vramcast.formats.shell.MadeFiles;
import dev.vramcast.formats.shell.MadeFiles.Copy;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A file that a script or a notebook writes itself before it trains by it. */
final class WrittenFile {

  private WrittenFile() {}

  /**
   * The file; empty where nothing writes it.
   *
   * @param there finds the other file of which it is a copy
   * @throws InputException when it is written, and what into it is not known
   */
  static Optional<TrainingFile> of(
      TrainingFile script, String path, Function<String, Optional<TrainingFile>> there) {
    if (script.command().isEmpty()) {
      writes(script, path)
          .ifPresent(
              line -> {
                throw unknown(script, path, line.mark(), "beside this one");
              });
      return Optional.empty();
    }
    Command command = script.command().get();
    String plain = MadeFiles.plain(path);
    Copy copy = command.copies().get(plain);
    if (copy != null) {
      TrainingFile file = there.apply(copy.path()).orElseThrow(() -> missing(script, path, copy));
      if (file.form() != Form.TREE) {
        throw unknown(script, path, copy.mark(), "in place of the command");
      }
      return Optional.of(file.withRoot((Node.Fields) filled(file.root(), copy.filled())));
    }
    String text = command.files().getOrDefault(path, command.files().get(plain));
    Mark made = command.made().getOrDefault(path, command.made().get(plain));
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

  /** A tree whose texts have values in the place of the variables that they name. */
  private static Node filled(Node node, Map<String, Word> values) {
    if (values.isEmpty()) {
      return node;
    }
    if (node instanceof Node.Fields fields) {
      Map<String, Node> all = new LinkedHashMap<>();
      fields.fields().forEach((key, value) -> all.put(key, filled(value, values)));
      return new Node.Fields(all, fields.mark());
    }
    if (node instanceof Node.Items items) {
      return new Node.Items(
          items.items().stream().map(item -> filled(item, values)).toList(), items.mark());
    }
    return node.value() instanceof String text && text.indexOf('$') >= 0
        ? new Node.Scalar(MadeFiles.filled(text, values, false), node.mark())
        : node;
  }

  /** The line of a notebook by which a cell is written into a file. */
  private static Optional<Node.Scalar> writes(TrainingFile notebook, String path) {
    return notebook.lines().stream()
        .filter(line -> NotebookCell.written(line).filter(path::equals).isPresent())
        .findFirst();
  }

  private static InputException missing(TrainingFile script, String path, Copy copy) {
    return InputError.of(Shown.oneLine(path))
        .and(" is made here of ", Shown.oneLine(copy.path()), ", which is not there")
        .kind(ErrorKind.NOT_FOUND)
        .given(path)
        .at(Place.of(script.name(), copy.mark().line(), copy.mark().column()))
        .hint("give that file beside this one, or the copy in place of the command")
        .refusal();
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
