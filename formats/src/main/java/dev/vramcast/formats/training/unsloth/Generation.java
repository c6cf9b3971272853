package dev.vramcast.formats.training.unsloth;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.trainer.StageNames;
import dev.vramcast.formats.training.trainer.StageTraps;
import java.util.List;
import java.util.Optional;

/**
 * The engine that {@code from_pretrained(fast_inference=True)} starts, of whose weights the model
 * that is trained is made (unsloth_zoo/vllm_utils.py get_vllm_state_dict), and the batch that it
 * generates.
 */
final class Generation {

  private static final String LOADED = "from_pretrained.";

  private static final String STANDBY = "UNSLOTH_VLLM_STANDBY";

  private final JobBuilder job;
  private final TrainingFile program;

  Generation(JobBuilder job, TrainingFile program) {
    this.job = job;
    this.program = program;
  }

  void read() {
    if (StageNames.generates(job)) {
      job.reads(List.of(JobKey.ENGINE), this::engine);
    }
    if (job.is(JobKey.STAGE, "grpo")) {
      job.reads(List.of(JobKey.MICRO_BATCH), this::group);
    }
  }

  private void engine() {
    Optional<Setting> standby =
        JobBuilder.in(program, TrainingFile.ENVIRONMENT + "." + STANDBY)
            .filter(value -> !value.shown().equals("0"));
    Optional<Setting> fast = job.get(LOADED + "fast_inference").filter(Setting::bool);
    fast.ifPresent(
        on -> {
          job.put(JobKey.ENGINE, "shared", on);
          job.take(LOADED + "gpu_memory_utilization", JobKey.ENGINE_FRACTION);
          job.take(LOADED + "max_seq_length", JobKey.ENGINE_LENGTH);
          standby.ifPresent(value -> sleep(value));
        });
    if (fast.isEmpty() && standby.isPresent()) {
      job.say(
          FindingCode.IGNORED_KEY,
          standby.get(),
          STANDBY + " does nothing without fast_inference, which starts the engine");
    }
  }

  /** Keys and values leave the card while the policy trains; a stated share does nothing. */
  private void sleep(Setting standby) {
    job.put(JobKey.ENGINE_SLEEP, 1, standby);
    StageTraps.sleep(job);
    job.get(LOADED + "gpu_memory_utilization")
        .ifPresent(
            share ->
                job.say(
                    FindingCode.IGNORED_KEY,
                    share,
                    "gpu_memory_utilization does nothing with "
                        + STANDBY
                        + ", which takes 0.71 to 0.88 of the card by its size"));
  }

  /** Micro-batches of one group, where Unsloth makes them so. */
  private void group() {
    boolean told =
        job.has(JobKey.STEPS_PER_GENERATION) || job.get("generation_batch_size").isPresent();
    Optional<Integer> micro = job.whole(JobKey.MICRO_BATCH);
    int group = job.whole(JobKey.GROUP_SIZE).orElse(Groups.USUAL);
    if (told || micro.isEmpty() || group < 1) {
      return;
    }
    int accumulation = job.whole(JobKey.GRAD_ACCUM).orElse(1);
    if (Groups.microBatch(micro.get(), accumulation, group) != micro.get()) {
      job.any("per_device_train_batch_size")
          .ifPresent(
              at -> {
                job.put(JobKey.MICRO_BATCH, group, at);
                job.say(
                    FindingCode.SURPRISING_DEFAULT,
                    at,
                    "per_device_train_batch_size "
                        + micro.get()
                        + " becomes num_generations, "
                        + group
                        + ": a generated batch has to be a multiple of it");
              });
    }
  }
}
