package dev.vramcast.formats.training.llamarecipes;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.KeyTable;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.run.RunLength;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.formats.training.trainer.LauncherOptions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A command of llama-recipes' {@code finetuning.py}, whose options are the fields of its classes of
 * settings, with or without the class before them ({@code --fsdp_config.pure_bf16}). Names and
 * defaults are those of llama-cookbook 0.0.5, {@code configs/training.py}, {@code fsdp.py}, {@code
 * peft.py} and {@code quantization.py}.
 */
public final class LlamaRecipesCommand {

  private static final KeyTable KEYS = KeyTable.of(LlamaRecipesCommand.class, "keys.tsv");

  private static final String FRAMEWORK = "llama-recipes";

  private static final Pattern PROGRAM =
      Pattern.compile("(?:.*[/.])?(?:llama_)?finetuning(?:\\.py)?|llama_(?:recipes|cookbook)\\..*");

  /** Options that no other program is known to have. */
  private static final String[] OWN = {
    "batch_size_training",
    "enable_fsdp",
    "low_cpu_fsdp",
    "batching_strategy",
    "dist_checkpoint_root_folder",
    "pure_bf16",
    "fsdp_config.pure_bf16"
  };

  private static final RunLength LENGTH = new RunLength("num_epochs", 3);

  private final JobBuilder job;

  private LlamaRecipesCommand(JobBuilder job) {
    this.job = job;
  }

  /** Whether a command is one of its. */
  public static boolean isOne(TrainingFile file) {
    boolean program =
        file.command().stream()
            .flatMap(command -> command.words().stream())
            .anyMatch(word -> PROGRAM.matcher(word).matches());
    return file.form() == Form.COMMAND
        && file.has("model_name")
        && file.count(OWN) >= (program ? 1 : 2);
  }

  /** What it trains. */
  public static Reading read(TrainingFile file) {
    JobBuilder job = new JobBuilder(file, KEYS);
    job.put(JobKey.FRAMEWORK_NAME, FRAMEWORK);
    LlamaRecipesCommand command = new LlamaRecipesCommand(job);
    job.take("model_name", JobKey.MODEL_ID);
    new LauncherOptions(job, file).read();
    if (!job.has(JobKey.GPU_COUNT)) {
      job.assumeOneGpu();
    }
    job.reads(List.of(JobKey.METHOD), command::method);
    job.reads(List.of(JobKey.QUANTIZATION_SCHEME), command::quantization);
    job.take("batch_size_training", JobKey.MICRO_BATCH);
    job.take("context_length", JobKey.SEQUENCE_LENGTH);
    job.take("gradient_accumulation_steps", JobKey.GRAD_ACCUM);
    job.reads(List.of(JobKey.PADDING), command::padding);
    LENGTH.readRounds(job, "max_train_step");
    job.reads(List.of(JobKey.STRATEGY), command::spread);
    job.reads(List.of(JobKey.PRECISION, JobKey.MODEL_DTYPE), command::precision);
    return job.done(FormatName.TRANSFORMERS);
  }

  /** A field by itself, or behind the name of its class. */
  private Optional<Setting> get(String section, String field) {
    return job.any(field, section + '.' + field);
  }

  private boolean isOn(String section, String field) {
    return get(section, field).filter(Setting::bool).isPresent();
  }

  private boolean isOff(String section, String field) {
    return get(section, field).filter(setting -> !setting.bool()).isPresent();
  }

  private void method() {
    Optional<Setting> adapters = job.get("use_peft").filter(Setting::bool);
    if (adapters.isEmpty()) {
      job.put(JobKey.METHOD, "full");
      return;
    }
    job.get("peft_method")
        .filter(method -> !method.word().equals("lora"))
        .ifPresent(
            method ->
                job.notModelled(
                    JobKey.METHOD,
                    method,
                    Gap.of(method.shown())
                        .needs("what it puts beside the model")
                        .modelled("peft_method lora")));
    job.put(JobKey.METHOD, "lora", adapters.get());
    get("lora_config", "r").ifPresent(rank -> job.put(JobKey.LORA_RANK, rank));
    get("lora_config", "lora_alpha").ifPresent(alpha -> job.put(JobKey.LORA_ALPHA, alpha));
    get("lora_config", "lora_dropout").ifPresent(rate -> job.put(JobKey.LORA_DROPOUT, rate));
    get("lora_config", "target_modules").ifPresent(names -> job.put(JobKey.LORA_TARGETS, names));
  }

