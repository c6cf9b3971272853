package dev.vramcast.core.architecture.traits;

import dev.vramcast.core.units.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Traits that are Llama's, save what is set. */
public final class ModelTraitsBuilder extends AttentionTraitsBuilder<ModelTraitsBuilder> {

  private LayerNormCode layerNorm = LayerNormCode.FUSED;

  private final RouterTraits.Builder router = new RouterTraits.Builder();
  private ExpertCode experts = ExpertCode.CHOSEN;
  private Versions split = Versions.NONE;
  private Versions stacked = Versions.since(5, 0);
  private boolean sumsInRoutingDtype;
  private boolean scalesExperts;
  private Versions sharedFirst = Versions.NONE;

  private final LossTraits.Builder loss = LossTraits.builder();
  private LigerTraits liger = LigerTraits.NONE;

  private Versions scalesInEmbedding = Versions.NONE;
  private Versions ignoresCheckpointing = Versions.NONE;
  private Versions returnsCache = Versions.NONE;
  private Versions chunked = Versions.NONE;
  private boolean inputsFirst;
  private Set<HeldOutput> held = Set.of();
  private boolean ownLinears;
  private boolean callsDropout;
  private StackTraits.End end = StackTraits.End.BARE;
  private Versions separatelyEmbedded = Versions.NONE;
  private Versions onceEmbedded = Versions.NONE;
  private Versions widensKept = Versions.NONE;
  private RecurrentPath recurrent = RecurrentPath.TORCH;

  private List<String> adapterTargets = List.of("q_proj", "v_proj");
  private Set<String> expertTargets = Set.of();
  private Versions rewritesTargets = Versions.NONE;
  private Set<String> refusedTargets = Set.of();
  private Versions refusesTargets = Versions.NONE;
  private Versions routerReturnsSeveral = Versions.NONE;

  private String classPrefix = "";
  private String layerClass = "DecoderLayer";
  private String mixtureClass = "SparseMoeBlock";
  private boolean remoteCode;
  private ModelTraits.ClassHeads classHeads = ModelTraits.ClassHeads.ALL;
  private final List<Renaming> renamings = new ArrayList<>();

  ModelTraitsBuilder() {}

  @Override
  ModelTraitsBuilder self() {
    return this;
  }

  /** Hidden states are dropped out by {@code nn.functional.dropout}. */
  public ModelTraitsBuilder callsDropout() {
    this.callsDropout = true;
    return this;
  }

  /** What becomes of the last norm's result. */
  public ModelTraitsBuilder end(StackTraits.End value) {
    this.end = value;
    return this;
  }

  /** The versions in which no module that looks tokens up is the model's input embedding. */
  public ModelTraitsBuilder separatelyEmbedded(Versions versions) {
    this.separatelyEmbedded = versions;
    return this;
  }

  /** The versions in which encoder and decoder look tokens up by one module. */
  public ModelTraitsBuilder onceEmbedded(Versions versions) {
    this.onceEmbedded = versions;
    return this;
  }

  /** The versions in which what a quantised model keeps of its layers is loaded in fp32. */
  public ModelTraitsBuilder widensKept(Versions versions) {
    this.widensKept = versions;
    return this;
  }

  /** A layer's code has names for these, so that they live until it returns. */
  public ModelTraitsBuilder holds(HeldOutput... outputs) {
    this.held = Set.of(outputs);
    return this;
  }

  /** Projections are of a class of the model's own that extends {@code nn.Linear}. */
  public ModelTraitsBuilder ownLinears() {
    this.ownLinears = true;
    return this;
  }

  public ModelTraitsBuilder layerNorm(LayerNormCode code) {
    this.layerNorm = code;
    return this;
  }

  /**
   * The router computes in fp32; looped experts are summed in the dtype of its weights.
   *
   * @param kept the versions in which its weight is loaded in fp32
   */
  public ModelTraitsBuilder fp32Router(Versions kept) {
    router.keptInFp32 = kept;
    router.fp32 = true;
    this.sumsInRoutingDtype = true;
    return this;
  }

  /** Looped experts are summed in the dtype of the hidden states, whatever the router does. */
  public ModelTraitsBuilder sumsInHiddenDtype() {
    this.sumsInRoutingDtype = false;
    return this;
  }

