package dev.vramcast.formats.training.openrlhf;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.Dtypes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** What is trained, and how DeepSpeed holds it. */
final class Method {

  private final JobBuilder job;

  Method(JobBuilder job) {
    this.job = job;
  }

  void read() {
    job.reads(List.of(JobKey.METHOD), this::method);
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.STRATEGY), this::strategy);
    job.reads(List.of(JobKey.CHECKPOINTING), this::checkpointing);
    job.reads(List.of(JobKey.ATTENTION), this::attention);
    job.reads(List.of(JobKey.PADDING), this::padding);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.any("ds.use_liger_kernel", "use_liger_kernel")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.LIGER_KERNELS, Arrays.asList(LigerKernel.values()), on));
  }

  private void method() {
    Optional<Setting> rank = job.any("ds.lora.rank", "lora_rank").filter(r -> r.whole() > 0);
    Optional<Setting> four = job.any("ds.load_in_4bit", "load_in_4bit").filter(Setting::bool);
    if (rank.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.put(JobKey.METHOD, four.isPresent() ? "qlora" : "lora", rank.get());
    four.ifPresent(on -> job.put(JobKey.QUANTIZATION_SCHEME, "nf4", on));
    // openrlhf/models/actor.py: BitsAndBytesConfig(bnb_4bit_use_double_quant=True).
    four.ifPresent(on -> job.put(JobKey.DOUBLE_QUANT, true, on));
    job.put(JobKey.LORA_RANK, rank.get());
    take(JobKey.LORA_ALPHA, "ds.lora.alpha", "lora_alpha");
    take(JobKey.LORA_DROPOUT, "ds.lora.dropout", "lora_dropout");
    Targets.take(job, job.any("ds.lora.target_modules", "target_modules"));
  }

  private void precision() {
    Optional<Setting> named = job.any("ds.param_dtype", "param_dtype");
    Optional<Setting> bf16 = job.get("bf16").filter(Setting::bool);
    if (named.isPresent()) {
      DataType dtype = Dtypes.of(named.get()).orElse(DataType.BF16);
      job.put(JobKey.PRECISION, dtype.label(), named.get());
      job.put(JobKey.MODEL_DTYPE, dtype, named.get());
    } else {
      bf16.ifPresent(on -> job.put(JobKey.PRECISION, "bf16", on));
    }
  }

  private void strategy() {
    Optional<Setting> stage = job.any("ds.zero_stage", "zero_stage");
    stage.ifPresent(
        setting -> {
          switch (setting.whole()) {
            case 0 -> job.put(JobKey.STRATEGY, "ddp", setting);
            case 1, 2, 3 -> job.put(JobKey.STRATEGY, "zero" + setting.whole(), setting);
            default -> throw setting.unusable("0, 1, 2, 3");
          }
        });
    job.any("ds.adam_offload", "adam_offload")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.OFFLOAD, List.of("optimizer"), on));
    way(JobKey.TENSOR, "ds.tensor_parallel_size", "ds_tensor_parallel_size");
    way(JobKey.CONTEXT, "ds.ring_attn_size", "ring_attn_size");
  }

  private void checkpointing() {
    take(
        Setting::bool,
        on -> job.put(JobKey.CHECKPOINTING, "full", on),
        "actor.gradient_checkpointing_enable",
        "model.gradient_checkpointing_enable",
        "gradient_checkpointing");
    if (job.has(JobKey.CHECKPOINTING)) {
      Optional<Setting> reentrant =
          job.any(
              "actor.gradient_checkpointing_reentrant",
              "model.gradient_checkpointing_reentrant",
              "gradient_checkpointing_use_reentrant");
      job.put(
          JobKey.CHECKPOINTING_REENTRANT,
          reentrant.filter(Setting::bool).isPresent(),
          reentrant.orElseGet(
              () ->
                  job.any(
                          "actor.gradient_checkpointing_enable",
                          "model.gradient_checkpointing_enable",
                          "gradient_checkpointing")
                      .orElseThrow()));
    }
  }

  private void attention() {
    job.any("ds.attn_implementation", "attn_implementation")
        .ifPresent(named -> AttentionWords.read(job, named));
    job.get("flash_attn")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.ATTENTION, "flash", on));
  }

  private void padding() {
    take(
        Setting::bool,
        on -> job.put(JobKey.PADDING, "packed", on),
        "ds.packing_samples",
        "packing_samples");
  }

  private void optimizer() {
    Optional<Setting> named = job.any("actor.optim", "optim");
    if (named.isPresent()) {
      switch (named.get().word()) {
        case "adam" -> job.put(JobKey.OPTIMIZER_NAME, "adamw", named.get());
        case "muon" -> job.put(JobKey.OPTIMIZER_NAME, "muon", named.get());
        default -> throw named.get().unusable("adam, muon");
      }
    }
  }

  private void take(JobKey key, String... names) {
    job.any(names).ifPresent(setting -> job.reads(List.of(key), () -> job.put(key, setting)));
  }

  private void take(Predicate<Setting> where, Consumer<Setting> put, String... names) {
    job.any(names).filter(where).ifPresent(put);
  }

  private void way(JobKey key, String... names) {
    job.any(names).filter(degree -> degree.whole() > 1).ifPresent(degree -> job.put(key, degree));
  }
}
