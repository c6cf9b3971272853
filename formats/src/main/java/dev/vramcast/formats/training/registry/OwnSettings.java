package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.axolotl.AxolotlReader;
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
  static InputError error(TrainingFile file) {
    InputError error =
        InputError.of("is of no known format: ", why(file))
            .at(Place.of(file.name()))
            .hint("give that program, or the command that starts it")
            .kind(ErrorKind.UNKNOWN_FORMAT);
    return AxolotlReader.quantises(file).isEmpty()
        ? error
        : error.hint("or ", FormatName.OPTION, " axolotl, whose its other keys may be");
  }

  private static String why(TrainingFile file) {
    String given = ", which the program that loads it gives a meaning";
    if (OwnSections.sectioned(file)) {
      return "it has arguments of the Trainer or of adapters in sections of its own" + given;
    }
    return AxolotlReader.quantises(file)
        .map(key -> Shown.oneLine(key) + " is no key of Axolotl's" + given)
        .orElse("it has arguments of the Trainer among keys of its own" + given);
  }
}
