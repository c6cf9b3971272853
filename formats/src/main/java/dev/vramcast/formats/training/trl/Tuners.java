package dev.vramcast.formats.training.trl;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.input.tree.Node;
import java.util.Map;
import java.util.Optional;

/** Adapters of PEFT other than LoRA that a program makes, and what they are told. */
final class Tuners {

  /** Methods by the class of their configuration. */
  private static final Map<String, String> METHODS = Map.of("OFTConfig", "oft");

  private static final Map<String, String> ARGUMENTS =
      Map.of(
          "oft_block_size", "oft_block_size",
          "r", "oft_rank",
          "target_modules", "lora_target_modules",
          "modules_to_save", "lora_modules_to_save");

  private Tuners() {}

  /** Puts the arguments of a configuration under keys of their own. */
  static void put(TrainingFile file, Node kind, Map<String, Node> keys) {
    keys.put(Adapters.OTHER, kind);
    String call = String.valueOf(kind.value());
    if (METHODS.containsKey(call)) {
      ARGUMENTS.forEach(
          (argument, key) ->
              file.node(call + "." + argument).ifPresent(node -> keys.put(key, node)));
    }
  }

  /** The method of a configuration's class, where it is described. */
  static Optional<String> method(Setting kind) {
    return Optional.ofNullable(METHODS.get(kind.shown()));
  }

  /** Takes what the job document has a key for. */
  static void shape(JobBuilder job) {
    job.take("oft_block_size", JobKey.BLOCK_SIZE);
    job.get("oft_rank")
        .filter(rank -> !rank.isIdle())
        .ifPresent(
            rank ->
                job.notModelled(
                    JobKey.BLOCK_SIZE,
                    Gap.of("r ", rank.shown(), " of OFTConfig").modelled("oft_block_size")));
  }
}
