package dev.vramcast.core.job.resolve.stage;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.document.StageWords;
import dev.vramcast.core.job.objective.ContrastiveLoss;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What of a stage of training is not modelled under a framework. */
public final class StageScope {

  /** Losses whose tensors are those of the stage's others but for numbers a sequence or token. */
  private static final Map<Stage, Set<String>> LOSSES = losses();

  /** Who has a trainer of PPO that is described; TRL's was given up. */
  private static final String WITH_PPO =
      " verl, easyr1, openrlhf, deepspeed, llama-factory, or trl of ";

  /** Of distillation, by trainers of their own (trl/experimental/gkd and gold). */
  private static final Set<String> OF_WHOLE_LOGITS = Set.of("gkd", "gold");

  private final PartialJob d;
  private final Stage stage;
  private final List<Gap> missing = new ArrayList<>();

  private StageScope(PartialJob d, Stage stage) {
    this.d = d;
    this.stage = stage;
  }

  public static List<Gap> missing(PartialJob d, Objective objective, FrameworkCode code) {
    StageScope scope = new StageScope(d, objective.stage());
    scope.check(objective, code);
    return scope.missing;
  }

  private static Map<Stage, Set<String>> losses() {
    Map<Stage, Set<String>> losses = new EnumMap<>(Stage.class);
    // The cross-entropy that every other trainer computes.
    losses.put(Stage.SFT, Set.of("nll"));
    // trl/trainer/dpo_config.py, loss_type; kto_pair is what bco_pair was called once.
    losses.put(
        Stage.DPO,
        Set.of(
            "sigmoid",
            "hinge",
            "ipo",
            "exo_pair",
            "nca_pair",
            "robust",
            "bco_pair",
            "sppo_hard",
            "aot",
            "aot_unpaired",
            "aot_pair",
            "apo_zero",
            "apo_down",
            "discopop",
            "sft",
            "sigmoid_norm"));
    losses.put(Stage.KTO, Set.of("kto", "apo_zero_unpaired"));
    losses.put(Stage.CPO, Set.of("sigmoid", "hinge", "ipo", "simpo", "alphapo"));
    losses.put(Stage.EMBEDDING, ContrastiveLoss.known());
    losses.put(Stage.PPO, Set.of("vanilla", "ppo"));
    Set<String> ofGroups =
        Set.of("grpo", "dapo", "dr_grpo", "bnpo", "cispo", "sapo", "luspo", "vespo", "gspo");
    losses.put(Stage.GRPO, ofGroups);
    losses.put(Stage.EBFT, ofGroups);
    return losses;
  }

  private void check(Objective objective, FrameworkCode code) {
    if (stage.isSupervised()) {
      if (!code.supervises(stage)) {
        missing.add(stage("a trainer of it, which the framework has none of"));
        return;
      }
      checkSupervisedLoss(code);
      checkHidden();
      return;
    }
    Optional<String> undescribed = undescribed();
    if (undescribed.isPresent()) {
      missing.add(
          Gap.value(JobKey.STAGE, undescribed.get())
              .needs("which passes its trainer runs, and what they keep"));
      return;
    }
    Optional<StageHead> head = code.stages().head(stage);
    if (head.isEmpty()) {
      missing.add(stage());
      return;
    }
    checkLosses(known(head.get()));
    if (objective instanceof Objective.SentenceEmbedding embedding) {
      new FeatureScope(d, stage, missing).checkTexts(embedding.contrast(), code);
    }
    checkSmoothing(stage == Stage.DPO || stage == Stage.CPO);
    checkHead(head.get(), code);
    new EngineScope(d, stage, missing).check(code);
    checkReference(code);
    if (objective.generated().isPresent() && !code.stages().does(StageHabit.COUNTS_PROMPTS)) {
      GenerationChecks.checkGroup(d);
    }
    if (stage == Stage.EBFT) {
      new FeatureScope(d, stage, missing).checkRollouts();
    }
    if (stage == Stage.EBFT_STRIDED) {
      new FeatureScope(d, stage, missing).checkPlaces();
    }
    objective.distilled().ifPresent(teacher -> checkTeacher(teacher, head.get()));
    if (d.isSet(JobKey.REFERENCE, ReferenceSource.ADAPTER)) {
      missing.add(Gap.value(JobKey.REFERENCE, ReferenceSource.ADAPTER));
    }
    checkCompanions(objective, code);
  }

