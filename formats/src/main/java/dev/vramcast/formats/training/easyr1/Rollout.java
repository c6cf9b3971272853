package dev.vramcast.formats.training.easyr1;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.rl.Engine;
import dev.vramcast.formats.training.rl.Nodes;
import dev.vramcast.formats.training.rl.PromptBatch;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Optional;

/** {@code verl/trainer/config.py} and {@code verl/workers/rollout/config.py} of EasyR1. */
final class Rollout {

  private static final String ROLLOUT = "worker.rollout.";
  private static final String ACTOR = "worker.actor.";

  /** verl/trainer/config.py of EasyR1. */
  private static final RunLength RUN = new RunLength("trainer.total_epochs", 15);

  private final JobBuilder job;

  Rollout(JobBuilder job) {
    this.job = job;
  }

  void read() {
    Optional<Setting> named = job.get("algorithm.adv_estimator");
    if (named.isPresent()) {
      String word = named.get().word();
      StageNames.read(job, named.get(), word.equals("gae") ? "ppo" : word);
    } else {
      StageNames.read(job, "grpo");
    }
    if (job.is(JobKey.STAGE, "ppo")) {
      job.take("worker.critic.model.model_path", JobKey.VALUE_MODEL);
    }
    job.reads(List.of(JobKey.REFERENCE), this::reference);
    job.take("data.max_prompt_length", JobKey.PROMPT_LENGTH);
    job.take("data.max_response_length", JobKey.COMPLETION_LENGTH);
    engine();
    job.reads(List.of(JobKey.GRAD_ACCUM), this::batches);
    job.take(ACTOR + "ppo_epochs", JobKey.ITERATIONS);
    job.reads(List.of(JobKey.EPOCHS), () -> RUN.readRounds(job, "trainer.max_steps"));
  }

  /** On unless {@code disable_kl}; a copy is loaded in bf16 (verl/workers/fsdp_workers.py). */
  private void reference() {
    Optional<Setting> disabled = job.get("algorithm.disable_kl").filter(Setting::bool);
    if (disabled.isPresent()) {
      job.put(JobKey.REFERENCE, "none", disabled.get());
    } else if (job.is(JobKey.METHOD, "lora")) {
      job.put(JobKey.REFERENCE, "adapter-off");
    } else {
      job.put(JobKey.REFERENCE, "copy");
      job.put(JobKey.REFERENCE_DTYPE, "bf16");
    }
    if (disabled.isEmpty()) {
      job.take("algorithm.kl_coef", JobKey.BETA);
    }
  }

  /** It sleeps between generations (verl/workers/rollout/vllm_rollout_spmd.py). */
  private void engine() {
    job.get(ROLLOUT + "name").ifPresent(named -> Engine.read(job, named, true));
    job.put(JobKey.ENGINE_SLEEP, 1);
    job.take(ROLLOUT + "n", JobKey.GROUP_SIZE);
    job.take(ROLLOUT + "gpu_memory_utilization", JobKey.ENGINE_FRACTION);
    job.take(ROLLOUT + "tensor_parallel_size", JobKey.ENGINE_TENSOR);
    job.take(ROLLOUT + "max_model_len", JobKey.ENGINE_LENGTH);
  }

  private void batches() {
    int degree = job.whole(JobKey.CONTEXT).orElse(1);
    int group = job.whole(JobKey.GROUP_SIZE).orElse(1);
    int micro = job.whole(JobKey.MICRO_BATCH).orElse(4);
    PromptBatch batch = new PromptBatch(Nodes.count(job) / degree, group, micro);
    job.get(ACTOR + "global_batch_size").ifPresent(prompts -> batch.update(job, prompts));
    job.get("data.rollout_batch_size").ifPresent(prompts -> batch.generation(job, prompts));
  }
}
