package dev.vramcast.formats.training.torchtune;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.trainer.OptimizerClasses;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the recipes read beside the model. */
final class Step {

  private final JobBuilder job;
  private final String recipe;

  /**
   * The step of one job.
   *
   * @param recipe its name; empty where nothing says it
   */
  Step(JobBuilder job, String recipe) {
    this.job = job;
    this.recipe = recipe;
  }

  void read() {
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), this::length);
    job.reads(List.of(JobKey.PADDING), this::packing);
    job.reads(List.of(JobKey.PRECISION), this::precision);
    job.reads(List.of(JobKey.CHECKPOINTING), new Recomputation(job, recipe)::read);
    job.reads(List.of(JobKey.OPTIMIZER_NAME), this::optimizer);
    job.reads(List.of(JobKey.LOSS), this::loss);
    job.reads(List.of(JobKey.COMPILE), this::compile);
    job.reads(List.of(JobKey.OFFLOAD), this::offload);
    job.reads(List.of(JobKey.STEPS), this::steps);
  }

  private void length() {
    Optional<Setting> coverage =
        job.get("tokenizer.max_seq_len").or(() -> job.get("dataset.max_seq_len"));
    if (coverage.isPresent()) {
      job.put(JobKey.SEQUENCE_LENGTH, coverage.get());
      return;
    }
    if (job.isOn("dataset.packed")) {
      job.say(
          FindingCode.REFUSED,
          job.get("dataset.packed").orElseThrow(),
          "dataset.packed is refused without tokenizer.max_seq_len");
    }
    job.openLength(
        "tokenizer.max_seq_len is null, so examples are not cut and the longest decides");
  }

  private void packing() {
    if (job.isOn("dataset.packed")) {
      job.put(JobKey.PADDING, Padding.PACKED, job.get("dataset.packed").orElseThrow());
    }
  }

  private void precision() {
    Optional<Setting> dtype = job.get("dtype");
    if (dtype.isEmpty()) {
      return;
    }
    switch (dtype.get().word()) {
      case "bf16", "bfloat16" -> job.put(JobKey.PRECISION, "bf16", dtype.get());
      case "fp32", "float32" -> job.put(JobKey.PRECISION, "fp32", dtype.get());
      case "fp16" -> {
        job.put(JobKey.PRECISION, "fp16", dtype.get());
        job.say(FindingCode.REFUSED, dtype.get(), "dtype fp16 is refused by torchtune's recipes");
      }
      default -> throw dtype.get().unusable("bf16, fp32");
    }
  }

  private void optimizer() {
    Optional<Setting> component = job.get("optimizer._component_");
    if (component.isEmpty()) {
      return;
    }
    OptimizerClasses.read(job, component.get());
    boolean torchs = !job.has(JobKey.OPTIMIZER_IMPLEMENTATION);
    if (torchs && job.is(JobKey.OPTIMIZER_NAME, "adamw")) {
      Optional<Setting> fused = job.get("optimizer.fused").filter(Setting::bool);
      Optional<Setting> single = job.get("optimizer.foreach").filter(told -> !told.bool());
      job.put(
          JobKey.OPTIMIZER_IMPLEMENTATION,
          fused.isPresent() ? "fused" : single.isPresent() ? "for-loop" : "foreach",
          fused.or(() -> single).orElse(component.get()));
    }
    boolean inBackward = job.isOn("optimizer_in_bwd");
    boolean accumulates =
        job.get("gradient_accumulation_steps").filter(value -> value.whole() > 1).isPresent();
    if (inBackward && accumulates) {
      job.say(
          FindingCode.REFUSED,
          job.get("optimizer_in_bwd").orElseThrow(),
          "optimizer_in_bwd is refused with gradient_accumulation_steps above 1");
    }
  }

  private void loss() {
    Optional<Setting> component = job.get("loss._component_");
    if (component.isEmpty()) {
      return;
    }
    String path = component.get().text();
    String name = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    boolean chunked = name.contains("chunked") || name.startsWith("linear");
    boolean ofText = chunked || name.contains("crossentropy");
    job.put(JobKey.LOSS, chunked ? LossKernel.CHUNKED : LossKernel.FULL, component.get());
    if (!ofText && Recipe.stageOf(path).isEmpty()) {
      job.say(
          FindingCode.NOT_COUNTED,
          component.get(),
          "loss._component_ is "
              + component.get().shown()
              + (job.has(JobKey.STAGE)
                  ? ": counted as the loss of the recipe's stage"
                  : ": counted as cross-entropy"));
    }
  }

  private void compile() {
    job.get("compile")
        .filter(setting -> setting.isBool())
        .ifPresent(setting -> job.put(JobKey.COMPILE, setting));
  }

  private void offload() {
    if (job.isOn("fsdp_cpu_offload")) {
      job.put(JobKey.OFFLOAD, List.of("parameters"), job.get("fsdp_cpu_offload").orElseThrow());
    }
  }

  private void steps() {
    job.get("max_steps_per_epoch")
        .filter(setting -> setting.number().signum() > 0)
        .ifPresent(each -> job.put(JobKey.STEPS, each.number().doubleValue() * epochs(), each));
  }

  private double epochs() {
    return job.get("epochs").map(epochs -> epochs.number().doubleValue()).orElse(1.0);
  }
}
