package dev.vramcast.formats.training.llamafactory;

import dev.vramcast.core.job.document.JobKey;
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
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.AttentionWords;
import dev.vramcast.formats.training.trainer.DeepSpeedKey;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files of LLaMA-Factory's new engine, which nest what the old one has flat. */
public final class NewEngineReader implements ConfigReader {

  private static final KeyTable KEYS = KeyTable.of(NewEngineReader.class, "v1.tsv");

  /** llamafactory/v1/config/training_args.py. */
  private static final RunLength RUN = new RunLength("num_train_epochs", 3);

  @Override
  public FormatName name() {
    return FormatName.LLAMA_FACTORY_V1;
  }

  @Override
  public KeyTable keys() {
    return KEYS;
  }

  @Override
  public Recognition recognises(TrainingFile file) {
    long sections =
        Stream.of("peft_config", "dist_config", "quant_config", "kernel_config")
            .flatMap(name -> file.node(name).stream())
            .filter(node -> node instanceof Node.Fields || node.value() == null)
            .count();
    int told = (int) sections + file.count("model_class", "train_dataset", "batching_strategy");
    boolean own = sections > 0 || KEYS.knowsMost(file.root().fields().keySet());
    return file.form() == Form.TREE && file.has("model") && told > 0 && own
        ? new Recognition(6 + told)
        : Recognition.NONE;
  }

  @Override
  public Reading read(TrainingFile file, SiblingFiles siblings) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, FormatName.LLAMA_FACTORY.label());
    // training_args.py micro_batch_size, where the old engine has the Trainer's 8.
    if (!job.has(JobKey.MICRO_BATCH)) {
      job.put(JobKey.MICRO_BATCH, 1);
    }
    job.reads(List.of(JobKey.STRATEGY), () -> spread(job, siblings));
    job.reads(Method.KEYS, () -> method(job));
    job.reads(List.of(JobKey.PRECISION), () -> precision(job));
    job.reads(List.of(JobKey.CHECKPOINTING), () -> checkpointing(job));
    job.reads(List.of(JobKey.PADDING), () -> batching(job));
    job.reads(
        List.of(JobKey.ATTENTION),
        () -> job.get("flash_attn").ifPresent(setting -> AttentionWords.read(job, setting)));
    job.reads(List.of(JobKey.OPTIMIZER_NAME), () -> optimizer(job));
    job.reads(List.of(JobKey.EPOCHS), () -> RUN.read(job, "max_steps"));
    batch(job);
    if (!job.has(JobKey.SHARD) && !job.has(JobKey.CONTEXT)) {
      job.assumeOneGpu();
    }
    return job.done(name());
  }

  private static void spread(JobBuilder job, SiblingFiles siblings) {
    Optional<Setting> name = job.get("dist_config.name");
    if (name.isEmpty()) {
      return;
    }
    switch (name.get().word()) {
      case "fsdp2", "fsdpturbo", "fsdp" -> job.put(JobKey.STRATEGY, "fsdp2", name.get());
      case "deepspeed" ->
          DeepSpeedKey.read(job, job.get("dist_config.config_file").orElse(name.get()), siblings);
      case "ddp" -> {}
      default -> throw name.get().unusable("fsdp2, deepspeed, ddp");
    }
  }

  private static void method(JobBuilder job) {
    Optional<Setting> name = job.get("peft_config.name");
    if (name.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    Optional<Setting> bits = job.get("quant_config.quantization_bit");
    if (name.get().word().equals("freeze")) {
      job.put(JobKey.METHOD, "freeze", name.get());
      FreezeTuning.read(job, "peft_config.");
      return;
    }
    if (!name.get().word().equals("lora")) {
      throw name.get().unusable("lora, freeze");
    }
    bits.ifPresent(
        setting ->
            job.put(JobKey.QUANTIZATION_SCHEME, setting.whole() == 8 ? "int8" : "nf4", setting));
    boolean four = job.is(JobKey.QUANTIZATION_SCHEME, "nf4");
    job.put(JobKey.METHOD, four ? "qlora" : "lora", name.get());
    job.take("peft_config.r", JobKey.LORA_RANK);
    job.take("peft_config.lora_alpha", JobKey.LORA_ALPHA);
    job.take("peft_config.lora_dropout", JobKey.LORA_DROPOUT);
    Targets.take(job, job.get("peft_config.target_modules"));
  }

  /** training_args.py bf16, which is on. */
  private static void precision(JobBuilder job) {
    boolean off = job.isOff("bf16");
    job.get("bf16")
        .ifPresentOrElse(
            setting -> job.put(JobKey.PRECISION, off ? "fp32" : "bf16-mixed", setting),
            () -> job.put(JobKey.PRECISION, "bf16-mixed"));
  }

  private static void checkpointing(JobBuilder job) {
    job.get("enable_activation_checkpointing")
        .ifPresent(
            setting -> job.put(JobKey.CHECKPOINTING, setting.bool() ? "full" : "none", setting));
  }

  private static void batching(JobBuilder job) {
    job.get("batching_strategy")
        .filter(setting -> setting.word().contains("padding_free"))
        .ifPresent(setting -> job.put(JobKey.PADDING, "packed", setting));
  }

  private static void optimizer(JobBuilder job) {
    job.get("optim_config.name")
        .ifPresent(
            setting -> {
              String name = setting.word();
              job.put(JobKey.OPTIMIZER_NAME, name.equals("muon") ? "muon" : "adamw", setting);
              if (!name.equals("muon") && !name.startsWith("adamw")) {
                job.say(FindingCode.NOT_COUNTED, setting, "the optimizer is counted as adamw");
              }
            });
  }

  /** The batch of all GPUs, of which a flag may say how many there are. */
  private static void batch(JobBuilder job) {
    job.get("global_batch_size")
        .ifPresent(
            setting ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    setting,
                    "global_batch_size is ",
                    setting.shown(),
                    ": ",
                    JobKey.GRAD_ACCUM,
                    " says how many micro-batches that makes"));
  }
}
