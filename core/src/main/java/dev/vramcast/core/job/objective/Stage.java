package dev.vramcast.core.job.objective;

import static dev.vramcast.core.job.objective.Stage.Trait.ANSWERS;
import static dev.vramcast.core.job.objective.Stage.Trait.COMPARES;
import static dev.vramcast.core.job.objective.Stage.Trait.GENERATES;
import static dev.vramcast.core.job.objective.Stage.Trait.NEEDS_WORDS;
import static dev.vramcast.core.job.objective.Stage.Trait.PAIRS;
import static dev.vramcast.core.job.objective.Stage.Trait.PENALISES;
import static dev.vramcast.core.job.objective.Stage.Trait.SUPERVISED;

import dev.vramcast.core.input.Named;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stage of training that a job is, under the name of {@code objective.stage}, and what it is
 * made of: keys, defaults and checks follow from that.
 */
public enum Stage implements Named {
  SFT("sft", SUPERVISED, ANSWERS),
  PRETRAIN("pretrain", SUPERVISED),
  DPO("dpo", ANSWERS, NEEDS_WORDS, PAIRS, COMPARES),
  KTO("kto", ANSWERS, NEEDS_WORDS, COMPARES),
  BCO("bco", ANSWERS, NEEDS_WORDS, COMPARES),
  ORPO("orpo", ANSWERS, NEEDS_WORDS, PAIRS),
  CPO("cpo", ANSWERS, NEEDS_WORDS, PAIRS),
  REWARD("reward", ANSWERS, PAIRS),
  GRPO("grpo", ANSWERS, NEEDS_WORDS, GENERATES, PENALISES),
  RLOO("rloo", ANSWERS, NEEDS_WORDS, GENERATES, PENALISES),
  PPO("ppo", ANSWERS, NEEDS_WORDS, GENERATES, COMPARES),
  EBFT("ebft", ANSWERS, NEEDS_WORDS, GENERATES, COMPARES),
  EBFT_STRIDED("ebft-strided", COMPARES),
  DISTILLATION("distillation", ANSWERS, NEEDS_WORDS),
  CLASSIFICATION("classification", SUPERVISED),
  TOKEN_CLASSIFICATION("token-classification", SUPERVISED),
  MASKED_LM("masked-lm", SUPERVISED),
  EMBEDDING("embedding");

  /** What a stage is made of. */
  enum Trait {

    /** A step is one pass of the model that is trained, to the loss of its own results. */
    SUPERVISED,

    /** It is trained on prompts with answers. */
    ANSWERS,

    /** Its trainer loads a head over words where the configuration names one over classes too. */
    NEEDS_WORDS,

    /** An example is a pair of answers. */
    PAIRS,

    /** It always compares with a reference. */
    COMPARES,

    /** It compares with a reference where the distance from it is weighed by more than 0. */
    PENALISES,

    /** The model itself generates its completions where nobody says who. */
    GENERATES
  }

  private final String label;
  private final Set<Trait> traits;

  Stage(String label, Trait... traits) {
    this.label = label;
    this.traits = traits.length == 0 ? Set.of() : EnumSet.copyOf(List.of(traits));
  }

  /** Supervised stages over next tokens, which most frameworks have alone, and more. */
  public static Set<Stage> nextTokens(Stage... more) {
    Set<Stage> stages = EnumSet.of(SFT, PRETRAIN);
    stages.addAll(List.of(more));
    return Collections.unmodifiableSet(stages);
  }

  /** Those of which something holds. */
  public static Set<Stage> those(Predicate<Stage> holds) {
    return Stream.of(values())
        .filter(holds)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Stage.class)));
  }

  @Override
  public String label() {
    return label;
  }

  /** Sequences that an example makes: two where it is a pair of answers. */
  public int sequencesOfAnExample() {
    return hasPairs() ? 2 : 1;
  }

  /** Whether a step is one pass of the model that is trained, to the loss of its own results. */
  public boolean isSupervised() {
    return traits.contains(SUPERVISED);
  }

  /** Whether it is trained on prompts with answers. */
  public boolean hasAnswers() {
    return traits.contains(ANSWERS);
  }

  /** Whether its trainer loads a head over words whatever head the configuration names. */
  public boolean needsWords() {
    return traits.contains(NEEDS_WORDS);
  }

  /** Whether an example is a pair of answers. */
  public boolean hasPairs() {
    return traits.contains(PAIRS);
  }

  /** Whether it always compares with a reference. */
  public boolean compares() {
    return traits.contains(COMPARES);
  }

  /** Whether it compares with a reference where the distance from it is weighed by more than 0. */
  public boolean penalises() {
    return traits.contains(PENALISES);
  }

  /** Whether it trains on completions, which the model itself generates where nobody says who. */
  public boolean generates() {
    return traits.contains(GENERATES);
  }
}
