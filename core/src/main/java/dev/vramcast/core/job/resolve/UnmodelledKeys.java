package dev.vramcast.core.job.resolve;

import static java.util.stream.Collectors.joining;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.Saving;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LayerCode.TiledMlp;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.StoredBase;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.resolve.stage.StageScope;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.ZeroRules;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Keys that a document may hold, but whose effect nobody has described. One that would change an
 * answer makes it {@code not modelled}; one that would not is said to be of no effect.
 */
final class UnmodelledKeys {

  /** What would change tensors or time wherever it is not what holds without it. */
  private static final List<JobKey> EFFECTIVE =
      List.of(
          JobKey.GARBAGE_COLLECTION,
          JobKey.ROUNDUP_DIVISIONS,
          JobKey.LARGE_SEGMENT_SIZE,
          JobKey.ALLOCATOR_FRACTION,
          JobKey.MEMORY_IN_USE,
          JobKey.SYSTEM,
          JobKey.ROLES);

  /** Seconds that an encoder of sound is given. */
  private static final int SEGMENT = 30;

  /** What no figure depends on yet. */
  private static final List<JobKey> WITHOUT_EFFECT = List.of(JobKey.VLLM_VERSION);

  /** Keys of what a job may have beside a usual step: they play a part only where they are set. */
  private static final Set<JobKey> SPECIAL = special();

  private UnmodelledKeys() {}

  static boolean isSpecial(JobKey key) {
    return SPECIAL.contains(key);
  }

  /** Settings that accelerate alone obeys. */
  private static List<Gap> ofAccelerate(PartialJob d) {
    String framework = d.get(JobKey.FRAMEWORK_NAME, String.class);
    return Stream.of(JobKey.LAYER_CLASSES, JobKey.FSDP_CHECKPOINTING)
        .filter(key -> key == JobKey.LAYER_CLASSES ? d.namesLayers() : d.yes(key))
        .map(
            key ->
                Gap.about(key)
                    .and(" under ", JobKey.FRAMEWORK_NAME, " ", framework)
                    .modelled("frameworks on accelerate"))
        .toList();
  }

  /** badam/block_optim.py, lomo_optim/lomo.py: of a model that is trained whole, on one GPU. */
  private static List<Gap> alone(PartialJob d, OptimizerName optimizer) {
    if (d.method() != Method.FULL) {
      return List.of(
          Gap.value(JobKey.OPTIMIZER_NAME, optimizer)
              .and(" with ", JobKey.METHOD, " ", d.method())
              .modelled("full"));
    }
    return d.strategy() == Strategy.NONE
        ? List.of()
        : List.of(
            Gap.value(JobKey.OPTIMIZER_NAME, optimizer)
                .and(" under ", JobKey.STRATEGY, " ", d.strategy())
                .modelled("none"));
  }

  /** A value that the framework's code does not have. */
  private static Optional<Gap> beyond(PartialJob d, JobKey key, List<Object> values) {
    return d.find(key, Object.class)
        .filter(value -> !values.contains(value))
        .map(
            value ->
                Gap.value(key, value)
                    .and(
                        " under ",
                        JobKey.FRAMEWORK_NAME,
                        " ",
                        d.get(JobKey.FRAMEWORK_NAME, String.class))
                    .modelled(key, " ", values.stream().map(Shown::value).collect(joining(", "))));
  }

  private static boolean holdsWhole(Strategy strategy) {
    return strategy == Strategy.NONE || strategy == Strategy.DDP;
  }

  /** What of a job is not modelled: the stage and optimizer by name, and other keys. */
  static List<Gap> of(PartialJob d, Objective objective, FrameworkCode code, Saving saving) {
    List<Gap> missing = new ArrayList<>();
    checkSegment(d);
    missing.addAll(StageScope.missing(d, objective, code));
    d.limits().forEach((key, values) -> beyond(d, key, values).ifPresent(missing::add));
    missing.addAll(EvaluationRules.missing(d, objective, code));
    missing.addAll(FakeQuantisation.missing(d, objective, code));
    LowPrecision.missing(d).ifPresent(missing::add);
    PackedExperts.missing(d, code).ifPresent(missing::add);
    StoredBase.missing(d).ifPresent(missing::add);
    SavingRules.missing(saving).ifPresent(missing::add);
    SavingRules.missing(d, saving).ifPresent(missing::add);
    missing.addAll(optimizer(d));
    experts(d).ifPresent(missing::add);
    tiles(d, code).ifPresent(missing::add);
    if (!code.is(LoopCode.PREPARED_BY_ACCELERATE)) {
      missing.addAll(ofAccelerate(d));
    }
    EFFECTIVE.stream()
        .filter(d::differs)
        .map(key -> key == JobKey.SYSTEM ? system(d) : Gap.about(key))
        .forEach(missing::add);
    context(d).ifPresent(missing::add);
    return missing;
  }

