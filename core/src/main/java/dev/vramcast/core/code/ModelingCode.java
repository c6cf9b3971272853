package dev.vramcast.core.code;

import dev.vramcast.core.architecture.traits.AttentionTraits;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.HeadSharing;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.RotaryTraits;
import dev.vramcast.core.architecture.traits.StackTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.units.Version;
import java.util.Set;
import java.util.function.Function;

/**
 * A model's code in one version of Transformers: its traits as they are then, and what the version
 * does with every model. Each version bound was read off the first release that has the change.
 */
public record ModelingCode(ModelTraits traits, Version version) {

  private boolean holds(Versions versions) {
    return versions.contains(version);
  }

  /** What the code does with a mixture of experts. */
  public MixtureCode mixture() {
    return new MixtureCode(traits.experts(), version);
  }

  public RotaryCode rotaryCode() {
    if (rotates(RotaryTraits::inFp32)) {
      return RotaryCode.EACH_IN_FP32;
    }
    return rotates(RotaryTraits::asLlama) ? RotaryCode.LLAMA : traits.rotary().code();
  }

  public LayerNormCode layerNormCode() {
    return traits.stack().layers().layerNorm();
  }

  /** Whether SDPA can be asked for; otherwise the eager attention runs in its place. */
  boolean hasSdpa() {
    return holds(traits.attention().kernels().sdpa());
  }

  /** What rewrites models' attention rewrites this one's. */
  boolean rewritesAttention() {
    return traits.attention().kernels().rewritten();
  }

  /** The config of the language model alone says whether it caches keys and values. */
  public boolean cachesBelow() {
    return holds(traits.stack().caching().below());
  }

  /** Whether the code caches keys and values in a pass that trains too, where it may. */
  public boolean cachesInTraining() {
    return traits.attention().masks().sight() == AttentionTraits.Sight.CAUSAL
        && !holds(traits.stack().caching().untrained());
  }

  /** The model's own config forbids a cache of keys and values. */
  public boolean refusesCache() {
    return traits.stack().caching().refused();
  }

  /** A cache copies the first keys and values too (transformers/cache_utils.py, since 4.56). */
  public boolean copiesCached() {
    return version.atLeast(4, 56);
  }

  public boolean checkpointsLayers() {
    return !holds(traits.stack().ignoresCheckpointing());
  }

  /** Queries and keys are normalised after their rotation. */
  public boolean normalisesAfterRotary() {
    return traits.rotary().beforeNorms();
  }

  /** Whether PEFT moves the experts' targets to the stacked parameters. */
  public boolean rewritesExpertTargets() {
    return holds(traits.adapters().rewrites());
  }

  /** Where the targets move, modules of these names are no targets any more. */
  public boolean losesAdapter(String name) {
    return rewritesExpertTargets() && traits.adapters().expertTargets().contains(name);
  }

  /** The constant that embeddings are multiplied with is applied in the embedding's own module. */
  public boolean scalesInEmbedding() {
    return holds(traits.stack().lookups().scaled());
  }

  /** The model keeps a boolean causal mask as buffer. */
  public boolean keepsMask() {
    return holds(traits.attention().masks().ofModel());
  }

  /**
   * Every layer keeps a boolean causal mask as buffer, in which its window is cut if it has one.
   */
  public boolean keepsMaskPerLayer() {
    return holds(traits.attention().masks().ofLayers());
  }

  public boolean normalisesValues() {
    return traits.attention().values().normalised();
  }

  /** Values are multiplied by a constant. */
  public boolean scalesValues() {
    return traits.attention().values().scaled();
  }

  public HeadSharing headSharing() {
    return traits.attention().sharing();
  }

  /** In which dtype the attention written out in Python has its softmax. */
  public Softmax softmax() {
    return clampsScores() ? Softmax.OWN : traits.attention().weights().softmax();
  }

  /** A layer names the weights of its attention, so that they live until it returns. */
  public boolean namesWeights() {
    return !holds(traits.attention().weights().dropped());
  }

  /** Whether the scores of attention written out have a name until values have met weights. */
  public boolean namesScores() {
    return holds(traits.attention().weights().apart());
  }

  /** Who loops over layers names the weights of one until the next has returned. */
  public boolean returnsWeights() {
    return holds(traits.attention().weights().returned());
  }

