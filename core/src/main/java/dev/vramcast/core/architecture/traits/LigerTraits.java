package dev.vramcast.core.architecture.traits;

/**
 * What of a model Liger replaces where a trainer asks for its kernels
 * (liger_kernel/transformers/monkey_patch.py MODEL_TYPE_TO_APPLY_LIGER_FN, and the defaults of the
 * function that stands there for the type).
 *
 * @param norms RMSNorms
 * @param headNorms those of queries and keys too
 * @param normsInPlace the gradient of a norm is written over the incoming one
 * @param mlp the gated product of dense MLPs, or the squares of one that is not gated
 * @param rotary {@code apply_rotary_pos_emb}
 */
public record LigerTraits(
    boolean norms,
    boolean headNorms,
    boolean normsInPlace,
    boolean mlp,
    boolean rotary,
    Loss loss) {

  /** What computes the loss. */
  public enum Loss {
    /** The model's own code. */
    NONE,
    /** A cross-entropy that reads logits and writes their gradient over them. */
    CROSS_ENTROPY,
    /** Head and cross-entropy in one, without logits. */
    FUSED_LINEAR
  }

  /** Everything, as in Llama: a type with a function whose defaults are all on. */
  public static final LigerTraits ALL =
      new LigerTraits(true, true, true, true, true, Loss.FUSED_LINEAR);

  /** A type that Liger does not know. */
  public static final LigerTraits NONE =
      new LigerTraits(false, false, false, false, false, Loss.NONE);

  /** The same with norms whose gradient is a new tensor. */
  public LigerTraits apart() {
    return new LigerTraits(norms, headNorms, false, mlp, rotary, loss);
  }

  /** The same, save the rotary embedding. */
  public LigerTraits withoutRotary() {
    return new LigerTraits(norms, headNorms, normsInPlace, mlp, false, loss);
  }

  /** The same with another loss. */
  public LigerTraits withLoss(Loss value) {
    return new LigerTraits(norms, headNorms, normsInPlace, mlp, rotary, value);
  }

  /** The same, save the MLP. */
  public LigerTraits withoutMlp() {
    return new LigerTraits(norms, headNorms, normsInPlace, false, rotary, loss);
  }

  /** The same, save the norms of queries and keys. */
  public LigerTraits withoutHeadNorms() {
    return new LigerTraits(norms, false, normsInPlace, mlp, rotary, loss);
  }
}
