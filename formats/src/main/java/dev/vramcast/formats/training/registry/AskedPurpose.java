package dev.vramcast.formats.training.registry;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.OtherModels;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What options ask a program for that trains by the Trainer's arguments, where that is no training
 * or another model.
 */
final class AskedPurpose {

  private static final Set<FormatName> FORMATS =
      EnumSet.of(FormatName.TRL, FormatName.TRANSFORMERS, FormatName.ALIGNMENT_HANDBOOK);

  private AskedPurpose() {}

  /**
   * A reading that is refused where {@code do_predict} is asked for without {@code do_train}, whose
   * default is not to train (transformers/training_args.py).
   *
   * @param first the command, or the file, as it was given
   * @param main what was read in its place
   */
  static Reading refused(TrainingFile first, TrainingFile main, Reading reading) {
    if (!FORMATS.contains(reading.format()) || isOn(first, main, "do_train").isPresent()) {
      return reading;
    }
    return isOn(first, main, "do_predict")
        .map(asked -> reading.withUnreadable(JobKey.METHOD, error(asked)))
        .orElse(reading);
  }

  /**
   * A reading that is not modelled where the options of a program, which was read in their place,
   * make another model than it shows.
   *
   * @param first the command as it was given
   * @param main the program
   */
  static Reading ofOtherModel(TrainingFile first, TrainingFile main, Reading reading) {
    boolean followed = first.form() == Form.COMMAND && main.form() == Form.PROGRAM;
    Optional<Gap> other =
        FORMATS.contains(reading.format()) && followed ? OtherModels.in(first) : Optional.empty();
    return other.map(reading::withGap).orElse(reading);
  }

  private static Optional<Setting> isOn(TrainingFile first, TrainingFile main, String key) {
    return Stream.of(first, main)
        .filter(file -> file.form() != Form.PROGRAM)
        .flatMap(file -> JobBuilder.in(file, key).stream())
        .filter(setting -> !setting.isIdle())
        .findFirst();
  }

  private static InputError error(Setting asked) {
    return InputError.of("trains nothing: do_predict is there and do_train is not on")
        .kind(ErrorKind.NO_TRAINING)
        .at(asked.place())
        .hint("there is nothing to estimate, unless ", JobKey.METHOD, " says how it trains");
  }
}
