package dev.vramcast.core.job.resolve;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings.Completions;
import dev.vramcast.core.job.objective.Settings.Engine;
import dev.vramcast.core.job.objective.Settings.Generation;
import dev.vramcast.core.job.objective.Settings.Loss;
import dev.vramcast.core.job.objective.Settings.Pairs;
import dev.vramcast.core.job.objective.Settings.Reference;
import dev.vramcast.core.job.objective.Settings.Teacher;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objective of a job, with what is said of the settings of its stage. */
final class ObjectiveRules {

  private final PartialJob d;

  private ObjectiveRules(PartialJob d) {
    this.d = d;
  }

  static Objective objective(PartialJob d) {
    return new ObjectiveRules(d).objective(d.get(JobKey.STAGE, Stage.class));
  }

  private Objective objective(Stage stage) {
    return switch (stage) {
      case SFT -> new Objective.SupervisedFineTuning();
      case PRETRAIN -> new Objective.Pretraining();
      case CLASSIFICATION -> new Objective.Classification(d.whole(JobKey.LABELS));
      case DPO -> new Objective.DirectPreference(reference(), pairs(), loss());
      case KTO -> new Objective.KahnemanTversky(reference(), completions(), loss());
      case ORPO -> new Objective.OddsRatio(pairs(), loss());
      case CPO -> new Objective.ContrastivePreference(pairs(), loss());
      case REWARD -> new Objective.RewardModelling(pairs());
      case GRPO ->
          new Objective.GroupRelative(
              reference(), completions(), loss(), generation(), rewardModels());
      case RLOO ->
          new Objective.LeaveOneOut(
              reference(), completions(), loss(), generation(), rewardModels());
      case PPO ->
          new Objective.ProximalPolicy(
              reference(),
              completions(),
              loss(),
              generation(),
              d.document().text(JobKey.VALUE_MODEL),
              rewardModels());
      case DISTILLATION ->
          new Objective.Distillation(teacher(), completions(), loss(), generation());
      case MASKED_LM -> new Objective.MaskedLanguageModelling();
      case EMBEDDING -> new Objective.SentenceEmbedding(loss());
    };
  }

  private Reference reference() {
    return new Reference(
        d.get(JobKey.REFERENCE, ReferenceSource.class),
        given(JobKey.REFERENCE_DTYPE, DataType.class),
        given(JobKey.REFERENCE_QUANTIZATION, QuantizationScheme.class));
  }

  private Pairs pairs() {
    Optional<Integer> both = whole(JobKey.COMPLETION_LENGTH);
    return new Pairs(
        whole(JobKey.PROMPT_LENGTH),
        whole(JobKey.CHOSEN_LENGTH).or(() -> both),
        whole(JobKey.REJECTED_LENGTH).or(() -> both));
  }

  private Completions completions() {
    return new Completions(
        whole(JobKey.PROMPT_LENGTH),
        whole(JobKey.COMPLETION_LENGTH),
        whole(JobKey.COMPLETION_MEAN));
  }

  private Loss loss() {
    return new Loss(
        list(JobKey.LOSS_TYPE, String.class),
        list(JobKey.LOSS_WEIGHTS, Double.class),
        d.find(JobKey.BETA, Double.class),
        given(JobKey.LOSS_ALPHA, Double.class),
        given(JobKey.WEIGHTING, Boolean.class));
  }

  private Generation generation() {
    return new Generation(
        d.get(JobKey.ENGINE, GenerationEngine.class),
        whole(JobKey.GROUP_SIZE),
        whole(JobKey.STEPS_PER_GENERATION),
        whole(JobKey.ITERATIONS),
        new Engine(
            d.find(JobKey.ENGINE_FRACTION, Double.class),
            whole(JobKey.ENGINE_SLEEP),
            whole(JobKey.ENGINE_LENGTH),
            whole(JobKey.ENGINE_TENSOR),
            d.whole(JobKey.ENGINE_GPUS)),
        list(JobKey.OFFLOAD_WHILE_GENERATING, String.class));
  }

  private List<String> rewardModels() {
    return list(JobKey.REWARD_MODELS, String.class);
  }

  @SuppressWarnings("unchecked") // Keys of a document's objects are texts.
  private Teacher teacher() {
    Object given = d.get(JobKey.TEACHER, Object.class);
    Optional<Architecture> architecture =
        given instanceof Map<?, ?> config
            ? Optional.of(
                Families.read(new ModelConfig(JobKey.TEACHER.path(), (Map<String, Object>) config)))
            : Optional.empty();
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
