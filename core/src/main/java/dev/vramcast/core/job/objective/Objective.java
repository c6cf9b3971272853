package dev.vramcast.core.job.objective;

import dev.vramcast.core.job.objective.Settings.Companion;
import dev.vramcast.core.job.objective.Settings.Completions;
import dev.vramcast.core.job.objective.Settings.Contrast;
import dev.vramcast.core.job.objective.Settings.Generation;
import dev.vramcast.core.job.objective.Settings.Loss;
import dev.vramcast.core.job.objective.Settings.Pairs;
import dev.vramcast.core.job.objective.Settings.Places;
import dev.vramcast.core.job.objective.Settings.Reference;
import dev.vramcast.core.job.objective.Settings.Teacher;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What a step optimises, one record a stage. */
public sealed interface Objective {

  Stage stage();

  /**
   * Classes into which the model sorts a sequence or its tokens, by a head in place of the one over
   * the vocabulary; empty where it has that.
   */
  default OptionalInt classes() {
    return OptionalInt.empty();
  }

  /** The model that the policy is compared with; empty where the stage has none. */
  default Optional<Reference> comparedWith() {
    return Optional.empty();
  }

  /** The model that the policy learns from; empty where the stage has none. */
  default Optional<Teacher> distilled() {
    return Optional.empty();
  }

  /** Models that score completions; none where functions do. */
  default List<Companion> rewarding() {
    return List.of();
  }

  /** Whether the job says that nothing on its GPUs scores completions, as where a server does. */
  default boolean isScoredElsewhere() {
    return false;
  }

  /** The model that estimates returns, where the job names one. */
  default Optional<Companion> valuing() {
    return Optional.empty();
  }

  /** How completions are generated; empty where the stage trains on none. */
  default Optional<Generation> generated() {
    return Optional.empty();
  }

  /** Tokens of prompts and completions; empty where a stage has no completions. */
  default Optional<Completions> completed() {
    return Optional.empty();
  }

  /** Sequences that an example makes, of those that are learned from. */
  default int sequencesOfAnExample() {
    return stage().sequencesOfAnExample();
  }

  /** Whether each token has a class of its own. */
  default boolean classifiesTokens() {
    return stage() == Stage.TOKEN_CLASSIFICATION;
  }

  /** Next tokens of prompts and completions; the loss is masked, the tensors are not. */
  record SupervisedFineTuning() implements Objective {

    @Override
    public Stage stage() {
      return Stage.SFT;
    }
  }

  /** Next tokens of every position. */
  record Pretraining() implements Objective {

    @Override
    public Stage stage() {
      return Stage.PRETRAIN;
    }
  }

  /**
   * A class for each sequence: the model's {@code ForSequenceClassification}.
   *
   * @param labels classes
   */
  record Classification(int labels) implements Objective {

    @Override
    public Stage stage() {
      return Stage.CLASSIFICATION;
    }

    @Override
    public OptionalInt classes() {
      return OptionalInt.of(labels);
    }
  }

  /**
   * A class for each token: the model's {@code ForTokenClassification}.
   *
   * @param labels classes
   */
  record TokenClassification(int labels) implements Objective {

    @Override
    public Stage stage() {
      return Stage.TOKEN_CLASSIFICATION;
    }

    @Override
    public OptionalInt classes() {
      return OptionalInt.of(labels);
    }
  }

  /** DPO: chosen answers against rejected ones, relative to a reference. */
  record DirectPreference(Reference reference, Pairs lengths) implements Objective {

    @Override
    public Stage stage() {
      return Stage.DPO;
    }

    @Override
    public Optional<Reference> comparedWith() {
      return Optional.of(reference);
    }
  }

  /** KTO: answers that are good or bad, relative to a reference. */
  record KahnemanTversky(Reference reference, Completions lengths, Loss loss) implements Objective {

    @Override
    public Stage stage() {
      return Stage.KTO;
    }

    @Override
    public Optional<Reference> comparedWith() {
      return Optional.of(reference);
    }
  }

  /** BCO: answers that a classifier tells apart, relative to a reference. */
  record BinaryClassifier(Reference reference, Completions lengths) implements Objective {

    @Override
    public Stage stage() {
      return Stage.BCO;
    }

    @Override
    public Optional<Reference> comparedWith() {
      return Optional.of(reference);
    }
  }

  /** ORPO: the odds of chosen answers over rejected ones, without a reference. */
  record OddsRatio(Pairs lengths) implements Objective {

    @Override
    public Stage stage() {
      return Stage.ORPO;
    }
  }

