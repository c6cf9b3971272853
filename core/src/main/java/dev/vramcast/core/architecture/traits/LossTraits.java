package dev.vramcast.core.architecture.traits;

/**
 * Where logits become fp32: in the loss function, unless one of these holds.
 *
 * @param inOwnDtype logits go to cross-entropy as they are
 * @param upcastsInModel the model replaces its logits by an fp32 copy
 * @param shiftsByMask the model makes them fp32 too, and takes what is predicted out by the mask of
 *     attention, which copies it (Gemma3ForConditionalGeneration)
 * @param cutsLogits the model's own loss cuts the last token's logits off, where others pad labels
 * @param holdsNarrow the result of a model below, in 16 bits, lives until the model returns its own
 * @param slicesHidden the head reads {@code hidden_states[:, slice, :]}, in training all of them
 * @param unusual what leads from the head to the loss is not written as in other models, so that
 *     what rewrites forward passes leaves it as it is
 * @param causal the class is one of transformers/models/auto/modeling_auto.py
 *     MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, by which the Trainer knows that smoothed labels are to be
 *     shifted (trainer.py compute_loss)
 */
public record LossTraits(
    Versions inOwnDtype,
    Versions upcastsInModel,
    Versions shiftsByMask,
    Versions cutsLogits,
    Versions holdsNarrow,
    Versions slicesHidden,
    Versions unusual,
    boolean causal) {

  /** A builder that begins with Llama's traits. */
  static Builder builder() {
    return new Builder();
  }

  /** The same, whose code between head and loss is of its own kind in these versions. */
  public LossTraits unusual(Versions value) {
    return toBuilder().unusual(value).build();
  }

  /** The same, with a loss of the model's own, on fp32 logits, in these versions. */
  public LossTraits shiftingByMask(Versions versions) {
    return toBuilder().upcastsInModel(versions).shiftsByMask(versions).build();
  }

  /** The same, where the model's own loss made logits fp32, and cut the last token's off. */
  public LossTraits cutting(Versions versions) {
    return toBuilder().upcastsInModel(versions).cutsLogits(versions).build();
  }

  /** The same, where logits are not made fp32 in these versions. */
  public LossTraits inOwnDtype(Versions versions) {
    return toBuilder().inOwnDtype(versions).build();
  }

  /** The same above a language model with a head of its own, in these versions. */
  public LossTraits holdingNarrow(Versions versions) {
    return toBuilder().holdsNarrow(versions).build();
  }

  /** The same of a class that the Trainer knows, or does not know, as a causal language model. */
  public LossTraits causal(boolean value) {
    return toBuilder().causal(value).build();
  }

  private Builder toBuilder() {
    return builder()
        .inOwnDtype(inOwnDtype)
        .upcastsInModel(upcastsInModel)
        .shiftsByMask(shiftsByMask)
        .cutsLogits(cutsLogits)
        .holdsNarrow(holdsNarrow)
        .slicesHidden(slicesHidden)
        .unusual(unusual)
        .causal(causal);
  }

  /** Begins with Llama's. */
  static final class Builder {

    private Versions inOwnDtype = Versions.NONE;
    private Versions upcastsInModel = Versions.until(4, 46);
    private Versions shiftsByMask = Versions.NONE;
    private Versions cutsLogits = Versions.NONE;
    private Versions holdsNarrow = Versions.NONE;
    private Versions slicesHidden = Versions.since(4, 45);
    private Versions unusual = Versions.NONE;
    private boolean causal = true;

    private Builder() {}

    Builder inOwnDtype(Versions versions) {
      inOwnDtype = versions;
      return this;
    }

    Builder upcastsInModel(Versions versions) {
      upcastsInModel = versions;
      return this;
    }

    Builder shiftsByMask(Versions versions) {
      shiftsByMask = versions;
      return this;
    }

    Builder cutsLogits(Versions versions) {
      cutsLogits = versions;
      return this;
    }

    Builder holdsNarrow(Versions versions) {
      holdsNarrow = versions;
      return this;
    }

    Builder slicesHidden(Versions versions) {
      slicesHidden = versions;
      return this;
    }

    Builder unusual(Versions versions) {
      unusual = versions;
      return this;
    }

    Builder causal(boolean value) {
      causal = value;
      return this;
    }

    LossTraits build() {
      return new LossTraits(
          inOwnDtype,
          upcastsInModel,
          shiftsByMask,
          cutsLogits,
          holdsNarrow,
          slicesHidden,
          unusual,
          causal);
    }
  }
}
