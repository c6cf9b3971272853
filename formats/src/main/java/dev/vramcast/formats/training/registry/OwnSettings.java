package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.formats.training.run.OwnSections;
import dev.vramcast.formats.training.text.TrainingFile;

/** The settings of a program of somebody's own, which has arguments in sections. */
public final class OwnSettings {

  private OwnSettings() {}

  /** Whether a file has such arguments, in whichever section. */
  public static boolean areIn(TrainingFile file) {
    return OwnSections.areIn(file);
  }

  /** Says what such a file is read by. */
  static InputError error(String name) {
    return InputError.of(
            "is of no known format: it has arguments of the Trainer or of adapters in sections of"
                + " its own, which the program that loads it gives a meaning")
        .at(Place.of(name))
        .hint("give that program, or the command that starts it")
        .kind(ErrorKind.UNKNOWN_FORMAT);
  }
}