  public ModelTraitsBuilder bareRouter(Versions versions) {
    router.bare = versions;
    return this;
  }

  public ModelTraitsBuilder routerLeavesAutocast() {
    router.leavesAutocast = true;
    return this;
  }

  public ModelTraitsBuilder fp32Sigmoid() {
    router.fp32Sigmoid = true;
    return this;
  }

  public ModelTraitsBuilder fp32RoutingWeights(Versions versions) {
    router.fp32Weights = versions;
    return this;
  }

  public ModelTraitsBuilder experts(ExpertCode code) {
    this.experts = code;
    return this;
  }

  /** In every version each expert is a module of its own. */
  public ModelTraitsBuilder separateExperts() {
    this.stacked = Versions.NONE;
    return this;
  }

  /** A loop takes each expert out of the parameters of all, in these versions divided once. */
  public ModelTraitsBuilder slicedExperts(Versions chunked) {
    this.stacked = Versions.NONE;
    this.chunked = chunked;
    return this;
  }

  /** What experts gave together is multiplied by a constant, not their weights. */
  public ModelTraitsBuilder scalesExperts() {
    this.scalesExperts = true;
    return this;
  }

  /** The router's softmax is in the dtype of the scores. */
  public ModelTraitsBuilder ownRoutingSoftmax(Versions versions) {
    router.ownSoftmax = versions;
    return this;
  }

  /** The router's weights stay as the softmax makes them. */
  public ModelTraitsBuilder weightsOfSoftmax(Versions versions) {
    router.weightsOfSoftmax = versions;
    return this;
  }

  /** The router's weights are in the dtype of its scores, which a router in fp32 has in fp32. */
  public ModelTraitsBuilder weightsOfScores(Versions versions) {
    router.weightsOfScores = versions;
    return this;
  }

  public ModelTraitsBuilder dividesByNorm(Versions versions) {
    router.dividesByNorm = versions;
    return this;
  }

  public ModelTraitsBuilder inputsFirst() {
    this.inputsFirst = true;
    return this;
  }

  /** The versions in which tokens are sorted by expert, split and multiplied one by one. */
  public ModelTraitsBuilder splitExperts(Versions versions) {
    this.split = versions;
    return this;
  }

  /** The versions in which a block has its experts made before its router. */
  public ModelTraitsBuilder routerBehindExperts(Versions versions) {
    router.behindExperts = versions;
    return this;
  }

  /** The versions in which the shared MLP runs before router and experts. */
  public ModelTraitsBuilder sharedFirst(Versions versions) {
    this.sharedFirst = versions;
    return this;
  }

  /** The versions in which logits go to cross-entropy as they are. */
  public ModelTraitsBuilder lossInOwnDtype(Versions versions) {
    loss.inOwnDtype(versions);
    return this;
  }

  /** The model wrote its loss out, on logits of their own dtype, until it called a function. */
  public ModelTraitsBuilder writesLoss() {
    return lossInOwnDtype(Versions.until(new Version(4, 48, 3)));
  }

  /** The versions in which the head reads a slice of hidden states. */
  public ModelTraitsBuilder slicesHidden(Versions versions) {
    loss.slicesHidden(versions);
    return this;
  }

  /** As {@link #lossInOwnDtype}, without the last token's, which others no longer cut off. */
  public ModelTraitsBuilder cutLossInOwnDtype(Versions versions) {
    loss.cutsLogits(versions);
    return lossInOwnDtype(versions);
  }

  /** The versions in which the model itself makes logits fp32. */
  public ModelTraitsBuilder upcastsInModel(Versions versions) {
    loss.upcastsInModel(versions);
    return this;
  }

  /**
   * The versions in which the code between head and loss is not what unsloth_zoo's compiler looks
   * for ({@code compiler.py}, fixup_fused_lm_head and apply_fused_lm_head of August 2026, run over
   * the forward passes of Transformers 4.54 to 5.24), so that no fused loss takes its place. A
   * model with encoders says so itself, as it is loaded whole.
   */
  public ModelTraitsBuilder unusualLoss(Versions versions) {
    loss.unusual(versions);
    return this;
  }

  /** What Liger replaces where it knows the type (liger_kernel 0.8.5). */
  public ModelTraitsBuilder liger(LigerTraits reach) {
    this.liger = reach;
    return this;
  }

