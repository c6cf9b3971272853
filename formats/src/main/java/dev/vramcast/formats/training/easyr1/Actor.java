package dev.vramcast.formats.training.easyr1;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FrozenParts;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code verl/workers/actor/config.py} of EasyR1. */
final class Actor {

  private static final String ACTOR = "worker.actor.";

  private final JobBuilder job;

  Actor(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD), this::method);
    job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
    job.reads(List.of(JobKey.PADDING), this::padding);
    job.reads(List.of(JobKey.STRATEGY), this::spread);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    // verl/workers/fsdp_workers.py: model.visual, which holds what projects, has no gradients.
    job.reads(
        List.of(JobKey.FROZEN),
        () -> on("model.freeze_vision_tower").ifPresent(on -> FrozenParts.all(job, on)));
    job.take(ACTOR + "micro_batch_size_per_device_for_update", JobKey.MICRO_BATCH);
  }

  private void method() {
    Optional<Setting> rank = job.get(ACTOR + "model.lora.rank").filter(r -> r.whole() > 0);
    if (rank.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.put(JobKey.METHOD, "lora", rank.get());
    job.put(JobKey.LORA_RANK, rank.get());
    job.take(ACTOR + "model.lora.alpha", JobKey.LORA_ALPHA);
    Targets.take(job, job.get(ACTOR + "model.lora.target_modules"));
  }

  private void checkpointing() {
    job.get(ACTOR + "model.enable_gradient_checkpointing")
        .ifPresent(on -> job.put(JobKey.CHECKPOINTING, on.bool() ? "full" : "none", on));
  }

  private void padding() {
    job.get(ACTOR + "padding_free")
        .ifPresent(free -> job.put(JobKey.PADDING, free.bool() ? "packed" : "padded", free));
  }

  private void spread() {
    job.take(ACTOR + "fsdp.enable_full_shard", JobKey.RESHARD_AFTER_FORWARD);
    job.get(ACTOR + "fsdp.torch_dtype").ifPresent(dtype -> Dtypes.read(job, dtype));
    Dtypes.reduces(job, ACTOR + "fsdp.mp_reduce_dtype");
    job.get(ACTOR + "fsdp.enable_cpu_offload")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("parameters", "optimizer"), on));
    job.get(ACTOR + "ulysses_size")
        .or(() -> job.get(ACTOR + "ulysses_sequence_parallel_size"))
        .filter(degree -> degree.whole() > 1)
        .ifPresent(
            degree -> {
              job.put(JobKey.CONTEXT, degree);
              job.put(JobKey.SEQUENCE_SCHEME, "ulysses", degree);
            });
    List<String> away = new ArrayList<>();
    Optional<Setting> parameters = on("offload.offload_params");
    Optional<Setting> states = on("offload.offload_optimizer");
    parameters.ifPresent(setting -> away.add("parameters"));
    states.ifPresent(setting -> away.add("optimizer"));
    parameters
        .or(() -> states)
        .ifPresent(setting -> job.put(JobKey.OFFLOAD_WHILE_GENERATING, away, setting));
  }

  private Optional<Setting> on(String key) {
    return job.get(ACTOR + key).filter(Setting::bool);
  }

  /** verl/workers/fsdp_workers.py: adamw_bf16 keeps its states in bf16, over weights in bf16. */
  private void optimizer() {
    Optional<Setting> named = job.get(ACTOR + "optim.strategy");
    if (named.isEmpty()) {
      return;
    }
    switch (named.get().word()) {
      case "adamw" -> job.put(JobKey.OPTIMIZER_NAME, "adamw", named.get());
      case "adamw_bf16" -> {
        job.put(JobKey.OPTIMIZER_NAME, "adamw", named.get());
        job.put(JobKey.OPTIMIZER_STATE_DTYPE, "bf16", named.get());
      }
      default -> throw named.get().unusable("adamw, adamw_bf16");
    }
  }
}
