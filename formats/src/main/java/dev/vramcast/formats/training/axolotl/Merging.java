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
    file.command()
        .flatMap(command -> Optional.ofNullable(command.environment().get(ShellCommand.MERGES)))
        .map(word -> new Setting(file.name(), String.valueOf(word.value()), word))
        .ifPresent(command -> job.reads(List.of(JobKey.MERGE), () -> merge(job, command)));
  }

  private static void merge(JobBuilder job, Setting command) {
    boolean whole = job.get(METHOD).filter(method -> method.shown().equals("legacy")).isPresent();
    if (whole || job.isBefore(0, 15)) {
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
