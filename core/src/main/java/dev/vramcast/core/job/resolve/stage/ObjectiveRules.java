package dev.vramcast.core.job.resolve.stage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.ContrastiveLoss;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Pooling;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings.Companion;
import dev.vramcast.core.job.objective.Settings.Completions;
import dev.vramcast.core.job.objective.Settings.Contrast;
import dev.vramcast.core.job.objective.Settings.Engine;
import dev.vramcast.core.job.objective.Settings.Generation;
import dev.vramcast.core.job.objective.Settings.Loss;
import dev.vramcast.core.job.objective.Settings.Pairs;
import dev.vramcast.core.job.objective.Settings.Places;
import dev.vramcast.core.job.objective.Settings.Reference;
import dev.vramcast.core.job.objective.Settings.Teacher;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.job.rule.ZeroRules;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The objective of a job, with what is said of the settings of its stage. */
public final class ObjectiveRules {

  /** {@code mini_batch_size} of losses that cache (sentence_transformers/…/losses/cached_*.py). */
  private static final int CACHED_TEXTS = 32;

  /**
   * {@code ebft_context_length} and {@code ebft_generate_max_len} of
   * axolotl/core/trainers/ebft/args.py.
   */
  private static final int PLACE = 8;

  /** {@code ebft_n_samples_per_prompt} there. */
  private static final int ROLLOUTS = 4;

  private final PartialJob d;
  private final FrameworkCode code;

  private ObjectiveRules(PartialJob d, FrameworkCode code) {
    this.d = d;
    this.code = code;
  }

  public static Objective objective(PartialJob d, FrameworkCode code) {
    return new ObjectiveRules(d, code).objective(d.get(JobKey.STAGE, Stage.class));
  }

  /**
   * A loop of its own prepares its models with an Accelerator that it makes without a precision.
   * What Transformers' arguments say reached that by the environment until 5.0 (training_args.py
   * ACCELERATE_MIXED_PRECISION); since then their own Trainer alone reads it.
   */
  public static Precision precision(PartialJob d, FrameworkCode code) {
    boolean past = ownsLoop(d, code) && d.transformersAtLeast(5, 0) && !ZeroRules.casts(d);
    return past ? Precision.pure(d.modelDtype()) : ZeroRules.precision(d);
  }

  /** Nor does such a loop ask its models for checkpoints. */
  public static Checkpointing checkpointing(PartialJob d, FrameworkCode code) {
    return ownsLoop(d, code)
        ? Checkpointing.NONE
        : d.get(JobKey.CHECKPOINTING, Checkpointing.class);
  }

  /** Whether checkpoints are reentrant, where a trainer may not read what is asked. */
  public static boolean reentrant(PartialJob d, FrameworkCode code) {
    return d.yes(JobKey.CHECKPOINTING_REENTRANT) || forcesReentrant(d, code);
  }

  private static boolean forcesReentrant(PartialJob d, FrameworkCode code) {
    boolean adapters = d.method() != Method.FULL && d.method() != Method.FREEZE;
    return adapters
        && d.strategy() == Strategy.ZERO3
        && code.get(SpreadCode.REENTRANT_STAGES).contains(d.get(JobKey.STAGE, Stage.class));
  }

  /** What an answer's settings say of a key: what runs, where such a loop does not read it. */
  public static ResolvedValue resolved(PartialJob d, JobKey key, ResolvedJob job) {
    ResolvedValue said = d.resolved(key);
    Object runs =
        switch (key) {
          case PRECISION -> job.precision();
          case CHECKPOINTING -> job.checkpointing();
          case CHECKPOINTING_REENTRANT -> job.reentrant();
          default -> said.value();
        };
    boolean reads = !forcesReentrant(d, job.frameworkCode()) && !ownsLoop(d, job.frameworkCode());
    return runs.equals(said.value()) || reads
        ? said
        : new ResolvedValue(
            key, runs, Provenance.DERIVED, "this release's trainer does not read the setting");
  }

  /** Says which settings such a loop does not read. */
  public static void warnOfUnread(PartialJob d, FrameworkCode code) {
    warnOfUnread(d, JobKey.PRECISION, d.precision() == precision(d, code));
    warnOfUnread(
        d,
        JobKey.CHECKPOINTING,
        d.get(JobKey.CHECKPOINTING, Checkpointing.class) == checkpointing(d, code));
  }

  private static void warnOfUnread(PartialJob d, JobKey key, boolean read) {
    if (!read && d.isSet(key) && d.get(JobKey.STAGE, Stage.class) == Stage.PPO) {
      d.warnIgnored(key, JobKey.STAGE, Stage.PPO);
    }
  }