  /** Logits that are compared are of one vocabulary, whole on every rank, and made by the model. */
  private void checkTeacher(Settings.Teacher teacher, StageHead head) {
    if (teacher.architecture().isEmpty()) {
      missing.add(Gap.value(JobKey.TEACHER, teacher.name()));
    }
    if (!head.comparesLogits()) {
      return;
    }
    Optional<Long> words = teacher.architecture().map(Architecture::vocabularySize);
    Optional<Long> own = d.model().map(Architecture::vocabularySize);
    if (words.isPresent() && own.isPresent() && !words.equals(own)) {
      missing.add(Gap.about(JobKey.TEACHER).and(" of another vocabulary"));
    }
    if (d.whole(JobKey.TENSOR) > 1) {
      missing.add(Gap.value(JobKey.STAGE, stage).and(" under ", JobKey.TENSOR));
    }
    if (head == StageHead.CHUNKED_KL && d.yes(JobKey.COMPILE)) {
      missing.add(Gap.value(JobKey.STAGE, stage).and(" with ", JobKey.COMPILE));
    }
  }

  /** Their tensors are those of an architecture, and one of them scores. */
  private void checkCompanions(Objective objective, FrameworkCode code) {
    if (objective.valuing().filter(model -> model.architecture().isEmpty()).isPresent()) {
      missing.add(Gap.value(JobKey.VALUE_MODEL, objective.valuing().get().name()));
    }
    for (Settings.Companion model : objective.rewarding()) {
      if (model.architecture().isEmpty()) {
        missing.add(Gap.value(JobKey.REWARD_MODELS, model.name()));
      }
    }
    if (code.stages().valuesBesideWords(stage)) {
      checkValues(objective);
    }
    if (objective.rewarding().size() > 1) {
      missing.add(Gap.about(JobKey.REWARD_MODELS).and(" of more than one model"));
    }
  }

  /**
   * Without adapters, no others of the policy's base score (hparams/parser.py: reward_model_type
   * full or api). A reward model of its own (full) has a head over words beside that for values;
   * without mixed precision {@code torch.autocast} computes in fp16, whatever the weights are
   * (llamafactory/train/ppo/trainer.py amp_context).
   */
  private void checkValues(Objective objective) {
    if (objective.rewarding().stream().anyMatch(model -> model.architecture().isPresent())) {
      missing.add(Gap.about(JobKey.REWARD_MODELS).and(" in ", JobKey.STAGE, " ", stage));
    }
    if (!d.method().trainsAdapters() && !d.isSet(JobKey.REWARD_MODELS)) {
      missing.add(
          Gap.value(JobKey.METHOD, d.method())
              .and(" in ", JobKey.STAGE, " ", stage)
              .needs("which reward model scores, as no adapters do")
              .modelled(JobKey.METHOD, " lora, or ", JobKey.REWARD_MODELS, " [] for an API"));
    }
    if (objective.valuing().isPresent()) {
      missing.add(Gap.about(JobKey.VALUE_MODEL).and(" beside a head for values"));
    }
    if (!CommonRules.isMixed(d.precision())) {
      missing.add(
          Gap.value(JobKey.PRECISION, d.precision())
              .and(" in ", JobKey.STAGE, " ", stage)
              .modelled(JobKey.PRECISION, " bf16-mixed, fp16-mixed"));
    }
  }

  private Gap stage() {
    Gap missing =
        stage(
            stage == Stage.EMBEDDING
                ? "how its trainer embeds the texts of a batch"
                : "how its trainer makes log-probabilities");
    return stage == Stage.PPO
        ? missing.modelled(
            JobKey.FRAMEWORK_NAME, WITH_PPO, JobKey.FRAMEWORK_VERSION, " 1.12 or before")
        : missing;
  }

  private Gap stage(String needed) {
    return Gap.value(JobKey.STAGE, stage)
        .and(" of framework ", d.get(JobKey.FRAMEWORK_NAME, String.class))
        .needs(needed);
  }

