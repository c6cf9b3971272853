package dev.vramcast.formats.training.verl;

import static dev.vramcast.formats.training.verl.VerlReader.ACTOR;
import static dev.vramcast.formats.training.verl.VerlReader.MODEL;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is trained, and how it computes. */
final class Method {

  private final JobBuilder job;

  Method(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD), this::method);
    job.reads(
        List.of(JobKey.MODEL_DTYPE),
        () ->
            job.get(ACTOR + "fsdp_config.model_dtype").ifPresent(dtype -> Dtypes.read(job, dtype)));
    if (!job.is(JobKey.STRATEGY, "megatron")) {
      job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
    }
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    // The whole of what stands before the language model (verl/utils/model.py).
    job.get(ACTOR + "freeze_vision_tower")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.FROZEN, List.of("towers", "projectors"), on));
    if (job.isOn(MODEL + "use_liger")) {
      job.put(
          JobKey.LIGER_KERNELS,
          Arrays.asList(LigerKernel.values()),
          job.get(MODEL + "use_liger").orElseThrow());
    }
  }

  private void method() {
    Optional<Setting> rank =
        job.get(MODEL + "lora_rank")
            .or(() -> job.get(MODEL + "lora.rank"))
            .filter(ranks -> ranks.whole() > 0);
    if (rank.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.put(JobKey.METHOD, "lora", rank.get());
    job.put(JobKey.LORA_RANK, rank.get());
    job.take(MODEL + "lora_alpha", JobKey.LORA_ALPHA);
    if (!job.has(JobKey.LORA_ALPHA)) {
      job.take(MODEL + "lora.alpha", JobKey.LORA_ALPHA);
    }
    job.take(MODEL + "lora.dropout", JobKey.LORA_DROPOUT);
    Targets.take(job, job.get(MODEL + "target_modules"));
  }

  private void checkpointing() {
    Optional<Setting> on = job.get(MODEL + "enable_gradient_checkpointing");
    boolean off = on.filter(setting -> !setting.bool()).isPresent();
    on.ifPresent(setting -> job.put(JobKey.CHECKPOINTING, off ? "none" : "full", setting));
    job.get(MODEL + "enable_activation_offload")
        .filter(Setting::bool)
        .ifPresent(
            offload -> {
              if (off) {
                job.say(
                    FindingCode.NOT_COUNTED,
                    offload,
                    offload.key() + " without checkpointing: activations are counted on the GPU");
              } else {
                job.put(JobKey.CHECKPOINTING, "offloaded", offload);
              }
            });
  }

  private void attention() {
    job.get(MODEL + "override_config.attn_implementation")
        .ifPresent(named -> AttentionWords.read(job, named));
  }

  private void optimizer() {
    job.get(ACTOR + "optim.optimizer")
        .ifPresent(
            named -> {
              switch (named.text().toLowerCase(Locale.ROOT)) {
                case "adamw", "adam" -> job.put(JobKey.OPTIMIZER_NAME, "adamw", named);
                case "adamw8bit", "_adamw" -> job.put(JobKey.OPTIMIZER_NAME, "adamw-8bit", named);
                case "sgd" -> job.put(JobKey.OPTIMIZER_NAME, "sgd", named);
                default -> throw named.unusable("AdamW, adam, AdamW8bit, SGD");
              }
            });
  }
}
