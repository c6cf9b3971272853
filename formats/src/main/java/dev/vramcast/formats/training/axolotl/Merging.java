package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.WeightsAlone;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;

/**
 * {@code axolotl merge-lora}, which is told by the training's own file (cli/merge_lora.py): the
 * whole model on the card before 0.16 and with {@code merge_method: legacy}, else files of weights
 * one after the other.
 */
final class Merging {

  private static final String METHOD = "merge_method";

  private Merging() {}

  /** Has adapters merged where the command does that, one behind the training, or the user. */
  static void read(JobBuilder job, TrainingFile file) {
    word(file, ShellCommand.MERGES)
        .or(() -> word(file, ShellCommand.MERGES_BEHIND))
        .ifPresent(
            command ->
                job.reads(List.of(JobKey.MERGE), () -> job.put(JobKey.MERGE, true, command)));
    WeightsAlone.read(job, file);
    WeightsAlone.word(file)
        .filter(command -> word(file, ShellCommand.JOINS).isPresent())
        .ifPresent(command -> WeightsAlone.refuseOthers(job, command, false));
    if (job.told(JobKey.MERGE, Boolean.class).orElse(false)) {
      method(job);
    }
  }

  private static Optional<Setting> word(TrainingFile file, String what) {
    return file.command()
        .flatMap(command -> Optional.ofNullable(command.environment().get(what)))
        .map(word -> new Setting(file.name(), String.valueOf(word.value()), word));
  }

  private static void method(JobBuilder job) {
    job.get(METHOD)
        .filter(method -> method.shown().equals("legacy"))
        .ifPresent(method -> job.put(JobKey.MERGE_DEVICE, MergeDevice.GPU.label(), method));
  }
}