  /** A word of bits, or a switch, which stands for 8. */
  private void quantization() {
    Optional<Setting> told =
        job.get("quantization").filter(word -> !List.of("false", "none").contains(word.word()));
    if (told.isEmpty()) {
      return;
    }
    Setting bits = told.get();
    if (bits.word().equals("4bit")) {
      boolean normal =
          get("quantization_config", "quant_type").filter(n -> n.word().equals("nf4")).isPresent();
      QuantizationScheme four = normal ? QuantizationScheme.NF4 : QuantizationScheme.FP4;
      job.put(JobKey.QUANTIZATION_SCHEME, four, bits);
      job.put(JobKey.DOUBLE_QUANT, isOn("quantization_config", "use_double_quant"));
    } else if (List.of("8bit", "true").contains(bits.word())) {
      job.put(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.INT8, bits);
      if (job.isOn("enable_fsdp")) {
        job.say(FindingCode.REFUSED, bits, "finetuning.py refuses 8 bits with enable_fsdp");
      }
    } else {
      throw bits.unusable("4bit, 8bit");
    }
  }

  private void padding() {
    job.get("batching_strategy")
        .filter(how -> how.word().equals("padding"))
        .ifPresent(
            how -> {
              job.put(JobKey.PADDING, Padding.LONGEST, how);
              job.say(
                  FindingCode.ASSUMED,
                  how,
                  "context_length cuts packed rows alone: texts are counted as long as that");
            });
  }

  private void spread() {
    int cards = job.whole(JobKey.GPU_COUNT).orElse(1);
    if (!job.isOn("enable_fsdp")) {
      if (cards > 1) {
        job.say(
            FindingCode.CONTRADICTION,
            "enable_fsdp",
            "enable_fsdp is not set, so each of " + cards + " processes trains a copy of its own",
            " on the first card: FSDP is counted");
      }
      checkpoints();
      return;
    }
    if (cards > 1) {
      job.put(JobKey.STRATEGY, Strategy.FSDP1, job.get("enable_fsdp").orElseThrow());
      get("fsdp_config", "sharding_strategy").ifPresent(this::sharding);
    }
    if (isOn("fsdp_config", "fsdp_cpu_offload")) {
      job.put(JobKey.OFFLOAD, List.of("parameters", "optimizer"));
    }
    if (isOff("fsdp_config", "fsdp_activation_checkpointing")) {
      job.put(JobKey.CHECKPOINTING, "none");
    }
  }

  private void checkpoints() {
    job.get("enable_activation_checkpointing")
        .filter(Setting::bool)
        .ifPresent(
            on -> {
              job.put(JobKey.CHECKPOINTING, "full", on);
              boolean reentrant = job.isOn("activation_checkpointing_use_reentrant");
              job.put(JobKey.CHECKPOINTING_REENTRANT, reentrant);
            });
  }

  /** A name of torch's ShardingStrategy, or its member. */
  private void sharding(Setting how) {
    String name = how.word().substring(how.word().lastIndexOf('.') + 1);
    switch (name) {
      case "full_shard" -> {}
      case "shard_grad_op" -> job.put(JobKey.RESHARD_AFTER_FORWARD, false, how);
      case "no_shard" -> job.put(JobKey.STRATEGY, Strategy.DDP, how);
      case "hybrid_shard" ->
          job.say(
              FindingCode.NOT_COUNTED,
              how,
              "shards within a machine are counted as over all: ",
              JobKey.REPLICATE,
              " says how many machines hold a copy");
      default -> throw how.unusable("full_shard, shard_grad_op, hybrid_shard, no_shard");
    }
  }

  /** Without FSDP what is loaded computes, and {@code use_fp16} is under autocast. */
  private void precision() {
    boolean sharded = job.isOn("enable_fsdp");
    Optional<Setting> half = get("fsdp_config", "use_fp16").filter(Setting::bool);
    Optional<Setting> pure = get("fsdp_config", "pure_bf16").filter(Setting::bool);
    if (sharded && pure.isPresent()) {
      // What is quantised is not cast.
      if (job.get("quantization").isEmpty()) {
        job.put(JobKey.MODEL_DTYPE, DataType.BF16, pure.get());
      }
      job.put(JobKey.PRECISION, "bf16", pure.get());
      get("fsdp_config", "optimizer")
          .filter(name -> name.word().equals("anyprecision"))
          .ifPresent(
              name ->
                  job.say(
                      FindingCode.NOT_COUNTED,
                      name,
                      "AnyPrecisionAdamW in bf16 is counted as AdamW"));
    } else if (half.isPresent()) {
      job.put(JobKey.MODEL_DTYPE, DataType.FP16, half.get());
      job.put(JobKey.PRECISION, "fp16-mixed", half.get());
    } else if (sharded && isOff("fsdp_config", "mixed_precision")) {
      job.say(
          FindingCode.NOT_COUNTED,
          "mixed_precision",
          "mixed_precision is off, so FSDP computes in what is loaded: bf16 is counted");
    }
  }
}
