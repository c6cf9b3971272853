package dev.vramcast.core.architecture.traits;

/**
 * How attention is written, and positions enter it, as Llama's is, save what is set.
 *
 * @param <B> what sets the other traits too
 */
public abstract sealed class AttentionTraitsBuilder<B extends AttentionTraitsBuilder<B>>
    permits ModelTraitsBuilder {

  private RotaryCode rotary = RotaryCode.LLAMA;
  private Versions concatenatesRotary = Versions.NONE;
  private boolean rotatesTokens;
  private Versions rotaryLayerTables = Versions.NONE;
  private boolean rotaryTablesOfSeen;
  private boolean rotatesBeforeNorms;
  private Versions rotatesInFp32 = Versions.NONE;
  private Versions tablesByType = Versions.NONE;
  private Versions tablesByRow = Versions.NONE;
  private Versions tablesByLayer = Versions.NONE;
  private Versions rotatedAsLlama = Versions.NONE;
  private Versions sdpa = Versions.ALL;
  private Versions ownSdpa = Versions.NONE;
  private Versions repeatsBeforeFlash = Versions.NONE;
  private boolean fp32Scores;
  private boolean scoresLeaveAutocast;
  private Versions clampsScores = Versions.NONE;
  private Versions boundsScores = Versions.NONE;
  private Versions alwaysMasks = Versions.NONE;
  private Versions additiveMasks = Versions.NONE;
  private Versions modelMask = Versions.NONE;
  private Versions layerMasks = Versions.NONE;
  private boolean normalisesValues;
  private boolean scalesValues;
  private HeadSharing sharing = HeadSharing.INTERFACE;
  private AttentionTraits.Weights weights = AttentionTraits.Weights.USUAL;
  private Versions masksLikeTable = Versions.NONE;
  private boolean masksByHead;
  private boolean laysByHeads;
  private boolean scalesBySinks;
  private Versions dropoutModule = Versions.NONE;
  private AttentionTraits.Biases biases = AttentionTraits.Biases.NONE;
  private boolean rewritten;
  private Versions described = Versions.ALL;
  private AttentionTraits.Sight sight = AttentionTraits.Sight.CAUSAL;
  private boolean attendsToEarlier;

  AttentionTraitsBuilder() {}

  abstract B self();

  public final B rotary(RotaryCode code) {
    this.rotary = code;
    return self();
  }

  public final B rotatesInFp32(Versions versions) {
    this.rotatesInFp32 = versions;
    return self();
  }

  /** Layers with a window have cosines and sines of their own. */
  public final B tablesByType(Versions versions) {
    this.tablesByType = versions;
    return self();
  }

  /** Each sequence of a batch has cosines and sines of its own. */
  public final B tablesByRow(Versions versions) {
    this.tablesByRow = versions;
    return self();
  }

  public final B rotatesTokens() {
    this.rotatesTokens = true;
    return self();
  }

  public final B concatenatesRotary(Versions versions) {
    this.concatenatesRotary = versions;
    return self();
  }

  public final B rotaryLayerTables(Versions versions) {
    this.rotaryLayerTables = versions;
    return self();
  }

  /**
   * In every version each layer keeps cosines and sines, of all positions until the first step
   * makes them anew for those of its sequences.
   */
  public final B rotaryTablesOfSeen() {
    this.rotaryTablesOfSeen = true;
    return rotaryLayerTables(Versions.ALL);
  }

  public final B rotatesBeforeNorms() {
    this.rotatesBeforeNorms = true;
    return self();
  }

  /** The versions in which each layer makes cosines and sines of its own, or looks them up. */
  public final B tablesByLayer(Versions versions) {
    this.tablesByLayer = versions;
    return self();
  }

  /** The versions in which queries and keys were rotated as Llama's. */
  public final B rotatedAsLlama(Versions versions) {
    this.rotatedAsLlama = versions;
    return self();
  }

  /** There is no attention but the one written out in Python. */
  public final B eagerOnly() {
    this.sdpa = Versions.NONE;
    return self();
  }

  /** Before these, there is no attention but the one written out in Python. */
  public final B sdpa(Versions versions) {
    this.sdpa = versions;
    return self();
  }

  public final B ownSdpa(Versions versions) {
    this.ownSdpa = versions;
    return self();
  }

  public final B repeatsBeforeFlash(Versions versions) {
    this.repeatsBeforeFlash = versions;
    return self();
  }

  public final B fp32Scores() {
    this.fp32Scores = true;
    return self();
  }

  /** As {@link #fp32Scores}, also under autocast. */
  public final B scoresLeaveAutocast() {
    this.scoresLeaveAutocast = true;
    return fp32Scores();
  }

  /** The versions in which scores with the mask are clamped from below; queries were scaled. */
  public final B clampsScores(Versions versions) {
    this.clampsScores = versions;
    return self();
  }

  /** The versions in which scaled scores with the mask are clamped from below. */
  public final B boundsScores(Versions versions) {
    this.boundsScores = versions;
    return self();
  }

  public final B alwaysMasks(Versions versions) {
    this.alwaysMasks = versions;
    return self();
  }

  /** The versions in which SDPA's masks are still additive. */
  public final B additiveMasks(Versions versions) {
    this.additiveMasks = versions;
    return self();
  }

  public final B modelMask(Versions versions) {
    this.modelMask = versions;
    return self();
  }

  public final B layerMasks(Versions versions) {
    this.layerMasks = versions;
    return self();
  }

  public final B normalisesValues() {
    this.normalisesValues = true;
    return self();
  }

  public final B scalesValues() {
    this.scalesValues = true;
    return self();
  }

  public final B sharing(HeadSharing value) {
    this.sharing = value;
    return self();
  }

  /** What the attention written out in Python makes of its weights. */
  public final B weights(AttentionTraits.Weights value) {
    this.weights = value;
    return self();
  }

  /** Which tokens a token looks at. */
  public final B sight(AttentionTraits.Sight value) {
    this.sight = value;
    return self();
  }

  /** The versions in which an additive mask has the dtype of the embedding table. */
  public final B masksLikeTable(Versions versions) {
    this.masksLikeTable = versions;
    return self();
  }

  /** Queries, keys and values are copied to lie by heads (Whisper). */
  public final B laysByHeads() {
    this.laysByHeads = true;
    return self();
  }

  /** Sinks scale what was attended. */
  public final B scalesBySinks() {
    this.scalesBySinks = true;
    return self();
  }

  /** The versions in which attention weights are dropped out by a module. */
  public final B dropoutModule(Versions versions) {
    this.dropoutModule = versions;
    return self();
  }

  /** Each head has a mask of its own. */
  public final B masksByHead() {
    this.masksByHead = true;
    this.alwaysMasks = Versions.ALL;
    return self();
  }

  /** Scores have a bias by position. */
  public final B biases(AttentionTraits.Biases value) {
    this.biases = value;
    return self();
  }

  /** unsloth_zoo/temporary_patches has an attention of its own for the model. */
  public final B rewrittenAttention() {
    this.rewritten = true;
    return self();
  }

  /** The releases in which all of the model's code is what the traits say. */
  public final B described(Versions versions) {
    this.described = versions;
    return self();
  }

  /** Layers read keys and values of earlier ones. */
  public final B sharesKeysAndValues() {
    this.attendsToEarlier = true;
    return self();
  }

  boolean attendsToEarlier() {
    return attendsToEarlier;
  }

  Versions described() {
    return described;
  }

  AttentionTraits attention() {
    return new AttentionTraits(
        new AttentionTraits.Kernels(sdpa, ownSdpa, repeatsBeforeFlash, dropoutModule, rewritten),
        new AttentionTraits.Masks(
            alwaysMasks, additiveMasks, modelMask, layerMasks, masksLikeTable, masksByHead, sight),
        new AttentionTraits.Scores(
            fp32Scores, scoresLeaveAutocast, clampsScores, boundsScores, scalesBySinks),
        new AttentionTraits.Values(normalisesValues, scalesValues, laysByHeads),
        sharing,
        weights,
        biases);
  }

  final RotaryTraits rotation() {
    return new RotaryTraits(
        rotary,
        concatenatesRotary,
        rotaryLayerTables,
        rotatesBeforeNorms,
        rotatesTokens,
        rotatesInFp32,
        rotatedAsLlama,
        new RotaryTraits.Tables(tablesByType, tablesByRow, tablesByLayer, rotaryTablesOfSeen));
  }
}