  private static boolean ownsLoop(PartialJob d, FrameworkCode code) {
    return code.stages().rollsOut(d.get(JobKey.STAGE, Stage.class));
  }

  /**
   * What training keeps in host memory all the time: not what leaves the GPUs for others' turn
   * alone.
   */
  public static Set<OffloadTarget> offloaded(PartialJob d, FrameworkCode code) {
    Set<OffloadTarget> all = Set.copyOf(d.list(JobKey.OFFLOAD, OffloadTarget.class));
    return offloadsBetween(d, code)
        ? all.stream().filter(OffloadTarget.ACTIVATIONS::equals).collect(Collectors.toSet())
        : all;
  }

  /** Megatron's own optimizer in host memory stays there, whoever calls it. */
  private static boolean offloadsBetween(PartialJob d, FrameworkCode code) {
    return code.is(SpreadCode.OFFLOADS_BETWEEN)
        && d.strategy() != Strategy.MEGATRON
        && d.get(JobKey.STAGE, Stage.class).generates();
  }

  private Set<OffloadTarget> away() {
    Set<OffloadTarget> away = EnumSet.noneOf(OffloadTarget.class);
    List<String> named = d.list(JobKey.OFFLOAD_WHILE_GENERATING, String.class);
    for (OffloadTarget each : List.of(OffloadTarget.PARAMETERS, OffloadTarget.OPTIMIZER)) {
      boolean between =
          offloadsBetween(d, code) && d.list(JobKey.OFFLOAD, OffloadTarget.class).contains(each);
      if (between || named.contains(each.label())) {
        away.add(each);
      }
    }
    return away;
  }

  private Objective objective(Stage stage) {
    return switch (stage) {
      case SFT -> new Objective.SupervisedFineTuning();
      case PRETRAIN -> new Objective.Pretraining();
      case CLASSIFICATION -> new Objective.Classification(d.whole(JobKey.LABELS));
      case TOKEN_CLASSIFICATION -> new Objective.TokenClassification(d.whole(JobKey.LABELS));
      case DPO -> new Objective.DirectPreference(reference(), pairs());
      case KTO -> new Objective.KahnemanTversky(reference(), completions(), loss());
      case BCO -> new Objective.BinaryClassifier(reference(), completions());
      case ORPO -> new Objective.OddsRatio(pairs());
      case CPO -> new Objective.ContrastivePreference(pairs(), loss());
      case REWARD ->
          new Objective.RewardModelling(
              pairs(), code.stages().head(stage).equals(Optional.of(StageHead.BESIDE_LOGITS)));
      case GRPO ->
          new Objective.GroupRelative(reference(), completions(), generation(), rewardModels());
      case RLOO ->
          new Objective.LeaveOneOut(reference(), completions(), generation(), rewardModels());
      case EBFT -> new Objective.EnergyBased(reference(), completions(), generation());
      case EBFT_STRIDED -> new Objective.EnergyOfPlaces(reference(), places(d));
      case PPO ->
          new Objective.ProximalPolicy(
              reference(),
              completions(),
              generation(),
              d.document().value(JobKey.VALUE_MODEL, Object.class).map(this::companion),
              rewardModels(),
              d.isSet(JobKey.REWARD_MODELS) && rewardModels().isEmpty());
      case DISTILLATION ->
          new Objective.Distillation(teacher(), completions(), loss(), generation());
      case MASKED_LM -> new Objective.MaskedLanguageModelling();
      case EMBEDDING ->
          new Objective.SentenceEmbedding(
              contrast(), d.isSet(JobKey.TEACHER) ? Optional.of(teacher()) : Optional.empty());
    };
  }

  private Reference reference() {
    return new Reference(
        d.get(JobKey.REFERENCE, ReferenceSource.class),
        d.find(JobKey.REFERENCE_DTYPE, DataType.class),
        given(JobKey.REFERENCE_QUANTIZATION, QuantizationScheme.class),
        keepsOnHost() || offloadsBetween(d, code) && away().contains(OffloadTarget.PARAMETERS));
  }

  private boolean keepsOnHost() {
    return code.stages().does(StageHabit.REFERENCE_ON_HOST) && d.strategy().isFsdp();
  }

  private Pairs pairs() {
    Optional<Integer> both = whole(JobKey.COMPLETION_LENGTH);
    return new Pairs(
        prompt(),
        whole(JobKey.CHOSEN_LENGTH).or(() -> both),
        whole(JobKey.REJECTED_LENGTH).or(() -> both));
  }