  /**
   * {@code dft} weights each token's loss, of which a head that is computed in chunks keeps one
   * number (trl/trainer/sft_trainer.py compute_loss); {@code chunked_nll} is such a head. Before,
   * it was made of whole logits. Liger's kernel, which it then is too, is not described.
   */
  private void checkSupervisedLoss(FrameworkCode code) {
    boolean weighs = d.isSet(JobKey.LOSS_TYPE, List.of("dft"));
    LossKernel loss = LossRules.kernel(d, code);
    boolean ofLogits =
        weighs && stage == Stage.SFT && loss == LossKernel.FULL && code.is(LossCode.WEIGHS_TOKENS);
    boolean ofChunks = weighs || d.isSet(JobKey.LOSS_TYPE, List.of("chunked_nll"));
    if (!ofLogits && !(ofChunks && loss == LossKernel.CHUNKED)) {
      checkLosses(ofStage());
    }
  }

  /** Losses over next tokens are none over hidden ones. */
  private void checkHidden() {
    if (stage != Stage.MASKED_LM) {
      return;
    }
    LossKernel loss = d.get(JobKey.LOSS, LossKernel.class);
    if (loss != LossKernel.FULL && loss != LossKernel.LIGER) {
      missing.add(Gap.value(JobKey.STAGE, stage).and(" with ", JobKey.LOSS, " ", loss));
    }
  }

  /** Whose only distillation is GKD's, by its name or without one. */
  private Set<String> known(StageHead head) {
    return switch (head) {
      case GENERALIZED -> OF_WHOLE_LOGITS;
      case JENSEN_SHANNON -> Set.of("gkd");
      default -> ofStage();
    };
  }

  private Set<String> ofStage() {
    return LOSSES.getOrDefault(stage, Set.of());
  }

  private void checkLosses(Set<String> known) {
    if (!d.isSet(JobKey.LOSS_TYPE)) {
      return;
    }
    for (String type : d.list(JobKey.LOSS_TYPE, String.class)) {
      if (!known.contains(type)) {
        missing.add(Gap.value(JobKey.LOSS_TYPE, type));
      }
    }
  }

  private void checkSmoothing(boolean isNumber) {
    if (!isNumber && d.differs(JobKey.LABEL_SMOOTHING)) {
      missing.add(Gap.about(JobKey.LABEL_SMOOTHING));
    }
  }

  /** What whole logits are read for once more, beside their log-probabilities. */
  private void checkHead(StageHead head, FrameworkCode code) {
    if (head == StageHead.BESIDE_LOGITS) {
      // A head that trains and gets no gradient has neither that nor states.
      if (!d.method().trainsAdapters()) {
        missing.add(Gap.value(JobKey.METHOD, d.method()).and(" in ", JobKey.STAGE, " ", stage));
      }
      return;
    }
    if (head == StageHead.TILES
        || head == StageHead.PIECES
        || head == StageHead.SCORE
        || head == StageHead.POOLED
        || head == StageHead.IN_PLACE) {
      return;
    }
    if (d.isSet(JobKey.WEIGHTING, true)) {
      missing.add(Gap.about(JobKey.WEIGHTING));
    }
    if (head.selects()) {
      return;
    }
    if (stage == Stage.DPO
        && d.isSet(JobKey.LOSS_TYPE)
        && d.list(JobKey.LOSS_TYPE, String.class).contains("sft")) {
      missing.add(Gap.value(JobKey.LOSS_TYPE, "sft"));
    }
    boolean completions = stage == Stage.GRPO && code.stages().does(StageHabit.LIGER_COMPLETIONS);
    boolean layersAlone =
        (stage == Stage.ORPO || stage == Stage.CPO)
            && code.stages().does(StageHabit.LIGER_LAYERS_OF_PAIRS);
    if (d.isSet(JobKey.LOSS, LossKernel.LIGER) && !completions && !layersAlone) {
      missing.add(Gap.value(JobKey.LOSS, LossKernel.LIGER));
    }
  }

  private Optional<String> undescribed() {
    return d.isSet(JobKey.LOSS_TYPE)
        ? d.list(JobKey.LOSS_TYPE, String.class).stream()
            .filter(StageWords::isUndescribed)
            .findFirst()
        : Optional.empty();
  }

  /** What a framework scores in every step it has not scored before. */
  private void checkReference(FrameworkCode code) {
    if (d.isSet(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED)
        && code.stages().does(StageHabit.SCORES_EACH_STEP)) {
      throw d.given(JobKey.REFERENCE)
          .and(", but ", JobKey.FRAMEWORK_NAME, " ", d.get(JobKey.FRAMEWORK_NAME, String.class))
          .and(" scores it in every step")
          .allowed("none, adapter-off, copy")
          .refusal();
    }
  }
}
