package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.Set;

/** The settings of a program of somebody's own, which has arguments of the Trainer in sections. */
public final class OwnSettings {

  private static final Set<String> ARGUMENTS =
      Set.of("per_device_train_batch_size", "gradient_accumulation_steps", "num_train_epochs");

  private OwnSettings() {}

  /** Whether a file has such arguments, in whichever section. */
  public static boolean areIn(TrainingFile file) {
    return file.form() == Form.TREE && areIn(file.root());
  }

  private static boolean areIn(Node.Fields section) {
    return section.fields().entrySet().stream()
        .anyMatch(
            entry ->
                ARGUMENTS.contains(entry.getKey())
                    || entry.getValue() instanceof Node.Fields inner && areIn(inner));
  }

  /** Says what such a file is read by. */
  static InputError said(String name) {
    return InputError.of(
            "is of no known format: it has arguments of the Trainer in sections of its own, which"
                + " the program that loads it gives a meaning")
        .at(Place.of(name))
        .hint("give that program, or the command that starts it")
        .kind(ErrorKind.UNKNOWN_FORMAT);
  }
}
