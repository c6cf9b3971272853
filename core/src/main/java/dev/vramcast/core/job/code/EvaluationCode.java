package dev.vramcast.core.job.code;

import dev.vramcast.core.job.objective.Stage;
import java.util.Set;

/** What a framework does when it evaluates. */
public final class EvaluationCode {

  /** Whose code runs the batches of an evaluation. */
  public static final CodeKey<Loop> LOOP = new CodeKey<>("evaluation.loop", Loop.UNKNOWN);

  /** Models return keys and values of all layers where nothing is checkpointed. */
  public static final CodeKey<Boolean> KEEPS_CACHE = new CodeKey<>("evaluation.keeps_cache", false);

  /** They return these too where layers are checkpointed, which an evaluation does not do. */
  public static final CodeKey<Boolean> CACHES_PAST_CHECKPOINTS =
      new CodeKey<>("evaluation.caches_past_checkpoints", false);

  /** Liger's fused loss is for training alone, so that whole logits are made. */
  public static final CodeKey<Boolean> LIGER_MAKES_LOGITS =
      new CodeKey<>("evaluation.liger_makes_logits", false);

  /** The loss is that of whole logits, however training makes it. */
  public static final CodeKey<Boolean> WHOLE_LOSS = new CodeKey<>("evaluation.whole_loss", false);

  /**
   * Logits for metrics come from a forward pass of their own, as the one that yields the loss has
   * none.
   */
  public static final CodeKey<Boolean> LOGITS_BY_PASS =
      new CodeKey<>("evaluation.logits_by_pass", false);

  /** How an evaluation generates, where it is asked to. */
  public static final CodeKey<Generation> GENERATION =
      new CodeKey<>("evaluation.generation", Generation.UNKNOWN);

  /** Stages of pairs in which an evaluation can be asked to generate. */
  public static final CodeKey<Set<Stage>> GENERATING =
      new CodeKey<>("evaluation.generating", Set.of());

  private EvaluationCode() {}

  /** What an evaluation generates, and when. */
  public enum Generation {
    /** Nobody has described it. */
    UNKNOWN,
    /** Behind every sequence of a batch, before the pass to its loss. */
    BEFORE_LOSS,
    /** Behind every sequence of a batch, of which no loss is computed. */
    ALONE,
    /** Behind the prompts of one batch of pairs, up to the length of a sequence, before all. */
    OF_PAIRS
  }

  /** A loop over the batches of an evaluation. */
  public enum Loop {
    /** Nobody has described it. */
    UNKNOWN,
    /** {@code Trainer.evaluation_loop} of Transformers. */
    TRAINER,
    /** The framework's own: passes of a step without a graph, of which the loss is kept. */
    OWN
  }
}
