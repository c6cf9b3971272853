package dev.vramcast.core.job.rule;

import static dev.vramcast.core.job.rule.Rule.assumed;
import static dev.vramcast.core.job.rule.Rule.derived;
import static dev.vramcast.core.job.rule.Rule.open;

import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Pooling;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** What follows from other keys under every framework. */
public final class CommonRules {

  private static final List<JobKey> ADAPTER_KEYS = JobKey.below("lora");

  private static final Rule DEEPSPEED_FILE = open("the framework's DeepSpeed file decides");

  /** What no framework can change; asked before its table. */
  static final FrameworkRules FORCED =
      FrameworkRules.table("every framework")
          .rule(
              JobKey.QUANTIZATION_SCHEME,
              derived("method qlora", d -> QuantizationScheme.NF4)
                  .when(d -> d.isSet(JobKey.METHOD, Method.QLORA)))
          .rule(
              JobKey.LORA_KBIT_PREPARE,
              derived("the base is not quantised on loading", d -> false).when(d -> !d.isKbit()))
          .rule(
              JobKey.MODEL_DTYPE,
              derived("precision without autocast", d -> dtype(d.precision()))
                  .when(d -> d.isSet(JobKey.PRECISION) && !isMixed(d.precision())))
          .rule(
              JobKey.LOSS,
              derived("the head gives no words", d -> LossKernel.FULL)
                  .when(CommonRules::classifies))
          .rule(
              JobKey.LORA_MODULES_TO_SAVE,
              derived("PEFT's for classification", d -> AdapterSettings.CLASS_HEADS)
                  .when(CommonRules::savesClassHead))
          .rule(JobKey.MASTER_WEIGHTS, derived("parallelism.strategy", CommonRules::masterWeights))
          .rule(JobKey.TRAINABLE_LAYERS, assumed(2, "llama-factory's freeze_trainable_layers"))
          .rule(
              JobKey.OPTIMIZER_NAME,
              derived("method galore", d -> OptimizerName.GALORE)
                  .when(d -> d.method() == Method.GALORE))
          .rule(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerRules.IMPLEMENTATION)
          .rule(JobKey.OPTIMIZER_STATE_DTYPE, open("the parameter's dtype decides"))
          .rule(JobKey.PARAM_DTYPE, open("the compute dtype decides"))
          .rule(JobKey.ZERO_SIZES, DEEPSPEED_FILE)
          .rule(JobKey.REDUCE_BUCKET, DEEPSPEED_FILE)
          .rule(JobKey.OVERLAP_COMM, DEEPSPEED_FILE)
          .rule(JobKey.PREFETCH_BUCKET, DEEPSPEED_FILE)
          .rule(JobKey.PERSISTENCE_THRESHOLD, DEEPSPEED_FILE)
          .rule(JobKey.MAX_LIVE_PARAMETERS, DEEPSPEED_FILE)
          .rule(JobKey.PIPELINE_SCHEDULE, open("parallelism.virtual_pipeline decides"))
          .rule(JobKey.PIPELINE_MICRO_BATCHES, open("batch.grad_accum decides"))
          .rule(JobKey.STAGE_ROUNDING, open("the ranks divide the stages"))
          .rule(JobKey.MAX_SPLIT_SIZE, open("PyTorch splits blocks of every size"))
          .rule(
              JobKey.SEQUENCE_LENGTH,
              derived("objective.prompt_length and the longest answer", PartialLengths::sum)
                  .when(PartialLengths::areKnown))
          .rule(JobKey.GPU_COUNT, ParallelRules.COUNT)
          .rule(JobKey.SHARD, ParallelRules.SHARD)
          .rule(JobKey.REPLICATE, ParallelRules.REPLICATE)
          .done();

  /** A method that adapter keys or a quantised base ask for, where training in full is the rule. */
  public static final Rule ADAPTERS_ASKED_FOR =
      derived("keys of lora or a quantised base are set", CommonRules::method)
          .when(d -> ADAPTER_KEYS.stream().anyMatch(d::isSet) || isQuantizedByUser(d));

  /** Weights of before are whole where nothing says that there are adapters to merge. */
  public static final Rule WRITTEN_WHOLE =
      derived("nothing is trained, and no adapters are named", d -> Method.FULL)
          .when(
              d ->
                  d.isSet(JobKey.WEIGHTS_ALONE, true)
                      && !d.isSet(JobKey.MERGE, true)
                      && !d.isSet(JobKey.MERGE_DEVICE));

