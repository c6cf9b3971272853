package dev.vramcast.core.job.code;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import java.util.Set;

/** What a framework does between hidden states and the loss. */
public final class LossCode {

  /** Into which chunks a chunked loss divides. */
  public static final CodeKey<LossChunks> CHUNKS =
      new CodeKey<>(
          "loss.chunks", new LossChunks.OfOutputs(8, "The loss takes 8 chunks, as torchtune's."));

  /** Who makes the logits fp32 once the model has returned them. */
  public static final CodeKey<OutputDtype> OUTPUTS =
      new CodeKey<>("loss.outputs", OutputDtype.FP32_UNDER_AUTOCAST);

  /** The full loss makes an fp32 copy of the logits, where the model's code does. */
  public static final CodeKey<Boolean> WIDENS_LOGITS = new CodeKey<>("loss.widens_logits", true);

  /** The loop computes the full loss from what the model returns. */
  public static final CodeKey<Boolean> IN_LOOP = new CodeKey<>("loss.in_loop", false);

  /**
   * A loop that computes the loss leaves out each sequence's last token, in a copy of the logits
   * which it holds as long as them, and autocast makes that fp32 for the loss.
   */
  public static final CodeKey<Boolean> SHIFTS_LOGITS = new CodeKey<>("loss.shifts_logits", false);

  /** {@code torch.compile} takes the loss too. */
  public static final CodeKey<Boolean> COMPILES = new CodeKey<>("loss.compiles", false);

  /**
   * Under tensor parallelism each rank computes the loss on its words alone; else the logits of all
   * ranks are put together.
   */
  public static final CodeKey<Boolean> SPLITS_VOCABULARY =
      new CodeKey<>("loss.splits_vocabulary", false);

  /** Ranks compute the loss on their words alone by PyTorch's {@code loss_parallel}. */
  public static final CodeKey<Boolean> PARALLEL = new CodeKey<>("loss.parallel", false);

  /**
   * Cross-entropy in shares of the vocabulary has the logits in fp32 beside the tensor that becomes
   * their softmax; else it makes that of them.
   */
  public static final CodeKey<Boolean> COPIES_LOGITS = new CodeKey<>("loss.copies_logits", false);

  /**
   * Megatron: the model makes its logits fp32, and cross-entropy in shares of the vocabulary a
   * softmax beside them, which becomes the gradient.
   */
  public static final CodeKey<Boolean> WIDENS_SHARES = new CodeKey<>("loss.widens_shares", false);

  /**
   * Cross-entropy in shares of the vocabulary is compiled: what it changes in place is made anew
   * beside the old, in either pass.
   */
  public static final CodeKey<Boolean> COMPILES_SHARES =
      new CodeKey<>("loss.compiles_shares", false);

  /** Liger patches the framework's models. */
  public static final CodeKey<Boolean> LIGER_REACHES = new CodeKey<>("loss.liger_reaches", false);

  /**
   * The loss that a setting of the framework brings and that holds no whole logits; the full one
   * where it has none.
   */
  public static final CodeKey<LossKernel> FUSED = new CodeKey<>("loss.fused", LossKernel.FULL);

  /**
   * The framework puts its loss into the text of a model's forward pass, where that is written as
   * in most models; else cross-entropy takes all logits.
   */
  public static final CodeKey<Boolean> REWRITES = new CodeKey<>("loss.rewrites", false);

  /**
   * The trainer computes the entropy of the logits that a supervised model returned, for its log.
   */
  public static final CodeKey<Boolean> LOGS_ENTROPY = new CodeKey<>("loss.logs_entropy", false);

  /** What it logs is of logits without each sequence's last, which are copied for the entropy. */
  public static final CodeKey<Boolean> SHIFTS_LOGGED = new CodeKey<>("loss.shifts_logged", false);

  /** Logits without each sequence's last are copied to see what the model predicts. */
  public static final CodeKey<Boolean> COPIES_PREDICTED =
      new CodeKey<>("loss.copies_predicted", false);

  /**
   * Where labels are smoothed, logits give the loss, and a pass without a graph over the chunks
   * what is logged.
   */
  public static final CodeKey<Boolean> SMOOTHS_APART = new CodeKey<>("loss.smooths_apart", false);

  /** The trainer of supervised models has {@code dft}, of log-probabilities from all logits. */
  public static final CodeKey<Boolean> WEIGHS_TOKENS = new CodeKey<>("loss.weighs_tokens", false);

  /**
   * The trainer of supervised models keeps its own loss where it is told to take Liger's kernels,
   * of which it takes the others.
   */
  public static final CodeKey<Boolean> KEEPS_OWN = new CodeKey<>("loss.keeps_own", false);

  /** Trainers of rewards keep the head over words beside the one that scores. */
  public static final CodeKey<Boolean> KEEPS_WORDS = new CodeKey<>("loss.keeps_words", false);

  /**
   * Stages whose trainers add the loss that balances experts, where the model's config weighs one.
   */
  public static final CodeKey<Set<Stage>> BALANCED_STAGES =
      new CodeKey<>("loss.balanced_stages", Set.of());

  /** That loss has a weight of the trainer's, whatever that of the config. */
  public static final CodeKey<Boolean> WEIGHS_BALANCE = new CodeKey<>("loss.weighs_balance", false);

  /**
   * Stages whose trainers multiply by the weight of the head themselves, and so refuse an adapter
   * on it.
   */
  public static final CodeKey<Set<Stage>> UNADAPTED_HEADS =
      new CodeKey<>("loss.unadapted_heads", Set.of());

  private LossCode() {}
}
