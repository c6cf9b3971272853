package dev.vramcast.formats.training.nemorl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.automodel.EngineAdam;
import dev.vramcast.formats.training.megatron.MegatronTargets;
import dev.vramcast.formats.training.megatron.NarrowRecipe;
import dev.vramcast.formats.training.megatron.OffloadedOptimizer;
import dev.vramcast.formats.training.megatron.Recomputation;
import dev.vramcast.formats.training.megatron.WholeStates;
import java.util.List;
import java.util.Optional;

/** The model that is trained, under DTensor's FSDP2 or under Megatron. */
final class Policy {

  private static final String POLICY = "policy.";
  private static final String DTENSOR = POLICY + "dtensor_cfg.";
  private static final String MEGATRON = POLICY + "megatron_cfg.";

  private final JobBuilder job;

  Policy(JobBuilder job) {
    this.job = job;
  }

  void read() {
    boolean megatron = job.isOn(MEGATRON + "enabled");
    String section = megatron ? MEGATRON : DTENSOR;
    job.get(DTENSOR + "enabled")
        .filter(both -> megatron && both.bool())
        .ifPresent(
            both ->
                job.say(
                    FindingCode.REFUSED,
                    both,
                    both.key()
                        + " beside "
                        + MEGATRON
                        + "enabled is refused by NeMo-RL: Megatron is counted"));
    job.reads(List.of(JobKey.STRATEGY), () -> strategy(megatron, section));
    job.reads(List.of(JobKey.METHOD), () -> method(megatron));
    // policy/fsdp1_policy_worker.py, until 0.3, where neither of the two is enabled.
    boolean first = !megatron && !job.isOn(DTENSOR + "enabled");
    String checkpoints = POLICY + "activation_checkpointing_enabled";
    job.reads(
        List.of(JobKey.CHECKPOINTING),
        () ->
            job.get(section + "activation_checkpointing")
                .filter(on -> !first || !job.isOn(checkpoints))
                .or(() -> job.get(checkpoints).filter(on -> first))
                .ifPresent(on -> checkpoints(on, megatron)));
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), () -> optimizer(megatron));
    job.take(POLICY + "train_micro_batch_size", JobKey.MICRO_BATCH);
    job.get(MEGATRON + "fp8_cfg")
        .filter(fp8 -> megatron)
        .filter(fp8 -> fp8.at("enabled").filter(Setting::bool).isPresent())
        .ifPresent(fp8 -> NarrowRecipe.read(job, fp8, fp8.at("fp8_recipe")));
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
  }

  /** Megatron's granularity counts where it recomputes at all. */
  private void checkpoints(Setting on, boolean megatron) {
    Optional<Setting> some =
        job.get(MEGATRON + "recompute_granularity")
            .filter(word -> megatron && on.bool() && word.word().equals("selective"));
    job.put(JobKey.CHECKPOINTING, some.map(Setting::word).orElse(on.bool() ? "full" : "none"), on);
    some.ifPresent(word -> Recomputation.read(job, MEGATRON, word.word(), "NeMo-RL's"));
  }

  private void strategy(boolean megatron, String section) {
    Optional<Setting> enabled = job.get(section + "enabled").filter(Setting::bool);
    if (enabled.isPresent()) {
      job.put(JobKey.STRATEGY, megatron ? "megatron" : "fsdp2", enabled.get());
    }
    job.takeWay(
        megatron ? MEGATRON + "tensor_model_parallel_size" : DTENSOR + "tensor_parallel_size",
        JobKey.TENSOR);
    job.takeWay(section + "context_parallel_size", JobKey.CONTEXT);
    if (job.divides(JobKey.TENSOR)) {
      job.take(section + "sequence_parallel", JobKey.SEQUENCE_PARALLEL);
    }
    job.takeWay(
        megatron ? MEGATRON + "expert_model_parallel_size" : DTENSOR + "expert_parallel_size",
        JobKey.EXPERT);
    if (megatron) {
      job.takeWay(MEGATRON + "pipeline_model_parallel_size", JobKey.PIPELINE);
      job.take(MEGATRON + "expert_tensor_parallel_size", JobKey.EXPERT_TENSOR);
      job.reads(
          List.of(JobKey.OFFLOAD), () -> OffloadedOptimizer.read(job, MEGATRON + "optimizer."));
      WholeStates.read(job, MEGATRON + "optimizer.use_distributed_optimizer");
      job.reads(List.of(JobKey.REDUCE_DTYPE), this::gradients);
    } else {
      job.takeWay(DTENSOR + "dp_replicate_size", JobKey.REPLICATE);
      job.get(DTENSOR + "cpu_offload")
          .filter(Setting::bool)
          .or(
              () ->
                  job.get(POLICY + "fsdp_offload_enabled")
                      .filter(on -> enabled.isEmpty() && on.bool()))
          .ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("parameters", "optimizer"), on));
    }
  }

  /** What Megatron reduces gradients in is what it sums them in. */
  private void gradients() {
    job.get(MEGATRON + "distributed_data_parallel_config.grad_reduce_in_fp32")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.REDUCE_DTYPE, "fp32", on));
  }

  private void method(boolean megatron) {
    String section = megatron ? MEGATRON + "peft." : DTENSOR + "lora_cfg.";
    Optional<Setting> adapters = job.get(section + "enabled").filter(Setting::bool);
    if (adapters.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.put(JobKey.METHOD, "lora", adapters.get());
    job.take(section + "dim", JobKey.LORA_RANK);
    job.take(section + "alpha", JobKey.LORA_ALPHA);
    job.take(section + "dropout", JobKey.LORA_DROPOUT);
    Optional<Setting> named = job.get(section + "target_modules");
    // nemo_rl/models/policy/__init__.py: MegatronPeftConfig has no switch, and an empty list is
    // all.
    boolean all =
        megatron
            ? named.filter(list -> !list.words().isEmpty()).isEmpty()
            : !job.isOff(section + "match_all_linear");
    if (all) {
      job.put(JobKey.LORA_TARGETS, List.of("all-linear"), adapters.get());
    } else if (megatron) {
      MegatronTargets.take(job, named);
    } else {
      Targets.take(job, named);
    }
    if (megatron) {
      MegatronTargets.sayFused(job, named.orElse(adapters.get()));
    }
  }

  private void precision() {
    Optional<Setting> named = job.get(POLICY + "precision");
    if (named.isEmpty()) {
      return;
    }
    switch (named.get().word()) {
      case "bfloat16" -> job.put(JobKey.PRECISION, "bf16-mixed", named.get());
      case "float16" -> job.put(JobKey.PRECISION, "fp16-mixed", named.get());
      case "float32" -> job.put(JobKey.PRECISION, "fp32", named.get());
      default -> throw named.get().unusable("bfloat16, float16, float32");
    }
  }

  private void optimizer(boolean megatron) {
    Optional<Setting> named =
        megatron ? job.get(MEGATRON + "optimizer.optimizer") : job.get(POLICY + "optimizer.name");
    named.ifPresent(
        setting -> {
          if (EngineAdam.isOne(setting)) {
            EngineAdam.read(job, setting, POLICY + "optimizer.kwargs.");
            return;
          }
          String word = setting.word();
          switch (word.substring(word.lastIndexOf('.') + 1)) {
            case "adamw", "adam" -> job.put(JobKey.OPTIMIZER_NAME, "adamw", setting);
            case "sgd" -> job.put(JobKey.OPTIMIZER_NAME, "sgd", setting);
            case "muon", "dist_muon" -> job.put(JobKey.OPTIMIZER_NAME, "muon", setting);
            default -> throw setting.unusable("torch.optim.AdamW, adam, sgd, muon");
          }
        });
  }

  /** Packed rows are filled up to {@code train_mb_tokens}. */
  private void length() {
    job.get(POLICY + "max_total_sequence_length")
        .ifPresent(tokens -> job.put(JobKey.SEQUENCE_LENGTH, tokens));
    if (job.isOn(POLICY + "sequence_packing.enabled")) {
      job.put(JobKey.PADDING, "packed", job.get(POLICY + "sequence_packing.enabled").orElseThrow());
    }
  }
}
