package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Modules that get adapters by the names that Megatron-Core has for them. */
public final class MegatronTargets {

  /** megatron/core/models/gpt/gpt_layer_specs.py: each holds several layers of a checkpoint. */
  private static final Map<String, List<String>> LAYERS =
      Map.of(
          "linear_qkv", List.of("q_proj", "k_proj", "v_proj"),
          "linear_proj", List.of("o_proj"),
          "linear_fc1", List.of("gate_proj", "up_proj"),
          "linear_fc2", List.of("down_proj"));

  private MegatronTargets() {}

  /** Takes names of Megatron's as those of the layers that they hold, and others as they are. */
  public static void take(JobBuilder job, Optional<Setting> setting) {
    if (setting.filter(found -> found.words().stream().anyMatch(LAYERS::containsKey)).isEmpty()) {
      Targets.take(job, setting);
      return;
    }
    Setting found = setting.orElseThrow();
    List<String> names =
        found.words().stream()
            .flatMap(word -> LAYERS.getOrDefault(word, List.of(word)).stream())
            .distinct()
            .toList();
    job.reads(List.of(JobKey.LORA_TARGETS), () -> job.put(JobKey.LORA_TARGETS, names, found));
  }

  /**
   * Says what the adapters of fused layers lack. Megatron-Bridge's LoRA wraps {@code linear_qkv}
   * and {@code linear_fc1} as they are (megatron/bridge/peft/lora.py; canonical_lora.py splits
   * them).
   */
  public static void sayFused(JobBuilder job, Setting at) {
    job.say(
        FindingCode.NOT_COUNTED,
        at,
        "an adapter of linear_qkv or linear_fc1 has one A matrix for all layers that it holds: one"
            + " for each is counted, which is more");
  }
}
