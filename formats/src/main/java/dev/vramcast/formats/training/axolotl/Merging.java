package dev.vramcast.formats.training.axolotl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.List;
import java.util.Optional;

/**
 * {@code axolotl merge-lora}, which is told by the training's own file (cli/merge_lora.py): the
 * whole model on the card until 0.15 and with {@code merge_method: legacy}, else files of weights
 * one after the other.
 */
final class Merging {

  private static final String METHOD = "merge_method";

  private Merging() {}

  /** Has adapters merged where the command does that. */
  static void read(JobBuilder job, TrainingFile file) {
    word(file, ShellCommand.MERGES)
        .ifPresent(command -> job.reads(List.of(JobKey.MERGE), () -> merge(job, command)));
    word(file, ShellCommand.MERGES_BEHIND)
        .ifPresent(command -> job.reads(List.of(JobKey.MERGE), () -> behind(job, command)));
  }

  private static Optional<Setting> word(TrainingFile file, String what) {
    return file.command()
        .flatMap(command -> Optional.ofNullable(command.environment().get(what)))
        .map(word -> new Setting(file.name(), String.valueOf(word.value()), word));
  }

  /** A training has its figure without a merge behind it that has none. */
  private static void behind(JobBuilder job, Setting command) {
    if (isWhole(job)) {
      job.put(JobKey.MERGE, true, command);
    } else {
      job.lacks(
          command, command.key(), " behind the training merges file by file, which is not counted");
    }
  }

  private static boolean isWhole(JobBuilder job) {
    return job.get(METHOD).filter(method -> method.shown().equals("legacy")).isPresent()
        || job.isBefore(0, 15);
  }

  private static void merge(JobBuilder job, Setting command) {
    if (isWhole(job)) {
      job.put(JobKey.MERGE, true, command);
    } else {
      job.notModelled(
          JobKey.MERGE,
          command,
          Gap.of("merging file by file, as axolotl does since 0.15")
              .needs("how much of a file of weights is there at once")
              .modelled(METHOD, " legacy"));
    }
  }
}