  /** What lives until a layer returns, as its code has a name for it. */
  public Set<HeldOutput> held() {
    return traits.stack().layers().held();
  }

  /** An additive mask has the dtype of the embedding table. */
  public boolean masksLikeTable() {
    return holds(traits.attention().masks().likeTable());
  }

  /** Queries, which are scaled first, keys and values are copied to lie by heads. */
  public boolean laysByHeads() {
    return traits.attention().values().laidByHeads();
  }

  /** Sinks scale what was attended, where others join the softmax. */
  public boolean scalesBySinks() {
    return traits.attention().scores().scaledBySinks();
  }

  /** Each head has a mask of its own, in the dtype of the hidden states. */
  public boolean masksByHead() {
    return traits.attention().masks().byHead();
  }

  /**
   * bitsandbytes takes the place of linears whose class the model derives from {@code nn.Linear}
   * (transformers/integrations/bitsandbytes.py replace_with_bnb_linear).
   */
  public boolean quantisesLinears() {
    return !traits.stack().layers().ownLinears() || !version.atLeast(5, 5);
  }

  /** Linears of the layers add their bias to a product, as wide as the bias is. */
  public boolean addsBiases() {
    return traits.stack().layers().ownLinears();
  }

  /** Query and key become fp32 before their product. */
  public boolean scoresInFp32() {
    return traits.attention().scores().fp32();
  }

  /** Scores with the mask are clamped from below, and not scaled. */
  public boolean clampsScores() {
    return holds(traits.attention().scores().clamped());
  }

  /** Scores with the mask, which were scaled, are clamped from below. */
  public boolean boundsScores() {
    return holds(traits.attention().scores().bounded());
  }

  /** The product of query and key is outside of autocast. */
  public boolean scoresLeaveAutocast() {
    return traits.attention().scores().leaveAutocast();
  }

  public LossUpcast lossUpcast() {
    if (holds(traits.loss().inOwnDtype())) {
      return LossUpcast.NEVER;
    }
    if (!holds(traits.loss().upcastsInModel())) {
      return LossUpcast.IN_LOSS;
    }
    return holds(traits.loss().holdsNarrow()) ? LossUpcast.ABOVE_MODEL : LossUpcast.IN_MODEL;
  }

  /** The model takes logits out by the mask of attention before its own loss. */
  public boolean shiftsByMask() {
    return holds(traits.loss().shiftsByMask());
  }

  /** Labels are padded by one; before, the last token's logits were cut off. */
  public boolean padsLabels() {
    return version.atLeast(4, 49) && !holds(traits.loss().cutsLogits());
  }

  /** integrations/sdpa_attention.py passes grouped keys and values to SDPA as they are. */
  public boolean groupedSdpa() {
    return version.atLeast(4, 54) && !holds(traits.attention().kernels().ownSdpa());
  }

  /**
   * integrations/sdpa_attention.py repeats keys and values for heads that FlashAttention does not
   * take, since SDPA would be written out for grouped ones.
   */
  public boolean repeatsForWideHeads() {
    return version.atLeast(5, 13);
  }

  /**
   * integrations/sdpa_attention.py has the query heads of a group as rows of one, where a single
   * token looks at those before it; before, it repeats keys and values where there is a mask.
   */
  public boolean packsQueries() {
    return version.atLeast(5, 23) && !holds(traits.attention().kernels().ownSdpa());
  }

  /** integrations/sdpa_attention.py calls {@code contiguous()} on query, key and value. */
  public boolean copiesBeforeSdpa() {
    return version.atLeast(4, 48) && !version.atLeast(4, 56);
  }

  /** SDPA's masks are boolean; before, additive in the dtype of the hidden states. */
  public boolean booleanMasks() {
    AttentionTraits.Masks masks = traits.attention().masks();
    return holds(masks.sight().booleanMasks()) && !holds(masks.additive());
  }

  /** FlashAttention 2 gets keys and values repeated for every query head. */
  public boolean repeatsBeforeFlash() {
    return holds(traits.attention().kernels().repeatsBeforeFlash());
  }

