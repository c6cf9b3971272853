package dev.vramcast.core.architecture.traits;

/**
 * How a model's attention is written around its kernel.
 *
 * @param sharing where query heads meet the keys and values that they share
 * @param weights what the attention written out in Python makes of its weights
 * @param biases what is added to scores by position
 */
public record AttentionTraits(
    Kernels kernels,
    Masks masks,
    Scores scores,
    Values values,
    HeadSharing sharing,
    Weights weights,
    Biases biases) {

  /**
   * Which code runs, and who brings it.
   *
   * @param sdpa can be asked for; otherwise the eager attention runs in its place
   * @param ownSdpa repeats keys and values before SDPA in an attention class of its own
   * @param repeatsBeforeFlash FlashAttention 2 gets keys and values repeated for every query head
   * @param dropoutModule weights are dropped out by an {@code nn.Dropout}; else a function gets the
   *     rate, which who sets those of modules to 0 does not reach
   * @param rewritten by what rewrites attention (unsloth_zoo/temporary_patches)
   */
  public record Kernels(
      Versions sdpa,
      Versions ownSdpa,
      Versions repeatsBeforeFlash,
      Versions dropoutModule,
      boolean rewritten) {}

  /**
   * Masks that the model's code builds or keeps.
   *
   * @param always one is built even where SDPA needs none, and one more for sliding layers
   * @param additive those of SDPA are still additive, where other models' are boolean
   * @param ofModel the model keeps a boolean causal mask as buffer
   * @param ofLayers every layer keeps a boolean causal mask as buffer
   * @param likeTable an additive mask has the dtype of the embedding table, not of what a norm
   *     makes of embeddings
   * @param byHead each head has a mask of its own, in the dtype of the hidden states, with a bias
   *     by distance in it (ALiBi)
   * @param sight of layers without a window
   */
  public record Masks(
      Versions always,
      Versions additive,
      Versions ofModel,
      Versions ofLayers,
      Versions likeTable,
      boolean byHead,
      Sight sight) {

    Masks elsewhere() {
      return new Masks(
          Versions.NONE, Versions.NONE, ofModel, ofLayers, Versions.NONE, false, sight);
    }
  }

  /**
   * Products of queries and keys.
   *
   * @param fp32 query and key become fp32 before their product
   * @param leaveAutocast that product is outside of autocast
   * @param clamped scores with the mask are clamped from below, and not scaled; their softmax is in
   *     their own dtype
   * @param bounded scores with the mask, which were scaled, are clamped from below
   * @param scaledBySinks sinks scale what was attended, where others join the softmax
   */
  public record Scores(
      boolean fp32,
      boolean leaveAutocast,
      Versions clamped,
      Versions bounded,
      boolean scaledBySinks) {

    Scores elsewhere() {
      return new Scores(fp32, leaveAutocast, clamped, Versions.NONE, false);
    }
  }

  /**
   * What values have gone through before weights meet them.
   *
   * @param normalised by a norm without weight
   * @param scaled by a constant
   * @param laidByHeads queries, which are scaled first, keys and values are copied to lie by heads
   */
  public record Values(boolean normalised, boolean scaled, boolean laidByHeads) {}

  /** Which tokens a token looks at, where its model's code builds the mask. */
  public enum Sight {
    /** Those before it. */
    CAUSAL,
    /**
     * All: since 5.0 no mask is built where none is padding, whoever runs attention
     * (transformers/masking_utils.py create_bidirectional_mask).
     */
    ALL,
    /**
     * All: before 5.0 the mask of attention that is written out has one row for all that look
     * (transformers/modeling_utils.py get_extended_attention_mask).
     */
    ALL_BY_ROW,
    /** All: in every release the mask, which is always there, has one row (LayoutLM). */
    ALL_IN_ONE_ROW;

    /**
     * Where transformers/masking_utils.py makes the masks, those of encoders since 5.0 ({@code
     * _prepare_4d_attention_mask_for_sdpa} in 4.57).
     */
    public Versions booleanMasks() {
      return this == CAUSAL ? Versions.since(4, 53) : Versions.since(5, 0);
    }

    /** Since 5.0 a mask is built where a token is padding, and nowhere else. */
    public boolean asksForPadding() {
      return this == ALL || this == ALL_BY_ROW;
    }
  }

  /**
   * Biases of the scores by position (T5).
   *
   * @param shared one that the first layer makes is handed on to all others
   * @param masked the mask is added to the bias where that is made, which is added to the scores in
   *     place; since then to the scores, or for SDPA in each layer
   * @param ofModel they are made before the first layer for each sequence, and added to the scores
   *     in place, the mask after (MPNet)
   */
  public record Biases(boolean shared, Versions masked, boolean ofModel) {

    public Biases(boolean shared, Versions masked) {
      this(shared, masked, false);
    }

    /** There are none. */
    public static final Biases NONE = new Biases(false, Versions.NONE);
  }

  /** In which dtype the attention written out in Python has its softmax, and what follows it. */
  public enum Softmax {
    /** In fp32, cast to the dtype of the queries. */
    FP32,
    /** In the dtype of the scores or of the hidden states, as autocast leaves it. */
    OWN,
    /** As {@link #OWN}, cast to the dtype of the values. */
    AS_VALUES,
    /** In the dtype of the scores, less the largest, dropped out before the cast (MiMo V2). */
    SHIFTED
  }

  /**
   * The weights of attention that is written out in Python, for which code around it has names.
   *
   * @param dropped no layer gets them, as their attention returns them only where that is asked for
   * @param returned a layer returns them with its hidden states, and the loop over layers names
   *     both until the next layer has returned
   * @param apart scores have another name than they, which lives until values have met them
   */
  public record Weights(Softmax softmax, Versions dropped, Versions returned, Versions apart) {

    /** Since 4.48 an attention returns its weights whether somebody wants them or not. */
    public static final Weights USUAL =
        new Weights(Softmax.FP32, Versions.until(4, 48), Versions.NONE, Versions.NONE);

    /** In code that is not Transformers'. */
    static final Weights ELSEWHERE =
        new Weights(Softmax.FP32, Versions.ALL, Versions.NONE, Versions.NONE);

    /** The same with another softmax. */
    public Weights softmax(Softmax other) {
      return new Weights(other, dropped, returned, apart);
    }

    /** The same, whose attention drops them in these releases. */
    public Weights dropped(Versions versions) {
      return new Weights(softmax, versions, returned, apart);
    }

    /** The same that layers return in these releases. */
    public Weights returned(Versions versions) {
      return new Weights(softmax, dropped, versions, apart);
    }

    /** The same whose scores have a name of their own in these releases. */
    public Weights apart(Versions versions) {
      return new Weights(softmax, dropped, returned, versions);
    }
  }

  /** In code that is not Transformers': heads are shared, and masks built, in the usual way. */
  AttentionTraits elsewhere() {
    return new AttentionTraits(
        new Kernels(
            kernels.sdpa,
            kernels.ownSdpa,
            kernels.repeatsBeforeFlash,
            kernels.dropoutModule,
            false),
        masks.elsewhere(),
        scores.elsewhere(),
        new Values(values.normalised, values.scaled, false),
        HeadSharing.INTERFACE,
        Weights.ELSEWHERE,
        biases);
  }
}
