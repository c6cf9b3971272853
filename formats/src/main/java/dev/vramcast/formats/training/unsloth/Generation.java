package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;

/**
 * The engine that {@code from_pretrained(fast_inference=True)} starts, of whose weights the model
 * that is trained is made (unsloth_zoo/vllm_utils.py get_vllm_state_dict).
 */
final class Generation {

  private static final String LOADED = "from_pretrained.";

  private final JobBuilder job;

  Generation(JobBuilder job) {
    this.job = job;
  }

  void read() {
    boolean generates =
        List.of("grpo", "rloo", "ppo").stream().anyMatch(s -> job.is(JobKey.STAGE, s));
    if (generates) {
      job.reads(List.of(JobKey.ENGINE), this::engine);
    }
  }

  private void engine() {
    job.get(LOADED + "fast_inference")
        .filter(Setting::bool)
        .ifPresent(
            on -> {
              job.put(JobKey.ENGINE, "shared", on);
              job.take(LOADED + "gpu_memory_utilization", JobKey.ENGINE_FRACTION);
              job.take(LOADED + "max_seq_length", JobKey.ENGINE_LENGTH);
            });
  }
}