  /** The model makes its logits fp32 in every release. */
  public ModelTraitsBuilder upcastsInModel() {
    loss.upcastsInModel(Versions.ALL);
    return this;
  }

  public ModelTraitsBuilder scalesInEmbedding(Versions versions) {
    this.scalesInEmbedding = versions;
    return this;
  }

  public ModelTraitsBuilder ignoresCheckpointing(Versions versions) {
    this.ignoresCheckpointing = versions;
    return this;
  }

  public ModelTraitsBuilder returnsCache(Versions versions) {
    this.returnsCache = versions;
    return this;
  }

  public ModelTraitsBuilder recurrent(RecurrentPath path) {
    this.recurrent = path;
    return this;
  }

  /** PEFT's entry for the model type. */
  public ModelTraitsBuilder adapterTargets(String... names) {
    this.adapterTargets = List.of(names);
    return this;
  }

  /** PEFT moves the experts' targets with these names to the stacked parameters. */
  public ModelTraitsBuilder rewritesTargets(Versions versions, Set<String> names) {
    this.rewritesTargets = versions;
    this.expertTargets = names;
    return this;
  }

  /** PEFT refuses targets of these names, in these versions of its own. */
  public ModelTraitsBuilder refusesTargets(Versions versions, String... names) {
    this.refusesTargets = versions;
    this.refusedTargets = Set.of(names);
    return this;
  }

  /** The router is a linear that returns several tensors. */
  public ModelTraitsBuilder routerReturnsSeveral(Versions versions) {
    this.routerReturnsSeveral = versions;
    return this;
  }

  /** The config has a loss that balances experts, but no {@code num_experts}. */
  public ModelTraitsBuilder uncountedExperts() {
    router.uncounted = true;
    return this;
  }

  /** The names of all classes begin with this. */
  public ModelTraitsBuilder classes(String prefix) {
    this.classPrefix = prefix;
    return this;
  }

  public ModelTraitsBuilder layerClass(String rest) {
    this.layerClass = rest;
    return this;
  }

  public ModelTraitsBuilder mixtureClass(String rest) {
    this.mixtureClass = rest;
    return this;
  }

  /** The code is downloaded with the model, and its class is of another name than all others. */
  public ModelTraitsBuilder remoteCode() {
    this.remoteCode = true;
    loss.causal(false);
    return weights(AttentionTraits.Weights.ELSEWHERE);
  }

  /** The releases that have it with a head over classes of sequences, and those of tokens. */
  public ModelTraitsBuilder classHeads(Versions sequences, Versions tokens) {
    this.classHeads = new ModelTraits.ClassHeads(sequences, tokens);
    return this;
  }

  /** The releases that have it with either head over classes. */
  public ModelTraitsBuilder classHeads(Versions both) {
    return classHeads(both, both);
  }

  /** The module has another path since a release. */
  public ModelTraitsBuilder renames(int major, int minor, String from, String to) {
    renamings.add(new Renaming(Versions.since(major, minor), from, to));
    return this;
  }

  public ModelTraits build() {
    return new ModelTraits(
        attention(),
        rotation(),
        new ExpertTraits(
            router.build(),
            experts,
            split,
            stacked,
            sharedFirst,
            chunked,
            inputsFirst,
            sumsInRoutingDtype,
            scalesExperts),
        loss.build(),
        stack(),
        new AdapterTraits(
            adapterTargets,
            expertTargets,
            rewritesTargets,
            refusedTargets,
            refusesTargets,
            routerReturnsSeveral),
        liger,
        new ModelTraits.Source(
            new ModelTraits.ClassNames(classPrefix, layerClass, mixtureClass, remoteCode),
            described(),
            classHeads,
            renamings));
  }

  private StackTraits stack() {
    return new StackTraits(
        new StackTraits.Lookups(scalesInEmbedding, onceEmbedded, separatelyEmbedded),
        new StackTraits.LayerTraits(
            layerNorm, recurrent, held, ownLinears, callsDropout, widensKept),
        ignoresCheckpointing,
        new StackTraits.Caching(
            returnsCache, Versions.NONE, attendsToEarlier(), false, Versions.NONE),
        end);
  }
}
