package dev.vramcast.core.run.episode;

import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.objective.Pooling;
import dev.vramcast.core.job.option.LossKernel;
import java.util.EnumSet;
import java.util.Set;

/** What a pass asks of its model's head. */
public sealed interface PassHead {

  /** Whether logits of all tokens are made. */
  default boolean makesAllLogits() {
    if (this instanceof Loss loss) {
      return loss.kernel() == LossKernel.FULL || loss.kernel() == LossKernel.TRITON;
    }
    return !(this instanceof Embedding)
        && !(this instanceof Features features && !features.logits())
        && !(this instanceof Pieces pieces && !pieces.whole())
        && !(this instanceof LogProbabilities asked && asked.way().selects());
  }

  /** The loss of next tokens, or of classes. */
  record Loss(LossKernel kernel) implements PassHead {}

  /**
   * Log-probabilities of the tokens that have a label.
   *
   * @param way how they are made
   * @param labels tokens of the batch that have one
   * @param longer how many of them are of that half of the batch which has more, where those of a
   *     half are looked at by themselves
   * @param reports what the trainer logs of them
   */
  record LogProbabilities(
      StageHead way, long labels, long longer, Reports reports, Set<Detail> details)
      implements PassHead {

    public LogProbabilities {
      details = Set.copyOf(details);
    }

    /** Of which both halves have as many. */
    public LogProbabilities(StageHead way, long labels, Reports reports, Set<Detail> details) {
      this(way, labels, labels / 2, reports, details);
    }

    /** The same with one more detail. */
    public LogProbabilities with(Detail detail) {
      Set<Detail> more = EnumSet.of(detail);
      more.addAll(details);
      return new LogProbabilities(way, labels, longer, reports, more);
    }

    /** The same with as many in the longer half. */
    public LogProbabilities withLonger(long count) {
      return new LogProbabilities(way, labels, count, reports, details);
    }
  }

  /** Logits of all tokens, as the model returns them where it gets no labels. */
  record Logits() implements PassHead {}

  /** The next token of every sequence, drawn from its logits. */
  record NextTokens() implements PassHead {}

  /** Scores of pairs of sequences, and the loss over them. */
  record PairScores() implements PassHead {}

  /** As {@link PairScores}, of the numbers that a second head gives every token. */
  record PairValues() implements PassHead {}

  /** A vector for every sequence, from its last hidden states. */
  record Embedding(Pooling pooling) implements PassHead {}

  /** A number for every token, of which the trainer takes those it needs. */
  record Values() implements PassHead {}

  /**
   * Hidden states behind some layers, put beside each other; the model returns those of all.
   *
   * @param layers how many are taken
   * @param logits whether the head runs too, whose logits nobody reads
   * @param way how they are asked for and put beside each other
   */
  record Features(int layers, boolean logits, Taking way) implements PassHead {

    /** How features are asked for. */
    public enum Taking {
      /** Of the module inside the prepared model, and as they are. */
      BARE,
      /** Of a model under autocast, which nothing is put around; each scaled to length one. */
      SCALED,
      /** As {@link #SCALED}, of the prepared model, of whose outputs accelerate makes fp32. */
      SCALED_OUTPUTS
    }

    /** Features as they are, of the module inside. */
    public Features(int layers, boolean logits) {
      this(layers, logits, Taking.BARE);
    }
  }

  /**
   * One token more at each of some places of a sequence, drawn from the logits of all its tokens.
   *
   * @param named these have a name until the next pass has ended
   */
  record DrawnTokens(int places, boolean named) implements PassHead {}

  /**
   * Log-probabilities of the last tokens of each sequence, some hundred at a time, which are all
   * kept.
   *
   * @param labels tokens of a sequence that have one
   * @param whole the model returns logits of all tokens, of which pieces are taken
   */
  record Pieces(int labels, boolean whole) implements PassHead {}

  /**
   * Hidden states of the completions, with which another model's head is compared.
   *
   * @param labels tokens of the completions
   */
  record HiddenStates(long labels) implements PassHead {}

  /**
   * The divergence from the next tokens of the model whose {@link HiddenStates} or {@link Compared}
   * logits the step makes.
   *
   * @param way how it is made
   * @param labels tokens of the batch that have one
   * @param mixture weight of the teacher in the distribution that both are compared with: 0 and 1
   *     for the divergence of one from the other
   */
  record Divergence(StageHead way, long labels, double mixture) implements PassHead {}

  /**
   * Logits with which those of another model are compared.
   *
   * @param way how
   * @param labels tokens of the batch that have one
   */
  record Compared(StageHead way, long labels) implements PassHead {}

  /** What a trainer does with whole logits besides. */
  enum Detail {
    /** Only the last tokens, as many as a sequence has labels, go through the head. */
    LAST_TOKENS,
    /** Logits are divided by a temperature before anything else. */
    TEMPERATURE,
    /** As {@link #TEMPERATURE}, in the place of the logits that are scored. */
    TEMPERATURE_IN_PLACE,
    /** All logits are divided by a temperature, and named as long as their quotients. */
    QUOTIENTS,
    /** Logits of last tokens are scored too, with a label that stands for none. */
    EVERY_TOKEN,
    /** As {@link #TEMPERATURE}, and what is left is named as the logits were. */
    TEMPERATURE_INSTEAD,
    /** Logits that are scored are made contiguous first, and both are named until the loss is. */
    CONTIGUOUS,
    /** Logits of good and of bad answers are copied out of all logits, and named as these are. */
    COPIES_ANSWERS,
    /** As {@link #COPIES_ANSWERS}, where nothing else is named. */
    ANSWERS_INSTEAD,
    /** Logits of prompts are cut off behind the head, and all are named on. */
    COMPLETIONS,
    /** The model is called past what accelerate puts around it. */
    UNWRAPPED,
    /** All hidden states are handed to the head, with a mask of those that have a label. */
    ALL_STATES,
    /** The cross-entropy of the first half of the sequences is part of the loss. */
    LIKELIHOOD_OF_CHOSEN,
    /** As {@link #LIKELIHOOD_OF_CHOSEN}, of which it is no part. */
    LIKELIHOOD_BESIDE,
    /** The model returns the hidden states of all layers, named as long as its logits. */
    ALL_LAYERS,
    /** Logits are named until the next pass of the step has ended. */
    NAMED_ON,
    /**
     * A second head gives every token a number; of the logits a copy is returned, which is named
     * until that of the next batch.
     */
    VALUES
  }

  /** What a trainer logs beside the loss. */
  enum Reports {
    /** Entropy, mean logits and hits of chosen and rejected answers. */
    PAIRS,
    /** As {@link #PAIRS} without the hits, of answers that are good or bad. */
    ANSWERS,
    /** The sum of the logits of such answers. */
    SUMS,
    /** Mean logits of chosen and rejected answers, when their log-probabilities are there. */
    MEANS,
    /** As {@link #SUMS}, and entropy. */
    SUMS_AND_ENTROPY,
    /** Entropy. */
    ENTROPY,
    NONE;

    /** Whether the trainer has names for the logits until it has logged. */
    public boolean nameLogits() {
      return this != ENTROPY && this != MEANS && this != NONE;
    }

    /** Whether it makes the sums of answers. */
    public boolean sums() {
      return this == SUMS || this == SUMS_AND_ENTROPY;
    }
  }
}