  private static List<Gap> optimizer(PartialJob d) {
    List<Gap> missing = new ArrayList<>();
    OptimizerName optimizer = d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class);
    if (!optimizer.isModelled()) {
      missing.add(unknown(optimizer));
    } else if (optimizer.needsWholeParameters() && !holdsWhole(d.strategy())) {
      missing.add(
          Gap.value(JobKey.OPTIMIZER_NAME, optimizer)
              .and(" under ", JobKey.STRATEGY, " ", d.strategy())
              .modelled("none, ddp"));
    }
    if (optimizer.isBlockwise() || optimizer.stepsInBackward()) {
      missing.addAll(alone(d, optimizer));
    }
    return missing;
  }

  private static Optional<Gap> experts(PartialJob d) {
    return d.yes(JobKey.QUANTIZED_EXPERTS) && d.isQuantized() && !d.scheme().fitsStacks()
        ? Optional.of(
            Gap.about(JobKey.QUANTIZED_EXPERTS)
                .and(" with ", JobKey.QUANTIZATION_SCHEME, " ", d.scheme().label())
                .modelled("nf4, fp4, int8, nvfp4"))
        : Optional.empty();
  }

  private static Optional<Gap> tiles(PartialJob d, FrameworkCode code) {
    String framework = d.get(JobKey.FRAMEWORK_NAME, String.class);
    return d.yes(JobKey.TILED_MLP) && code.get(LayerCode.TILED_MLP) == TiledMlp.NONE
        ? Optional.of(
            Gap.about(JobKey.TILED_MLP)
                .and(" under ", JobKey.FRAMEWORK_NAME, " ", framework)
                .modelled("transformers, deepspeed, axolotl since 0.17"))
        : Optional.empty();
  }

  /** Megatron-Core's context parallelism is read as a ring. */
  private static Optional<Gap> context(PartialJob d) {
    SequenceScheme scheme = d.get(JobKey.SEQUENCE_SCHEME, SequenceScheme.class);
    boolean divides = d.whole(JobKey.CONTEXT) > 1 && d.strategy() == Strategy.MEGATRON;
    return divides && scheme != SequenceScheme.RING
        ? Optional.of(
            Gap.value(JobKey.SEQUENCE_SCHEME, scheme)
                .and(" under ", JobKey.STRATEGY, " megatron")
                .modelled(JobKey.SEQUENCE_SCHEME, " ring"))
        : Optional.empty();
  }

  /** DeepSpeed's CPU Adam runs where its states are offloaded, and is adamw there. */
  private static Gap unknown(OptimizerName optimizer) {
    Gap gap = Gap.value(JobKey.OPTIMIZER_NAME, optimizer);
    return optimizer == OptimizerName.ADAMW_CPU
        ? gap.modelled(
            JobKey.OPTIMIZER_NAME,
            " adamw with ",
            JobKey.OFFLOAD,
            " optimizer under zero1, zero2 and zero3, where DeepSpeed's steps on the host")
        : gap;
  }

  /** NVIDIA's guide to CUDA on WSL says that pinned memory is limited, and not to what. */
  private static Gap system(PartialJob d) {
    return Gap.value(JobKey.SYSTEM, d.get(JobKey.SYSTEM, String.class))
        .needs("what Windows keeps of a card, and how much of the host it lets a process pin")
        .modelled(JobKey.SYSTEM, " linux");
  }

  /**
   * Sound of a model whose processor fills each segment up, so that no figure depends on its length
   * (transformers WhisperFeatureExtractor, {@code chunk_length}).
   */
  private static void checkSegment(PartialJob d) {
    double seconds = d.get(JobKey.AUDIO_SECONDS, Double.class);
    boolean whole = d.model().filter(each -> each.hears() && !each.readsText()).isPresent();
    if (whole && seconds > SEGMENT) {
      throw InputError.about(JobKey.AUDIO_SECONDS)
          .at(d.document().place(JobKey.AUDIO_SECONDS))
          .isSet(seconds)
          .but("the model hears ", SEGMENT, " seconds at once")
          .allowed("0 to " + SEGMENT)
          .refusal();
    }
  }

  static void warnOfUnused(PartialJob d) {
    WITHOUT_EFFECT.stream()
        .filter(d::isSet)
        .forEach(key -> d.warn(d.document().about(key, " has no effect yet on any figure")));
    if (d.isSet(JobKey.IMAGE_SIZE) && d.whole(JobKey.IMAGES) == 0) {
      d.warnIgnored(JobKey.IMAGE_SIZE, JobKey.IMAGES, 0);
    }
    ignored(d, JobKey.MLP_TILES, JobKey.TILED_MLP);
    if (!d.isSet(JobKey.GGUF)) {
      ignored(d, JobKey.MERGE_DEVICE, JobKey.MERGE);
    }
    ignored(d, JobKey.TRAINING_IMPLEMENTATION, JobKey.TRAINING_SCHEME);
    ignored(d, JobKey.TRAINING_RECIPE, JobKey.TRAINING_SCHEME);
    ignored(d, JobKey.NETWORK, JobKey.NODES);
    ignored(d, JobKey.EVALUATION_BATCH, JobKey.EVALUATION_BATCHES);
    ignored(d, JobKey.EVALUATION_METRICS, JobKey.EVALUATION_BATCHES);
    ignored(d, JobKey.EVALUATION_ACCUMULATION, JobKey.EVALUATION_METRICS);
    ignored(d, JobKey.EVALUATION_NEW_TOKENS, JobKey.EVALUATION_BATCHES);
    ignored(d, JobKey.EVALUATION_BEAMS, JobKey.EVALUATION_NEW_TOKENS);
    if (d.differs(JobKey.EXPERT_IMBALANCE)) {
      ignored(d, JobKey.EXPERT_IMBALANCE, JobKey.EXPERT);
    }
    if (d.isSet(JobKey.SEQUENCE_SCHEME) && d.whole(JobKey.CONTEXT) == 1) {
      d.warnIgnored(JobKey.SEQUENCE_SCHEME, JobKey.CONTEXT, 1);
    }
  }

  private static void ignored(PartialJob d, JobKey key, JobKey owner) {
    if (d.isSet(key) && !d.differs(owner)) {
      d.warnIgnored(key, owner, owner.defaultValue().orElseThrow());
    }
  }

  private static Set<JobKey> special() {
    Set<JobKey> keys = EnumSet.copyOf(EFFECTIVE);
    keys.addAll(WITHOUT_EFFECT);
    keys.addAll(ZeroRules.SIZES);
    keys.addAll(
        List.of(
            JobKey.EMPTY_CACHE_STEPS,
            JobKey.MIXER,
            JobKey.MODEL_CLASS,
            JobKey.USE_CACHE,
            JobKey.TILED_MLP,
            JobKey.SEQUENCE_SCHEME,
            JobKey.LAYERS_PER_STAGE,
            JobKey.LAYER_CLASSES,
            JobKey.FSDP_CHECKPOINTING,
            JobKey.PIPELINE_SCHEDULE,
            JobKey.PIPELINE_MICRO_BATCHES,
            JobKey.STAGE_ROUNDING,
            JobKey.EXPERT_TENSOR,
            JobKey.FROZEN,
            JobKey.AUDIO_SECONDS,
            JobKey.IMAGE_SIZE,
            JobKey.LIGER_VERSION,
            JobKey.TRL_VERSION,
            JobKey.ACCELERATE_VERSION,
            JobKey.DEEPSPEED_VERSION,
            JobKey.FRAMEWORK_DATE,
            JobKey.NETWORK,
            JobKey.HOST_MEMORY,
            JobKey.DISK,
            JobKey.LOADER_WORKERS,
            JobKey.FIRST_RANK_LOADS));
    Stream.of("objective", "generation", "evaluation", "saving", "quantized_training")
        .map(JobKey::below)
        .forEach(keys::addAll);
    return keys;
  }
}
