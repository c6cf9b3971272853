package dev.tunefit.core.memory.step;

import dev.tunefit.core.job.Version;
import java.util.Set;

/**
 * What differs between versions of the modeling code of Transformers. Each version bound was read
 * off the first release that has the change.
 */
record ModelingCode(String modelType, Version version) {

  /** models/&lt;type&gt;/modeling_*.py computed their own loss until these releases. */
  private static final Set<String> OWN_LOSS_UNTIL_4_48 = Set.of("mistral", "granite", "granitemoe");

  /** These never made logits fp32 themselves. */
  private static final Set<String> OWN_LOSS_IN_16_BITS =
      Set.of("falcon", "gpt_neox", "gpt_bigcode", "gpt2", "mpt", "bloom", "opt", "gptj");

  /** Until 4.45 every layer of these kept rotary tables for all positions. */
  private static final Set<String> ROTARY_CACHE_UNTIL_4_45 =
      Set.of(
          "falcon", "gpt_neox", "persimmon", "phi", "qwen2", "qwen2_moe", "stablelm", "starcoder2");

  /** These repeated keys and values for every query head before FlashAttention 2. */
  private static final Set<String> REPEATING_FLASH =
      Set.of("mistral", "qwen2", "qwen2_moe", "phi3", "mixtral", "starcoder2");

  /** Where the logits become fp32. */
  enum LossUpcast {
    /** The loss function makes an fp32 copy while the model's output holds the logits. */
    IN_LOSS,
    /** The model replaces its logits by an fp32 copy. */
    IN_MODEL,
    /** Logits stay as they are; autocast makes the log-probabilities fp32. */
    NEVER
  }

  LossUpcast lossUpcast() {
    if (OWN_LOSS_IN_16_BITS.contains(modelType)
        && version.compareTo(
                modelType.equals("gpt_neox") ? Version.of(4, 49) : new Version(4, 48, 3))
            < 0) {
      return LossUpcast.NEVER;
    }
    boolean ownLoss =
        !version.atLeast(4, 46)
            || (OWN_LOSS_UNTIL_4_48.contains(modelType) && !version.atLeast(4, 48))
            || (modelType.equals("starcoder2") && !version.atLeast(4, 47))
            || modelType.equals("granitemoe");
    return ownLoss ? LossUpcast.IN_MODEL : LossUpcast.IN_LOSS;
  }

  /** Labels are padded by one; before, the last token's logits were cut off. */
  boolean padsLabels() {
    return version.atLeast(4, 49);
  }

  /** integrations/sdpa_attention.py passes grouped keys and values to SDPA as they are. */
  boolean groupedSdpa() {
    return version.atLeast(4, 54);
  }

  /** integrations/sdpa_attention.py calls {@code contiguous()} on query, key and value. */
  boolean copiesBeforeSdpa() {
    return version.atLeast(4, 48) && !version.atLeast(4, 56);
  }

  /** masking_utils.py: masks are boolean; before, additive in the dtype of the hidden states. */
  boolean booleanMasks() {
    return version.atLeast(4, 53);
  }

  /** FlashAttention 2 gets keys and values repeated for every query head. */
  boolean repeatsBeforeFlash() {
    return REPEATING_FLASH.contains(modelType) && !version.atLeast(4, 48);
  }

  /**
   * The model returns its key-value cache even when layers are checkpointed; the cache is a view of
   * the fused projection, which therefore lives until the outputs are dropped.
   */
  boolean returnsCacheFromCheckpoints() {
    return modelType.equals("gpt_bigcode") && !version.atLeast(4, 54);
  }

  /** Gemma 2 built a mask even where SDPA needs none, and each sliding layer one of its own. */
  boolean alwaysMasks() {
    return modelType.equals("gemma2") && !booleanMasks();
  }

  /** Phi-3 concatenates the rotated part with the rest, even when there is none. */
  boolean concatenatesRotary() {
    return modelType.equals("phi3") && version.atLeast(4, 49);
  }

  /** Each layer keeps cosines and sines of all positions as buffers. */
  boolean cachesRotaryPerLayer() {
    return (ROTARY_CACHE_UNTIL_4_45.contains(modelType) && !version.atLeast(4, 45))
        || (modelType.equals("mixtral") && !version.atLeast(4, 48));
  }

  /** Experts are one stacked parameter each for gate-up and down, run by a grouped product. */
  boolean fusedExperts() {
    return version.atLeast(5, 0);
  }

  /** integrations/moe.py gathered the experts' inputs by token, then again by expert. */
  boolean gathersTwice() {
    return !version.atLeast(5, 2);
  }

  /** The router returned its weights in fp32. */
  boolean keepsRoutingWeightsWide() {
    return version.atLeast(5, 0) && (modelType.equals("mixtral") || !version.atLeast(5, 2));
  }
}