  /**
   * The model returns its key-value cache even when layers are checkpointed; the cache is a view of
   * the fused projection, which therefore lives until the outputs are dropped. A config that
   * forbids a cache is obeyed (GPTBigCodeModel.forward, whose presents are None then).
   */
  public boolean returnsCacheFromCheckpoints() {
    return !refusesCache() && holds(traits.stack().caching().returned());
  }

  /** A mask is built even where SDPA needs none, and each sliding layer makes one of its own. */
  public boolean alwaysMasks() {
    return holds(traits.attention().masks().always());
  }

  /** The rotated part is concatenated with the rest, even when there is none. */
  public boolean concatenatesRotary() {
    return holds(traits.rotary().concatenates());
  }

  /** Queries and keys are rotated while heads lie behind tokens, so that they come out so. */
  public boolean rotatesTokens() {
    return traits.rotary().ofTokens();
  }

  /** Whether this version has what a trait of rotation says. */
  public boolean rotates(Function<RotaryTraits, Versions> trait) {
    return holds(trait.apply(traits.rotary()));
  }

  /** PEFT's layer cannot stand for the router, which returns several tensors. */
  public boolean refusesRouterAdapter() {
    return holds(traits.adapters().severalResults());
  }

  /** Attention weights are dropped out by a module. */
  public boolean hasDropoutModule() {
    return holds(traits.attention().kernels().dropoutModule());
  }

  /** Hidden states are dropped out by a function that gets the rate. */
  public boolean callsDropout() {
    return traits.stack().layers().callsDropout();
  }

  /** Who makes biases of scores, and who reads them. */
  public AttentionTraits.Biases biases() {
    return traits.attention().biases();
  }

  /** The mask is added to a bias of scores where that is made. */
  public boolean masksBiases() {
    return holds(traits.attention().biases().masked());
  }

  /** No mask is built where no token is padding, whoever runs attention. */
  public boolean masksPaddingAlone() {
    return traits.attention().masks().sight().asksForPadding() && version.atLeast(5, 0);
  }

  /** The mask has one row for all tokens that look, in attention that is written out or not. */
  public boolean masksInOneRow(boolean eager) {
    AttentionTraits.Sight sight = traits.attention().masks().sight();
    return sight == AttentionTraits.Sight.ALL_IN_ONE_ROW
        || eager && sight == AttentionTraits.Sight.ALL_BY_ROW && !version.atLeast(5, 0);
  }

  /** Masks of what an encoder reads have one row for all tokens that look (T5Stack.forward). */
  public boolean masksRows() {
    return masksBiases() && !version.atLeast(5, 0);
  }

  /** What becomes of the last norm's result. */
  public StackTraits.End end() {
    return traits.stack().end();
  }

  /** {@code enable_input_require_grads} reaches a module that is never called. */
  public boolean embedsSeparately() {
    return holds(traits.stack().lookups().apart());
  }

  /** What a quantised model keeps of its layers is loaded in fp32. */
  public boolean widensKept() {
    return holds(traits.stack().layers().widensKept());
  }

  /**
   * The normalised vector of keys and values has a name until attention returns (transformers
   * DeepseekV3Attention.forward, expand_kv); before, the projection of it alone was handed it.
   */
  public boolean namesLatent() {
    return version.atLeast(5, 15) && !traits.source().classes().remote();
  }

  /** The gated delta rule solves a triangular system where it cloned rows of a matrix before. */
  public boolean solvesDeltaRule() {
    return version.atLeast(5, 17);
  }

  /**
   * {@code enable_input_require_grads} reaches every model with input embeddings, a tower among
   * them (transformers/modeling_utils.py); before, the modules of the whole model's alone.
   */
  public boolean towersRequireGrad() {
    return version.atLeast(5, 0) || holds(traits.stack().lookups().once());
  }

  /**
   * Places and squares of patches of all images are made at once (transformers
   * Siglip2VisionEmbeddings, Lfm2VlModel.get_image_features; 4.57, 5.0 to 5.23 as read); before,
   * image by image.
   */
  public boolean seesImagesAtOnce() {
    return version.atLeast(5, 24);
  }

  /**
   * States of sound attend chunk by chunk (transformers Qwen2_5OmniAudioAttention.forward,
   * chunk_and_pad_features; 5.8 and 5.9 as read); before, all at once.
   */
  public boolean attendsInChunks() {
    return version.atLeast(5, 9);
  }
}
