package dev.vramcast.core.job.code;

import dev.vramcast.core.input.Named;

/** What a trainer of a stage does with whole logits, and when it scores. */
public enum StageHabit implements Named {
  /** Logits are made of the labelled end of each sequence alone ({@code logits_to_keep}). */
  KEEPS_LABELLED("keeps labelled logits"),

  /** Nothing is read of the logits once log-probabilities are made, and nobody gets them. */
  DROPS_LOGITS("drops logits"),

  /** Logits are divided by the temperature in their place. */
  SCALES_IN_PLACE("scales logits in place"),

  /** Quotients by the temperature are beside the logits, which are named as long. */
  SCALES_BESIDE("scales logits beside them"),

  /** Labels are shifted in place of logits, so that all logits are scored. */
  SHIFTS_LABELS("shifts labels"),

  /**
   * What was generated is trained on by DeepSpeed without accelerate: its own sizes of buckets
   * hold, gradients are added up in fp32, and stage 3 divides parameters within 8 GPUs once more.
   */
  RUNS_DEEPSPEED("runs DeepSpeed itself"),

  /** Logits have no name any more once they are divided by the temperature. */
  DROPS_UNSCALED("drops logits once scaled"),

  /** Logits that are scored are made contiguous first. */
  COPIES_SCORED("copies scored logits"),

  /** As {@link #COPIES_SCORED}, of answers that are good or bad. */
  COPIES_SCORED_ANSWERS("copies scored logits of answers"),

  /** Logits of good and of bad answers are copied out of all logits that are trained on. */
  COPIES_ANSWERS("copies logits of answers"),

  /**
   * As {@link #COPIES_ANSWERS}, out of the reference's logits too, by a function that returns the
   * copies alone.
   */
  COPIES_COMPARED_ANSWERS("copies the reference's logits of answers"),

  /** A token is put before the prompts of answers that are good or bad. */
  STARTS_ANSWERS("puts a token before answers"),

  /** The cross-entropy of chosen answers is named until the loss is, of which it is no part. */
  NAMES_LIKELIHOOD("names the likelihood of chosen answers"),

  /** Mean logits of chosen and of rejected answers are taken where their logits have a name. */
  AVERAGES_LOGITS("averages logits of answers"),

  /** Models return the hidden states of all their layers, which are named as their logits are. */
  RETURNS_STATES("returns hidden states"),

  /** Logits of other prompts' answers are named while a model runs over the batch. */
  NAMES_OTHER_ANSWERS("names logits of other answers"),

  /** A reference runs in the step though its figures were computed before. */
  COMPARES_ANYWAY("compares though computed"),

  /** Chosen and rejected answers are scored by two passes. */
  SCORES_APART("scores answers apart"),

  /** The entropy of all logits is logged where those of answers are copied. */
  LOGS_ENTROPY_OF_ANSWERS("logs the entropy of answers"),

  /** Generated completions are scored by the policy whether it will have changed or not. */
  SCORES_ALWAYS("scores always"),

  /** What an engine says of its completions is not computed again by the policy. */
  TRUSTS_ENGINE("trusts its engine"),

  /** Liger's loss is that of completions, where it is asked for. */
  LIGER_COMPLETIONS("Liger's loss of completions"),

  /**
   * Pairs that are compared with no reference have no loss of Liger's, which is asked for layers.
   */
  LIGER_LAYERS_OF_PAIRS("Liger's layers alone for pairs without a reference"),

  /** A generated batch is scored at once, or as much of it as is reckoned to fit. */
  SCORES_BATCH("scores a batch at once"),

  /** An engine in the trainer's process makes the policy of its own weights. */
  LENDS_WEIGHTS("lends its engine's weights"),

  /** Log-probabilities are made in the dtype in which the model returns logits. */
  KEEPS_DTYPE("keeps the dtype of logits"),

  /** A batch counts prompts, and all completions of a prompt are on one rank. */
  COUNTS_PROMPTS("counts prompts"),

  /**
   * A loop of PPO by itself: logits of all completions stay from one generation to the next, as
   * many as 64 sequences at once are scored past autocast, all hidden states are returned, and what
   * the policy has returned is named until it is updated.
   */
  ROLLS_OUT("rolls out"),

  /** The value model's step is apart from the policy's; else both are one. */
  VALUES_APART("values apart"),

  /**
   * A loop of PPO by itself, whose policy has a second head for values, and takes other adapters
   * for those that score.
   */
  VALUES_BESIDE_WORDS("values beside words"),

  /** Logits are made fp32, whatever the model returns. */
  WIDENS("widens logits"),

  /** Prompts go through the head with their completions. */
  READS_ALL("reads all tokens"),

  /** Completions are always as long as they may be. */
  GENERATES_ALL("generates all tokens"),

  /** All parameters that ZeRO-3 divides are gathered at once for a text to be generated. */
  GATHERS_TO_GENERATE("gathers to generate"),

  /** The trainer has a backend on Megatron-Core. */
  ON_MEGATRON("has Megatron"),

  /**
   * Its recipes state the engine's degree, so that one that nobody states is the least that fits.
   */
  FITS_ENGINE("fits its engine"),

  /** The reference's weights are on the host, and change places with the policy's to run. */
  SWAPS_REFERENCE("swaps in the reference"),

  /** Positives and negatives are embedded in one pass, behind that over the anchors. */
  MERGES_CANDIDATES("embeds candidates at once"),

  /** All texts of a batch are embedded in one pass. */
  MERGES_TEXTS("embeds all texts at once"),

  /** The hidden states of every text are named until the loss is computed. */
  NAMES_STATES("names hidden states"),

  /** First states are gathered; else they are a view or indexed. */
  GATHERS_FIRST("gathers first states"),

  /** Last states are gathered from the product of all with a mask; else they are indexed. */
  GATHERS_LAST("gathers last states"),

  /** Student and teacher run past the autocast around the prepared models. */
  DISTILS_PAST_AUTOCAST("distils past autocast"),

  /** GRPO's log-probabilities have an autocast of their own, which FSDP2 leaves on. */
  AUTOCASTS_GRPO("autocasts GRPO"),

  /** As {@link #AUTOCASTS_GRPO}, of RLOO. */
  AUTOCASTS_RLOO("autocasts RLOO"),

  /** Logits of prompts are left out of a divergence before it is computed. */
  COMPARES_COMPLETIONS("compares completions"),

  /** A teacher is as it was loaded: its weights require gradients, and it returns its cache. */
  LEAVES_TEACHER("leaves the teacher as loaded"),

  /** A reference is scored in every step: there is no pass over the data before training. */
  SCORES_EACH_STEP("scores a reference in every step"),

  /** Of engines of their own it drives vLLM alone. */
  KNOWS_VLLM_ALONE("drives no engine but vLLM"),

  /** An engine beside a policy in 4 bits stores its own copy so (quantization="bitsandbytes"). */
  QUANTISES_ENGINE("has the engine quantise its weights"),

  /** The teacher runs before the student, and its logits are copied. */
  TEACHER_FIRST("runs the teacher first"),

  /** FSDP2 has all of a model that is not trained in one group, which is gathered at once. */
  REFERENCE_IN_ONE_GROUP("gathers the reference whole"),

  /** Under FSDP a copy for reference is on the host but while it runs, whatever is offloaded. */
  REFERENCE_ON_HOST("keeps the reference on the host");

  private final String label;

  StageHabit(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
