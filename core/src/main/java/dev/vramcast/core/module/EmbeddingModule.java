package dev.vramcast.core.module;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Embeddings;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.ModelExtras.NarrowEmbeddings;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.attention.AttentionFactory;
import dev.vramcast.core.module.linear.EmbeddingAdapter;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.linear.TableRows;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.stream.FirstInputs;
import dev.vramcast.core.module.stream.HyperStreams;
import dev.vramcast.core.module.stream.StreamStart;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the first layer.
 *
 * @param tables that ids are looked up in
 * @param start what is made of rows before the first layer
 */
public record EmbeddingModule(
    ModuleScope scope,
    Embeddings embeddings,
    StepSettings settings,
    Tables tables,
    Sum sum,
    FirstInputs start) {

  /**
   * What becomes of the rows of all tables.
   *
   * @param widening from the width of the tables to that of the layers, null where both are one
   * @param late their sum is widened, behind the norm
   * @param norm null when there is none
   * @param masks padding is multiplied out, and zeros stand for absolute positions
   * @param hides masked tokens are zeros, all are scaled by the share of the others, and padding is
   *     multiplied out (transformers EsmEmbeddings.forward)
   */
  record Sum(
      @Nullable Projection widening,
      boolean late,
      @Nullable Norms norm,
      boolean masks,
      boolean hides) {

    private static Sum load(ModuleFactory modules, ModelExtras extras, @Nullable Norms norm) {
      return new Sum(
          extras.narrow().map(narrow -> modules.projection(narrow.widening())).orElse(null),
          extras.narrow().filter(NarrowEmbeddings::ofSum).isPresent(),
          norm,
          extras.distances().filter(each -> !each.ofHeads()).isPresent(),
          extras.hidesTokens());
    }

    private static Sum of(@Nullable Norms norm) {
      return new Sum(null, false, norm, false, false);
    }

    /** Rows of tokens alone, as wide as the layers. */
    private Tensor early(Graph g, Tensor hidden) {
      return widening == null || late ? hidden : g.rebind(hidden, widening.forward(g, hidden));
    }

    /** What the first layer reads. */
    private Tensor last(Graph g, Tensor hidden) {
      return widening == null || !late ? hidden : g.rebind(hidden, widening.forward(g, hidden));
    }
  }

  /**
   * Embedding tables.
   *
   * @param added tables whose rows are added to the token's (positions, token types)
   * @param unit of the token's
   */
  record Tables(TokenTable ofTokens, List<Parameter> added, ShardUnit unit) {

    Tables {
      added = List.copyOf(added);
    }
  }

  static EmbeddingModule load(
      ModuleFactory modules, Architecture architecture, StepSettings settings) {
    Sharding.InUnit<TokenTable> token =
        modules.unit(
            Sharding.Place.EMBEDDING, () -> TokenTable.load(modules, architecture, settings));
    return modules
        .unit(
            Sharding.Place.OTHER,
            () -> around(modules, architecture, settings, token.part(), token.unit()))
        .part();
  }

  /**
   * What {@code get_input_embeddings} gives.
   *
   * @param original of the token, which a tied head has, whether a trained copy stands beside it or
   *     not
   * @param degrees ranks whose rows are in the table's gradient
   * @param adapter null when there is none
   */
  record TokenTable(
      Parameter token, Parameter original, int degrees, @Nullable EmbeddingAdapter adapter) {

    private static TokenTable load(
        ModuleFactory modules, Architecture architecture, StepSettings settings) {
      Embedding embedding = architecture.embeddings().token();
      Parameter original =
          modules.embedding(
              embedding, uses(architecture, settings), architecture.head().tiedPath());
      Parameter token = atWork(modules, embedding, original);
      boolean tied = architecture.head().tied();
      int degrees = settings.embeddingGradientDegree(tied);
      if (!tied && !settings.reducesSlices()) {
        token.widenGradient(token.elements() * degrees);
      }
      return new TokenTable(token, original, degrees, modules.embeddingAdapter(embedding));
    }
  }

  private static EmbeddingModule around(
      ModuleFactory modules,
      Architecture architecture,
      StepSettings settings,
      TokenTable token,
      ShardUnit unit) {
    Embeddings embeddings = architecture.embeddings();
    List<Parameter> added = new ArrayList<>();
    embeddings.position().ifPresent(e -> added.add(table(modules, e, 1)));
    for (ModelExtras.Places places : architecture.extras().places()) {
      Parameter table = table(modules, places.table(), places.times());
      added.addAll(Collections.nCopies(places.times(), table));
    }
    embeddings.tokenType().ifPresent(e -> added.add(table(modules, e, 1)));
    embeddings
        .constants()
        .ifPresent(table -> modules.buffer("positions", table.rows() * embeddings.token().width()));
    AttentionFactory.keepTable(modules, architecture, settings);
    if (settings.code().keepsMask()) {
      AttentionFactory.keepMask(modules, architecture.maxPositions());
    }
    Norms norm = embeddings.norm().map(modules::finalNorm).orElse(null);
    return new EmbeddingModule(
        modules.site().module().own("", "Model.forward"),
        embeddings,
        settings,
        new Tables(token, added, unit),
        Sum.load(modules, architecture.extras(), norm),
        FirstInputs.load(modules, architecture, settings, streams(modules, architecture)));
  }

  /**
   * Of an encoder beside the model, which looks tokens up in the model's own table.
   *
   * @param settings the encoder's
   * @param model embeddings of the decoder
   */
  static EmbeddingModule besides(
      ModuleFactory modules, Embeddings embeddings, StepSettings settings, EmbeddingModule model) {
    List<Parameter> added = new ArrayList<>();
    embeddings.position().ifPresent(e -> added.add(table(modules, e, 1)));
    Tables tables = new Tables(model.tables().ofTokens(), added, ShardUnit.NONE);
    return new EmbeddingModule(
        modules.site().module().own("", "Encoder.forward"),
        embeddings,
        settings,
        tables,
        Sum.of(embeddings.norm().map(modules::finalNorm).orElse(null)),
        FirstInputs.NONE);
  }

  /** A table of which so many rows are looked up for a token. */
  private static Parameter table(ModuleFactory modules, Embedding embedding, int times) {
    return atWork(modules, embedding, modules.embedding(embedding, times, ""));
  }

  /** The head may be tied to the table, and an encoder of text looks tokens up there too. */
  private static int uses(Architecture architecture, StepSettings settings) {
    List<Linear> head = architecture.head().linears();
    boolean untied = !head.isEmpty() && settings.replacesByEngine(head.get(head.size() - 1));
    boolean shared = architecture.head().tied() && !untied;
    return (shared ? 2 : 1) + (architecture.readsText() ? 1 : 0);
  }

  private static Parameter atWork(ModuleFactory modules, Embedding embedding, Parameter original) {
    Parameter saved = modules.savedEmbedding(embedding, original);
    return saved == null ? original : saved;
  }

  /** The table that a tied head has: PEFT's copy of a saved embedding is the embedding's alone. */
  Parameter tied() {
    return tables.ofTokens().original();
  }

  /** The gradient of the token embedding's output is there. */
  public void gradientArrived(Graph g) {
    g.site().calls().gradient(token().module());
  }

  /** Whether the token embedding's output requires a gradient of itself. */
  public boolean trains() {
    return token().trainable() || tables.ofTokens().adapter() != null;
  }

  /** Checkpoints on the host keep a copy; the leaf's own gradient node keeps the leaf. */
  private boolean layersKeepInputs() {
    return !settings.job().checkpointsOnHost();
  }

  /** The table of tokens. */
  Parameter token() {
    return tables.ofTokens().token();
  }

  /**
   * The hidden states of the first layer.
   *
   * @param leaf takes the gradient of the token embedding's output where that is made to require
   *     one; null where it is not
   * @param named gets tokens and positions where the model has names for them beside their sum,
   *     which the caller releases
   */
  public Tensor forward(Graph g, Tensor ids, @Nullable InputLeaf leaf, List<Tensor> named) {
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(hidden(g, ids, leaf, named));
    }
  }

  /** As above, where nothing but the sum is named. */
  public Tensor forward(Graph g, Tensor ids, @Nullable InputLeaf leaf) {
    List<Tensor> named = new ArrayList<>();
    Tensor result = forward(g, ids, leaf, named);
    named.forEach(g::release);
    return result;
  }

  private Tensor hidden(Graph g, Tensor ids, @Nullable InputLeaf leaf, List<Tensor> named) {
    long width = embeddings.token().width();
    Norms norm = sum.norm();
    tables.unit().enter(ids);
    Tensor hidden = lookUp(g, ids, width);
    EmbeddingAdapter adapter = tables.ofTokens().adapter();
    if (adapter != null && settings.running().adapters()) {
      hidden = adapter.forward(g, ids, settings.tokens(), hidden);
    }
    if (norm != null && embeddings.normsTokens()) {
      hidden = g.rebind(hidden, norm.forward(g, hidden));
    }
    boolean scalesEarly = embeddings.scaled() && settings.code().scalesInEmbedding();
    if (scalesEarly) {
      hidden = scaled(g, hidden);
    }
    if (leaf != null) {
      hidden = leaf.take(g, hidden, isFirstLayersInput(scalesEarly) && layersKeepInputs());
    }
    hidden = tables.unit().leave(hidden);
    if (settings.job().supervision().noisyEmbeddings()) {
      hidden = noisy(g, hidden);
    }
    hidden = start.withWords(g, sum.early(g, hidden));
    Tensor inputs = start.inputs(g, ids, hidden);
    long wide = hidden.elements() / settings.tokens();
    if (embeddings.scaled() && !scalesEarly) {
      hidden = scaled(g, hidden);
    }
    if (embeddings.constants().isPresent()) {
      boolean ofEach = embeddings.constants().get().ofEach();
      long elements = ofEach ? hidden.elements() : settings.sequence() * wide;
      Tensor rows = Pointwise.detached(g, elements, settings.job().weightDtype(), "positions");
      hidden = g.rebind(hidden, rows, Pointwise.add(g, hidden, rows, "hidden states"));
    }
    if (sum.hides()) {
      hidden = masked(g, hidden);
    }
    for (Parameter table : tables.added()) {
      Tensor rows = added(g, table, ids, wide);
      if (settings.code().held().contains(HeldOutput.POSITIONS)) {
        named.addAll(List.of(hidden.hold(), rows.hold()));
      }
      hidden = g.rebind(hidden, rows, Pointwise.add(g, hidden, rows, "hidden states"));
    }
    Tensor zeros =
        sum.masks() ? Pointwise.detached(g, hidden.elements(), hidden.dtype(), "positions") : null;
    if (norm != null && !embeddings.normsTokens()) {
      hidden = g.rebind(hidden, norm.forward(g, hidden));
    }
    if (sum.masks() || sum.hides()) {
      hidden = scaled(g, hidden);
    }
    Tensor dropped =
        g.rebind(
            hidden,
            Pointwise.dropout(
                g, hidden, embeddings.dropout(), settings.code().callsDropout(), "hidden states"));
    if (zeros != null) {
      g.release(zeros);
    }
    return start.first(g, sum.last(g, dropped), inputs);
  }

  /** Zeros for masked tokens; a quotient of fp32 counts, cast back. Takes over the argument. */
  private Tensor masked(Graph g, Tensor x) {
    Tensor filled = scaled(g, x);
    Tensor less = scaled(g, filled);
    Tensor wide = g.rebind(less, Pointwise.cast(g, less, DataType.FP32, "hidden states"));
    return g.rebind(wide, Pointwise.cast(g, wide, x.dtype(), "hidden states"));
  }

  private static @Nullable StreamStart streams(ModuleFactory modules, Architecture architecture) {
    return architecture
        .extras()
        .hyper()
        .map(HyperStreams::before)
        .orElseGet(() -> AltUpStreams.before(modules, architecture));
  }

  /** Without adapters a saved table rests, and the module's own is looked up in. */
  private Tensor lookUp(Graph g, Tensor ids, long width) {
    Parameter table = settings.running().adapters() ? token() : tied();
    return TableRows.lookUp(g, table, () -> rows(g, table, ids, width));
  }

  private Tensor added(Graph g, Parameter table, Tensor ids, long width) {
    boolean ofEach = embeddings.position().filter(Embedding::ofEach).isPresent();
    long tokens = ofEach ? settings.tokens() : settings.sequence();
    return TableRows.lookUp(g, table, () -> Matrix.embedding(g, table.value(), ids, tokens, width));
  }

  private Tensor rows(Graph g, Parameter table, Tensor ids, long width) {
    int degrees = tables.ofTokens().degrees();
    return degrees == 1
        ? Matrix.embedding(g, table.value(), ids, settings.tokens(), width)
        : Matrix.dividedEmbedding(
            g, table.value(), ids, settings.tokens(), width, degrees, wholeGradient());
  }

  private Matrix.WholeGradient wholeGradient() {
    if (token().gradientElements() > token().elements()) {
      return Matrix.WholeGradient.KEPT;
    }
    return settings.reducesSlices() ? Matrix.WholeGradient.REDUCED : Matrix.WholeGradient.ADDED;
  }

  /** transformers/integrations/neftune.py neftune_post_forward_hook. */
  private static Tensor noisy(Graph g, Tensor hidden) {
    Tensor noise =
        g.allocate(
            Aten.ZEROS, "hidden states", Category.ACTIVATIONS, hidden.elements(), hidden.dtype());
    return g.rebind(hidden, noise, Pointwise.add(g, hidden, noise, "hidden states"));
  }

  private static Tensor scaled(Graph g, Tensor hidden) {
    return g.rebind(hidden, Pointwise.scale(g, hidden, "hidden states"));
  }

  private boolean isFirstLayersInput(boolean scaled) {
    return tables.added().isEmpty()
        && embeddings.constants().isEmpty()
        && (scaled || !embeddings.scaled())
        && (sum.norm() == null || embeddings.normsTokens())
        && !sum.masks()
        && !sum.hides()
        && !settings.job().batch().hasOthers()
        && !settings.job().supervision().noisyEmbeddings()
        && !sum.late()
        && start.areTokens()
        && embeddings.dropout().orElse(0) == 0;
  }
}
