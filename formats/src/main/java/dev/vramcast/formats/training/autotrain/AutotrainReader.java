package dev.vramcast.formats.training.autotrain;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Recognition;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.Targets;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.Optimizers;
import dev.vramcast.formats.training.trainer.StageNames;
import java.util.List;
import java.util.Optional;

/** AutoTrain's YAML of language models, which it hands to TRL (autotrain/trainers/clm). */
public final class AutotrainReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(AutotrainReader.class, "keys.tsv");

  /** {@code block_size} where it is -1: configure_block_size. */
  private static final int USUAL_LENGTH = 1024;

  @Override
  public FormatName name() {
    return FormatName.AUTOTRAIN;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    boolean one = file.has("task") && file.has("base_model") && file.has("params");
    return one && file.form() == Form.TREE ? new Recognition(30) : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    if (TextClasses.isOne(job)) {
      TextClasses.read(job);
      return job.done(name());
    }
    job.put(JobKey.FRAMEWORK_NAME, FormatName.TRL.label());
    // What autotrain-advanced 0.8.36, the last, asks for.
    job.put(JobKey.FRAMEWORK_VERSION, "0.13.0");
    job.put(JobKey.TRANSFORMERS_VERSION, "4.48.0");
    job.put(JobKey.PEFT_VERSION, "0.14.0");
    job.take("base_model", JobKey.MODEL_ID);
    task(job);
    job.reads(List.of(JobKey.METHOD), () -> method(job));
    job.put(JobKey.MICRO_BATCH, 2);
    job.take("params.batch_size", JobKey.MICRO_BATCH);
    job.put(JobKey.GRAD_ACCUM, 4);
    job.take("params.gradient_accumulation", JobKey.GRAD_ACCUM);
    job.take("params.epochs", JobKey.EPOCHS);
    job.reads(List.of(JobKey.SEQUENCE_LENGTH), () -> length(job));
    job.put(
        JobKey.CHECKPOINTING, job.isOn("params.disable_gradient_checkpointing") ? "none" : "full");
    job.get("params.optimizer")
        .ifPresent(
            name -> job.reads(List.of(JobKey.OPTIMIZER_NAME), () -> Optimizers.read(job, name)));
    job.reads(List.of(JobKey.PRECISION), () -> precision(job));
    job.get("params.use_flash_attention_2")
        .filter(Setting::bool)
        .ifPresent(on -> job.put(JobKey.ATTENTION, "flash", on));
    job.assumeOneGpu();
    return job.done(name());
  }

  /** autotrain/parser.py: {@code llm-sft} and its like; {@code llm} alone is told by params. */
  private static void task(JobBuilder job) {
    Optional<Setting> task = job.get("task");
    String word = task.map(Setting::word).orElse("");
    String trainer =
        word.matches("llm[-:]\\w+")
            ? word.substring(4)
            : job.get("params.trainer").map(Setting::word).orElse("default");
    if (!word.startsWith("llm")) {
      job.unnamedStage(task, word);
      return;
    }
    switch (trainer) {
      case "sft" -> job.put(JobKey.PADDING, "packed");
      case "default", "generic" -> {}
      default -> StageNames.read(job, task.orElseThrow(), trainer);
    }
    if (job.is(JobKey.STAGE, "dpo")) {
      job.take("params.dpo_beta", JobKey.BETA);
    }
  }

  private static void method(JobBuilder job) {
    Optional<Setting> peft = job.get("params.peft").filter(Setting::bool);
    if (peft.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    Optional<Setting> bits = job.get("params.quantization");
    String word =
        job.isNull("params.quantization") ? "none" : bits.map(Setting::word).orElse("int4");
    switch (word) {
      case "int4" -> {
        job.put(JobKey.METHOD, "qlora", bits.orElse(peft.get()));
        job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NF4, bits.orElse(peft.get()));
        job.put(JobKey.DOUBLE_QUANT, false);
      }
      case "int8" -> {
        job.put(JobKey.METHOD, "lora", bits.orElse(peft.get()));
        job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.INT8, bits.orElse(peft.get()));
      }
      case "none" -> job.put(JobKey.METHOD, "lora", peft.get());
      default -> throw bits.orElse(peft.get()).unusable("int4, int8, none");
    }
    job.put(JobKey.LORA_RANK, 16);
    job.put(JobKey.LORA_ALPHA, 32);
    job.put(JobKey.LORA_DROPOUT, 0.05);
    job.put(JobKey.LORA_TARGETS, List.of("all-linear"));
    job.take("params.lora_r", JobKey.LORA_RANK);
    job.take("params.lora_alpha", JobKey.LORA_ALPHA);
    job.take("params.lora_dropout", JobKey.LORA_DROPOUT);
    Targets.take(job, job.get("params.target_modules"));
  }

  private static void length(JobBuilder job) {
    Optional<Setting> block =
        job.get("params.block_size").filter(size -> size.number().signum() > 0);
    if (block.isPresent()) {
      job.put(JobKey.SEQUENCE_LENGTH, block.get());
    } else {
      job.put(JobKey.SEQUENCE_LENGTH, USUAL_LENGTH);
      job.say(
          FindingCode.SURPRISING_DEFAULT,
          "params.block_size",
          "params.block_size is missing: AutoTrain takes 1024, whatever model_max_length says");
    }
  }

  /**
   * No dtype is handed to from_pretrained, which takes fp32, and fp16 beside a base that
   * bitsandbytes quantises (transformers/quantizers/quantizer_bnb_4bit.py update_torch_dtype).
   */
  static void precision(JobBuilder job) {
    job.put(JobKey.MODEL_DTYPE, job.has(JobKey.QUANTIZATION_SCHEME) ? "fp16" : "fp32");
    Optional<Setting> mixed = job.get("params.mixed_precision");
    String word = mixed.map(Setting::word).orElse("none");
    switch (word) {
      case "bf16", "fp16" -> job.put(JobKey.PRECISION, word + "-mixed", mixed.orElseThrow());
      case "none", "no" -> job.put(JobKey.PRECISION, "fp32");
      default -> throw mixed.orElseThrow().unusable("bf16, fp16, none");
    }
  }
}