  /** Below all frameworks. */
  public static final FrameworkRules TABLE =
      FrameworkRules.table("job document")
          .rule(JobKey.METHOD, ADAPTERS_ASKED_FOR.or(WRITTEN_WHOLE))
          .rule(
              JobKey.QUANTIZATION_IMPLEMENTATION,
              derived("model.quantization.scheme", d -> Quantization.holder(d.scheme())))
          .rule(JobKey.LORA_ALPHA, derived("2 x lora.rank", d -> 2.0 * d.whole(JobKey.LORA_RANK)))
          .rule(JobKey.CHECKPOINTING_LAYERS, open("all"))
          .rule(JobKey.CHECKPOINTING_REENTRANT, assumed(false, "what PyTorch advises"))
          .rule(
              JobKey.MLP_TILES,
              derived("pieces as long as the model is wide", MlpTiles::asLongAsWide))
          .rule(JobKey.ZERO_INIT, assumed(false, "DeepSpeed's initialize takes a whole model"))
          .rule(JobKey.USE_CACHE, open("the framework and the model's config decide"))
          .rule(JobKey.ROOT_GROUP, assumed(RootGroup.PLAIN, "PyTorch's default"))
          .rule(JobKey.EXPERT_TENSOR, open("parallelism.tensor decides"))
          .rule(JobKey.STRATEGY, ParallelRules.STRATEGY)
          .rule(JobKey.SEQUENCE_SCHEME, ParallelRules.SCHEME)
          .rule(JobKey.REFERENCE, StageRules.REFERENCE)
          .rule(JobKey.ENGINE, StageRules.ENGINE)
          .rule(JobKey.ENGINE_FRACTION, open("TRL's 0.3 where an engine shares the card"))
          .rule(JobKey.IMAGE_SIZE, open("the processor's"))
          .rule(
              JobKey.IMAGES,
              derived("batch.image_size is said", d -> 1).when(StatedOthers::impliesImage))
          .is(JobKey.POOLING, Pooling.MEAN, "sentence_transformers, modules/pooling.py")
          .rule(JobKey.MINI_BATCH, StageRules.OPEN)
          .rule(JobKey.MATRYOSHKA, StageRules.OPEN)
          .rule(JobKey.ENGINE_SLEEP, StageRules.OPEN)
          .rule(JobKey.ENGINE_LENGTH, StageRules.OPEN)
          .rule(JobKey.ENGINE_TENSOR, StageRules.OPEN)
          .rule(JobKey.ENGINE_AHEAD, StageRules.OPEN)
          .rule(JobKey.GROUP_SIZE, StageRules.OPEN)
          .rule(JobKey.STEPS_PER_GENERATION, StageRules.OPEN)
          .rule(JobKey.REFERENCE_DTYPE, StageRules.OPEN)
          .rule(
              JobKey.EVALUATION_BATCH,
              derived("batch.micro_batch", d -> d.whole(JobKey.MICRO_BATCH)))
          .rule(JobKey.EVALUATION_ACCUMULATION, open("logits stay on the GPU"))
          .rule(JobKey.BETA, open("it decides no tensor"))
          .rule(
              JobKey.TORCH_VERSION,
              ofDate("torch")
                  .or(
                      derived(
                              "newest when framework.transformers was released",
                              d -> ReleaseDates.torchOf(d.version(JobKey.TRANSFORMERS_VERSION)))
                          .when(d -> d.isSet(JobKey.TRANSFORMERS_VERSION)))
                  .or(ofFramework("torch")))
          .rule(
              JobKey.TRANSFORMERS_VERSION,
              derived("the first that has the model", d -> text(firstWithModel(d)))
                  .when(CommonRules::isOlderThanModel)
                  .or(ofDate("transformers"))
                  .or(ofFramework("transformers")))
          .rule(JobKey.PEFT_VERSION, ofDate("peft").or(ofFramework("peft")))
          .rule(JobKey.BITSANDBYTES_VERSION, ofDate("bitsandbytes").or(ofFramework("bitsandbytes")))
          .rule(JobKey.ACCELERATE_VERSION, ofDate("accelerate").or(ofTransformers("accelerate")))
          .rule(
              JobKey.DEEPSPEED_VERSION,
              ofItself("deepspeed").or(ofDate("deepspeed")).or(ofTransformers("deepspeed")))
          .done();

  private CommonRules() {}

  /** The newest version of a library in the month that the job is of, as far as it is allowed. */
  private static Rule ofDate(String library) {
    return newest(library, "newest in framework.date", PartialJob::month)
        .when(d -> d.isSet(JobKey.FRAMEWORK_DATE));
  }

  /** The framework's own version, where that is the library. */
  private static Rule ofItself(String library) {
    return derived("framework.version", d -> d.statedVersion().orElseThrow().toString())
        .when(d -> d.frameworkName().equals(library) && d.statedVersion().isPresent());
  }