  private Completions completions() {
    return new Completions(
        prompt(), byRule(JobKey.COMPLETION_LENGTH), whole(JobKey.COMPLETION_MEAN));
  }

  /** One that fills the text is a limit that cuts none, of which is warned. */
  private Optional<Integer> prompt() {
    return whole(JobKey.PROMPT_LENGTH).filter(tokens -> tokens < d.whole(JobKey.SEQUENCE_LENGTH));
  }

  private Loss loss() {
    return new Loss(
        list(JobKey.LOSS_TYPE, String.class),
        d.find(JobKey.BETA, Double.class),
        given(JobKey.LOSS_ALPHA, Double.class));
  }

  private Contrast contrast() {
    String type = list(JobKey.LOSS_TYPE, String.class).stream().findFirst().orElse("");
    Optional<Integer> cached =
        ContrastiveLoss.caches(type) ? Optional.of(CACHED_TEXTS) : Optional.empty();
    return new Contrast(
        ContrastiveLoss.of(type).orElse(ContrastiveLoss.RANKING),
        d.whole(JobKey.TEXTS),
        whole(JobKey.PROMPT_LENGTH),
        whole(JobKey.MINI_BATCH).or(() -> cached),
        d.get(JobKey.POOLING, Pooling.class),
        list(JobKey.MATRYOSHKA, Integer.class));
  }

  /** The places of a text at which a job generates. */
  static Places places(PartialJob d) {
    JobDocument said = d.document();
    return new Places(
        said.value(JobKey.PROMPT_LENGTH, Integer.class).orElse(PLACE),
        d.whole(JobKey.STRIDE),
        said.value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(PLACE),
        said.value(JobKey.GROUP_SIZE, Integer.class).orElse(ROLLOUTS),
        said.value(JobKey.LOSS_ALPHA, Double.class).orElse(0.0) > 0);
  }

  private Generation generation() {
    return new Generation(
        d.get(JobKey.ENGINE, GenerationEngine.class),
        d.find(JobKey.GROUP_SIZE, Integer.class),
        d.find(JobKey.STEPS_PER_GENERATION, Integer.class),
        byRule(JobKey.ITERATIONS),
        new Engine(
            d.find(JobKey.ENGINE_FRACTION, Double.class),
            d.find(JobKey.ENGINE_SLEEP, Integer.class),
            d.find(JobKey.ENGINE_LENGTH, Integer.class),
            d.find(JobKey.ENGINE_TENSOR, Integer.class),
            d.whole(JobKey.ENGINE_GPUS),
            d.find(JobKey.ENGINE_AHEAD, Boolean.class).orElse(false)),
        away());
  }

  /** Frameworks whose trainers have a number of their own say it by a rule. */
  private Optional<Integer> byRule(JobKey key) {
    return code.stages().valuesBesideWords(d.get(JobKey.STAGE, Stage.class))
        ? d.find(key, Integer.class)
        : whole(key);
  }

  private List<Companion> rewardModels() {
    return list(JobKey.REWARD_MODELS, Object.class).stream().map(this::companion).toList();
  }

  /** One number a token: {@code AutoModelForTokenClassification} and its like. */
  private Companion companion(Object given) {
    Optional<Architecture> architecture =
        config(given, JobKey.VALUE_MODEL).map(config -> Families.classifying(config, 1));
    return new Companion(
        architecture.map(Architecture::modelType).orElseGet(given::toString), architecture);
  }

  @SuppressWarnings("unchecked") // Keys of a document's objects are texts.
  private static Optional<ModelConfig> config(Object given, JobKey key) {
    return given instanceof Map<?, ?> config
        ? Optional.of(new ModelConfig(key.path(), (Map<String, Object>) config))
        : Optional.empty();
  }

  private Teacher teacher() {
    Object given = d.get(JobKey.TEACHER, Object.class);
    boolean guides = d.get(JobKey.STAGE, Stage.class) == Stage.EMBEDDING;
    Optional<Architecture> architecture =
        config(given, JobKey.TEACHER).map(guides ? Families::embedding : Families::speaking);
    return new Teacher(
        architecture.map(Architecture::modelType).orElseGet(given::toString),
        architecture,
        d.get(JobKey.TEACHER_DTYPE, DataType.class),
        d.get(JobKey.TEACHER_QUANTIZATION, QuantizationScheme.class));
  }

  private Optional<Integer> whole(JobKey key) {
    return given(key, Integer.class);
  }

  private <T> Optional<T> given(JobKey key, Class<T> type) {
    return d.document().value(key, type);
  }

  private <T> List<T> list(JobKey key, Class<T> type) {
    return d.isSet(key) ? d.list(key, type) : List.of();
  }
}
