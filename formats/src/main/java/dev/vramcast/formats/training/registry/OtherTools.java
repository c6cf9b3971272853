package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;

/** Files of trainers that no reader knows, and whose keys look like those of others. */
public final class OtherTools {

  private OtherTools() {}

  /** Whether a file is of one of them. */
  public static boolean areIn(TrainingFile file) {
    return isNanotron(file);
  }

  /** Says whose such a file is. */
  static InputError error(TrainingFile file) {
    return InputError.of("is of nanotron, which no reader knows")
        .at(Place.of(file.name()))
        .hint("its models have modules of their own")
        .kind(ErrorKind.UNKNOWN_FORMAT);
  }

  /** Sections that its Config has to have (nanotron/config/config.py). */
  private static boolean isNanotron(TrainingFile file) {
    return file.form() == Form.TREE
        && file.count("general.project", "general.run") > 0
        && file.count("tokens.micro_batch_size", "model.model_config") > 0
        && file.has("parallelism");
  }
}
