package dev.vramcast.formats.training.openinstruct;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.rl.PromptBatch;
import java.util.List;
import java.util.Optional;

/** {@code open_instruct/grpo_utils.py} and {@code data_loader.py}: learners and engines. */
final class Rollout {

  private final JobBuilder job;

  Rollout(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.GPU_COUNT), this::learners);
    job.reads(List.of(JobKey.STRATEGY), this::spread);
    job.reads(List.of(JobKey.REFERENCE), this::reference);
    if (job.get("pack_length").isEmpty()) {
      job.take("max_prompt_token_length", JobKey.PROMPT_LENGTH);
    }
    job.take("response_length", JobKey.COMPLETION_LENGTH);
    job.take("per_device_train_batch_size", JobKey.MICRO_BATCH);
    job.take("num_samples_per_prompt_rollout", JobKey.GROUP_SIZE);
    job.take("num_epochs", JobKey.ITERATIONS);
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::rows);
    job.reads(List.of(JobKey.ENGINE), this::engine);
    job.reads(List.of(JobKey.GRAD_ACCUM), this::batch);
  }

  /** A number for each node. */
  private void learners() {
    Optional<Setting> each = job.get("num_learners_per_node");
    if (each.isEmpty()) {
      job.put(JobKey.GPU_COUNT, 1);
      return;
    }
    List<String> counts = each.get().words();
    long all = 0;
    for (String count : counts) {
      if (!count.matches("\\d{1,6}")) {
        throw each.get().unusable("whole numbers");
      }
      all += Integer.parseInt(count);
    }
    job.put(JobKey.GPU_COUNT, (int) Math.min(Integer.MAX_VALUE, all), each.get());
    if (counts.size() > 1) {
      job.put(JobKey.NODES, counts.size(), each.get());
    }
  }

  private void spread() {
    job.get("deepspeed_stage")
        .filter(stage -> stage.whole() > 0)
        .ifPresentOrElse(this::zero, this::whole);
    Optional<Setting> weights = job.get("deepspeed_offload_param").filter(Setting::bool);
    Optional<Setting> states = job.get("deepspeed_offload_optimizer").filter(Setting::bool);
    if (weights.isPresent()) {
      job.put(JobKey.OFFLOAD, List.of("parameters", "optimizer"), weights.get());
    } else {
      states.ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("optimizer"), on));
    }
    job.get("sequence_parallel_size")
        .filter(degree -> degree.whole() > 1)
        .ifPresent(
            degree -> {
              job.put(JobKey.CONTEXT, degree);
              job.put(JobKey.SEQUENCE_SCHEME, "ulysses", degree);
            });
  }

  /** Of stage 3 every 8 GPUs keep all weights once more, unless {@code deepspeed_zpg} differs. */
  private void zero(Setting stage) {
    job.put(JobKey.STRATEGY, "zero" + stage.whole(), stage);
    job.get("deepspeed_zpg")
        .filter(group -> stage.whole() == 3 && group.whole() != 8)
        .ifPresent(
            group ->
                job.notModelled(
                    JobKey.STRATEGY, group, Gap.of("deepspeed_zpg ", group.shown()).modelled("8")));
  }

  private void whole() {
    job.notModelled(
        JobKey.STRATEGY,
        Gap.of("deepspeed_stage 0")
            .needs("DeepSpeed's optimizer of bfloat16 without ZeRO")
            .modelled("deepspeed_stage 2, 3"));
  }

  /** There unless {@code load_ref_policy} is off, whatever its weight. */
  private void reference() {
    Optional<Setting> loaded = job.get("load_ref_policy");
    boolean none = loaded.filter(on -> !on.bool()).isPresent();
    if (loaded.isPresent()) {
      job.put(JobKey.REFERENCE, none ? "none" : "copy", loaded.get());
    } else {
      job.put(JobKey.REFERENCE, "copy");
    }
    job.take("beta", JobKey.BETA);
  }

  /**
   * Completions are packed with their prompts into rows of {@code pack_length} tokens, one or more
   * a row.
   */
  private void rows() {
    job.get("pack_length")
        .ifPresent(
            tokens -> {
              job.put(JobKey.PADDING, "packed", tokens);
              job.put(JobKey.SEQUENCE_LENGTH, tokens);
              int prompt = job.get("max_prompt_token_length").map(Setting::whole).orElse(256);
              if (tokens.whole() > prompt + job.whole(JobKey.COMPLETION_LENGTH).orElse(256)) {
                job.say(
                    FindingCode.NOT_COUNTED,
                    tokens,
                    "completions are packed into rows of ",
                    tokens.shown(),
                    " tokens, of which as many are counted as there are completions");
              }
            });
  }

  private void engine() {
    Optional<Setting> single = job.get("single_gpu_mode").filter(Setting::bool);
    single.ifPresent(on -> job.put(JobKey.ENGINE, "vllm-colocate", on));
    job.take("vllm_tensor_parallel_size", JobKey.ENGINE_TENSOR);
    job.take("vllm_gpu_memory_utilization", JobKey.ENGINE_FRACTION);
    if (single.isEmpty()) {
      int each = job.whole(JobKey.ENGINE_TENSOR).orElse(1);
      job.get("vllm_num_engines")
          .ifPresent(engines -> job.put(JobKey.ENGINE_GPUS, engines.times(each), engines));
      ahead();
    }
  }

  /** {@code async_mode} until May 2025; {@code async_steps} may be 0 until November. */
  private void ahead() {
    Optional<Setting> steps = job.get("async_steps");
    Optional<Setting> mode = job.get("async_mode");
    if (steps.isPresent()) {
      job.put(JobKey.ENGINE_AHEAD, steps.get().whole() > 0, steps.get());
    } else {
      mode.ifPresent(on -> job.put(JobKey.ENGINE_AHEAD, on.bool(), on));
    }
  }

  private void batch() {
    int processes = Math.max(1, Nodes.count(job) / job.whole(JobKey.CONTEXT).orElse(1));
    int group = job.whole(JobKey.GROUP_SIZE).orElse(4);
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(1);
    int parts = Math.max(1, job.get("num_mini_batches").map(Setting::whole).orElse(1));
    PromptBatch batch = new PromptBatch(processes, group, micro);
    job.get("num_unique_prompts_rollout")
        .ifPresent(
            prompts -> {
              new PromptBatch((long) processes * parts, group, micro).update(job, prompts);
              batch.generation(job, prompts);
            });
  }
}
