package dev.vramcast.formats.training.openinstruct;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is trained, and how it computes. */
final class Model {

  private final JobBuilder job;

  Model(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD), this::method);
    job.reads(
        List.of(JobKey.CHECKPOINTING),
        () ->
            job.get("gradient_checkpointing")
                .ifPresent(on -> job.put(JobKey.CHECKPOINTING, on.bool() ? "full" : "none", on)));
    job.reads(
        List.of(JobKey.MODEL_DTYPE),
        () -> job.any("model_dtype", "dtype").ifPresent(dtype -> Dtypes.read(job, dtype)));
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.get("use_liger_kernel")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.LIGER_KERNELS, Arrays.asList(LigerKernel.values()), on));
  }

  private void method() {
    Optional<Setting> four = job.get("use_qlora").filter(Setting::bool);
    Optional<Setting> adapters = job.any("use_lora", "use_peft").filter(Setting::bool);
    if (adapters.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.put(JobKey.METHOD, four.isPresent() ? "qlora" : "lora", adapters.get());
    four.ifPresent(on -> job.put(JobKey.QUANTIZATION_SCHEME, "nf4", on));
    job.any("lora_rank", "lora_r").ifPresent(rank -> job.put(JobKey.LORA_RANK, rank));
    job.take("lora_alpha", JobKey.LORA_ALPHA);
    job.take("lora_dropout", JobKey.LORA_DROPOUT);
    // open_instruct/dpo_tune_cache.py, LoraConfig.
    job.put(
        JobKey.LORA_TARGETS,
        List.of("q_proj", "o_proj", "v_proj", "k_proj", "gate_proj", "up_proj", "down_proj"));
  }

  private void attention() {
    job.get("attn_implementation").ifPresent(named -> AttentionWords.read(job, named));
    job.get("use_flash_attn")
        .filter(on -> !on.bool())
        .ifPresent(off -> job.put(JobKey.ATTENTION, "sdpa", off));
  }

  private void optimizer() {
    job.get("dpo_use_paged_optimizer")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OPTIMIZER_NAME, "paged-adamw", on));
    job.get("use_8bit_optimizer")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OPTIMIZER_NAME, "adamw-8bit", on));
  }
}
