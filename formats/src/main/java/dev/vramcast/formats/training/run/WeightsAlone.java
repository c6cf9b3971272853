package dev.vramcast.formats.training.run;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;

/** Commands that write weights of before and train none. */
public final class WeightsAlone {

  private WeightsAlone() {}

  /** Says that nothing is trained, where a command does no more than to write weights. */
  public static void read(JobBuilder job, TrainingFile file) {
    word(file)
        .ifPresent(
            word ->
                job.reads(
                    List.of(JobKey.WEIGHTS_ALONE),
                    () -> job.put(JobKey.WEIGHTS_ALONE, true, word)));
  }

  /** The word that tells what such a command does; empty for any other. */
  public static Optional<Setting> word(TrainingFile file) {
    return file.command()
        .flatMap(command -> Optional.ofNullable(command.environment().get(ShellCommand.ALONE)))
        .map(word -> new Setting(file.name(), String.valueOf(word.value()), word));
  }
}