  /** CPO and SimPO: chosen answers against rejected ones, without a reference. */
  record ContrastivePreference(Pairs lengths, Loss loss) implements Objective {

    @Override
    public Stage stage() {
      return Stage.CPO;
    }
  }

  /**
   * A score for each answer of a pair.
   *
   * @param words the model keeps its head over words beside the one that scores
   */
  record RewardModelling(Pairs lengths, boolean words) implements Objective {

    @Override
    public Stage stage() {
      return Stage.REWARD;
    }

    @Override
    public OptionalInt classes() {
      return words ? OptionalInt.empty() : OptionalInt.of(1);
    }
  }

  /** Completions that the policy generates and that are scored, relative to a reference. */
  sealed interface Rewarded extends Objective
      permits GroupRelative, LeaveOneOut, EnergyBased, ProximalPolicy {

    Reference reference();

    Completions lengths();

    Generation generation();

    List<Companion> rewardModels();

    @Override
    default Optional<Reference> comparedWith() {
      return Optional.of(reference());
    }

    @Override
    default Optional<Completions> completed() {
      return Optional.of(lengths());
    }

    @Override
    default Optional<Generation> generated() {
      return Optional.of(generation());
    }

    @Override
    default List<Companion> rewarding() {
      return rewardModels();
    }
  }

  /** GRPO: generated completions against others of the same prompt. */
  record GroupRelative(
      Reference reference, Completions lengths, Generation generation, List<Companion> rewardModels)
      implements Rewarded {

    @Override
    public Stage stage() {
      return Stage.GRPO;
    }
  }

  /** RLOO: generated completions against the mean of the others of the same prompt. */
  record LeaveOneOut(
      Reference reference, Completions lengths, Generation generation, List<Companion> rewardModels)
      implements Rewarded {

    @Override
    public Stage stage() {
      return Stage.RLOO;
    }
  }

  /**
   * EBFT: generated completions whose hidden states in the model as it was are to be like those of
   * given ones (axolotl/core/trainers/ebft).
   */
  record EnergyBased(Reference reference, Completions lengths, Generation generation)
      implements Rewarded {

    @Override
    public List<Companion> rewardModels() {
      return List.of();
    }

    @Override
    public Stage stage() {
      return Stage.EBFT;
    }
  }

  /**
   * EBFT of texts: tokens generated at places all over a text, whose hidden states in the model as
   * it was are to be like the text's own (axolotl/core/trainers/ebft/strided.py).
   */
  record EnergyOfPlaces(Reference reference, Places places) implements Objective {

    @Override
    public Stage stage() {
      return Stage.EBFT_STRIDED;
    }

    @Override
    public Optional<Reference> comparedWith() {
      return Optional.of(reference);
    }
  }

  /**
   * PPO: generated completions against what a value model expected.
   *
   * @param isScoredElsewhere as {@link Objective#isScoredElsewhere}
   */
  record ProximalPolicy(
      Reference reference,
      Completions lengths,
      Generation generation,
      Optional<Companion> valueModel,
      List<Companion> rewardModels,
      boolean isScoredElsewhere)
      implements Rewarded {

    @Override
    public Optional<Companion> valuing() {
      return valueModel;
    }

    @Override
    public Stage stage() {
      return Stage.PPO;
    }
  }

  /** The distribution of a teacher. */
  record Distillation(Teacher teacher, Completions lengths, Loss loss, Generation generation)
      implements Objective {

    @Override
    public Optional<Teacher> distilled() {
      return Optional.of(teacher);
    }

    @Override
    public Stage stage() {
      return Stage.DISTILLATION;
    }

    @Override
    public Optional<Completions> completed() {
      return Optional.of(lengths);
    }

    @Override
    public Optional<Generation> generated() {
      return Optional.of(generation);
    }
  }

  /** Tokens that are hidden: the model's {@code ForMaskedLM}. */
  record MaskedLanguageModelling() implements Objective {

    @Override
    public Stage stage() {
      return Stage.MASKED_LM;
    }
  }

  /**
   * A vector for each sequence, near to those of what belongs together.
   *
   * @param guide the model that tells false negatives, where the loss has one
   */
  record SentenceEmbedding(Contrast contrast, Optional<Teacher> guide) implements Objective {

    @Override
    public Optional<Teacher> distilled() {
      return guide;
    }

    @Override
    public Stage stage() {
      return Stage.EMBEDDING;
    }

    @Override
    public int sequencesOfAnExample() {
      return contrast.texts();
    }
  }
}
