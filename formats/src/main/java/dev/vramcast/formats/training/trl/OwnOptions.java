package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What programs of people's own call the batch, its accumulation and its length, where no script of
 * Transformers or TRL has such an option and the program is not there to be read.
 */
final class OwnOptions {

  private static final Map<String, List<String>> NAMES =
      Map.of(
          "per_device_train_batch_size",
          List.of(
              "batch_size",
              "train_batch_size",
              "micro_batch_size",
              "per_device_batch_size",
              "batch_size_per_gpu",
              "batch_size_per_device",
              "bs"),
          "gradient_accumulation_steps",
          List.of(
              "grad_accum",
              "grad_accum_steps",
              "gradient_accumulation",
              "accumulation_steps",
              "grad_acc",
              "grad_acc_steps",
              "accum_steps",
              "gradient_accumulation_step"),
          "max_length",
          List.of(
              "max_len",
              "max_seq_len",
              "max_sequence_length",
              "seq_len",
              "seq_length",
              "sequence_length",
              "context_length",
              "cutoff_len"),
          "num_train_epochs",
          List.of("epochs", "num_epochs"));

  /** Other names for lengths that scripts have, beside which none of these counts. */
  private static final List<String> LENGTHS =
      List.of("max_seq_length", "block_size", "model_max_length", "max_source_length");

  private OwnOptions() {}

  /** The command with the names that known scripts have for the same. */
  static TrainingFile renamed(TrainingFile file) {
    if (!isOwn(file)) {
      return file;
    }
    Map<String, Node> keys = new LinkedHashMap<>(file.root().fields());
    NAMES.forEach(
        (known, names) -> own(file, known).ifPresent(n -> keys.put(known, keys.remove(n))));
    return file.withRoot(new Node.Fields(keys, file.root().mark()));
  }

  /** Says which options were taken so. */
  static void say(JobBuilder job, TrainingFile file) {
    if (isOwn(file)) {
      NAMES.forEach(
          (known, names) ->
              own(file, known)
                  .flatMap(name -> file.node(name).map(n -> new Setting(file.name(), name, n)))
                  .ifPresent(
                      option ->
                          job.say(
                              FindingCode.ASSUMED,
                              option,
                              Shown.oneLine(option.key())
                                  + " of a program that is not known is counted as "
                                  + known)));
    }
  }

  private static Optional<String> own(TrainingFile file, String known) {
    boolean told =
        file.has(known) || known.equals("max_length") && LENGTHS.stream().anyMatch(file::has);
    return told
        ? Optional.empty()
        : NAMES.getOrDefault(known, List.of()).stream().filter(file::has).findFirst();
  }

  /** Whether a command starts a program, and none of TRL's own. */
  private static boolean isOwn(TrainingFile file) {
    return file.form() == Form.COMMAND
        && file.command()
            .filter(
                command ->
                    command.words().stream().anyMatch(word -> word.endsWith(".py"))
                        || command.words().contains("-m"))
            .isPresent();
  }
}