  /** The newest version of a library in the month in which the Transformers came out. */
  private static Rule ofTransformers(String library) {
    return newest(
        library,
        "newest when framework.transformers was released",
        d -> Optional.of(Releases.monthOf(d.version(JobKey.TRANSFORMERS_VERSION))));
  }

  /** The newest version of a library when the framework's version came out. */
  private static Rule ofFramework(String library) {
    return newest(library, "newest when framework.version was released", PartialJob::month)
        .when(d -> d.month().isPresent());
  }

  /** The newest version of a library in a month, or the newest that the framework allows. */
  private static Rule newest(
      String library, String note, Function<PartialJob, Optional<String>> month) {
    return derived("newest that framework.version allows", d -> allowed(d, library).orElseThrow())
        .when(
            d ->
                allowed(d, library)
                    .filter(most -> isOlder(most, usual(library, month, d)))
                    .isPresent())
        .or(derived(note, d -> usual(library, month, d)));
  }

  private static String usual(
      String library, Function<PartialJob, Optional<String>> month, PartialJob d) {
    return Releases.newest(library, month.apply(d).orElseThrow());
  }

  private static Optional<String> allowed(PartialJob d, String library) {
    return d.frameworkVersion()
        .flatMap(release -> Releases.allowed(d.frameworkName(), release, library));
  }

  private static boolean isOlder(String version, String other) {
    return Version.parse(version).compareTo(Version.parse(other)) < 0;
  }

  /**
   * Whoever trains a model in the month before its first release runs what will become that, and
   * nobody who does not name a release means one that has no such model.
   */
  private static boolean isOlderThanModel(PartialJob d) {
    String usual =
        d.month()
            .map(month -> Releases.newest("transformers", month))
            .orElseGet(() -> JobKey.TRANSFORMERS_VERSION.defaultValue().orElseThrow().toString());
    return Stream.concat(Stream.of(usual), allowed(d, "transformers").stream())
        .anyMatch(version -> Version.parse(version).compareTo(firstWithModel(d)) < 0);
  }

  private static Version firstWithModel(PartialJob d) {
    return d.model().map(model -> model.traits().source().released()).orElse(Versions.ALL).from();
  }

  private static String text(Version release) {
    return release.major() + "." + release.minor() + ".0";
  }

  public static DataType dtype(Precision precision) {
    return switch (precision) {
      case FP32 -> DataType.FP32;
      case BF16, BF16_MIXED -> DataType.BF16;
      case FP16, FP16_MIXED -> DataType.FP16;
    };
  }

  public static boolean isMixed(Precision precision) {
    return precision == Precision.BF16_MIXED || precision == Precision.FP16_MIXED;
  }

  private static boolean keepsWords(PartialJob d) {
    return d.isSet(JobKey.STAGE, Stage.REWARD) && d.always(LossCode.KEEPS_WORDS);
  }

  /**
   * Modules that are trained beside adapters: those of the job, to which PEFT adds the head of a
   * model that classifies (peft/peft_model.py {@code PeftModelForSequenceClassification}, {@code
   * PeftModelForTokenClassification}); none where the job says none.
   */
  public static List<String> modulesToSave(PartialJob d) {
    List<String> given = d.list(JobKey.LORA_MODULES_TO_SAVE, String.class);
    return given.isEmpty() || !savesClassHead(d)
        ? given
        : Stream.concat(given.stream(), AdapterSettings.CLASS_HEADS.stream()).distinct().toList();
  }

  private static boolean savesClassHead(PartialJob d) {
    return classifies(d) && !keepsWords(d);
  }

  private static boolean classifies(PartialJob d) {
    return d.isSet(JobKey.STAGE, Stage.CLASSIFICATION)
        || d.isSet(JobKey.STAGE, Stage.TOKEN_CLASSIFICATION)
        || d.isSet(JobKey.STAGE, Stage.REWARD);
  }

  private static boolean isQuantizedByUser(PartialJob d) {
    return d.isSet(JobKey.QUANTIZATION_SCHEME) && d.isQuantized();
  }

  private static Method method(PartialJob d) {
    boolean blockwise =
        d.isSet(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NF4)
            || d.isSet(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.FP4);
    return blockwise ? Method.QLORA : Method.LORA;
  }

  /** ZeRO and Megatron step on fp32 copies, which other strategies leave to autocast. */
  private static boolean masterWeights(PartialJob d) {
    return switch (d.strategy()) {
      case ZERO1, ZERO2, ZERO3, MEGATRON -> d.precision() != Precision.FP32;
      case NONE, DDP, FSDP1, FSDP2 -> false;
    };
  }
}
