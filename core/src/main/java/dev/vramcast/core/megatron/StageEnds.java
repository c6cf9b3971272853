package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.megatron.layer.Rows;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.trace.CallSite;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the first stage has before its layers and the last one after them
 * (megatron/core/models/gpt/gpt_model.py).
 *
 * @param hidden features of a token
 */
record StageEnds(Rows rows, Division division, long hidden, Embedding embedding, Output output) {

  /**
   * What stands before the first layer.
   *
   * @param table null on stages that have none
   * @param positions learned ones, whole on every rank; null where there are none
   * @param dropout of what is embedded
   */
  record Embedding(@Nullable Parameter table, @Nullable Parameter positions, double dropout) {}

  /**
   * What stands after the last layer.
   *
   * @param norm null as {@code head} on stages that have no loss
   * @param values the head makes a number of a token, whole on every rank
   */
  record Output(@Nullable Affine norm, @Nullable Parameter head, boolean values) {}

  private static final String TENSOR_LAYERS = "megatron/core/tensor_parallel/layers.py ";

  private static final ModuleScope NORM =
      ModuleScope.MODEL.library(
          "decoder.final_layernorm", "megatron/core/extensions/transformer_engine.py TENorm");

  private static final ModuleScope LOSS =
      ModuleScope.outside(
          "loss",
          "megatron/core/models/common/language_module/language_module.py"
              + " compute_language_model_loss");

  private static final ModuleScope VALUE =
      ModuleScope.MODEL.library("output_layer", "verl/models/mcore/bridge.py LinearForLastLayer");

  private static final Operation GLOBAL_BUFFER =
      Operation.of("get_tensor", "megatron/core/utils.py GlobalMemoryBuffer.get_tensor");

  /** Megatron-LM's {@code make_vocab_size_divisible_by}, times the tensor-parallel degree. */
  private static final long VOCABULARY_UNIT = 128;

  static StageEnds of(
      ParameterBuffers buffers,
      Rows rows,
      Division division,
      Architecture model,
      boolean first,
      boolean last) {
    long hidden = model.hiddenSize();
    long elements = Math.multiplyExact(vocabulary(model, division), hidden);
    boolean tied = model.head().tied();
    boolean shared = tied && first && last;
    CallSite site = buffers.site();
    ModuleScope root = site.module();
    Parameter table =
        first
            ? site.within(
                root.library("embedding.word_embeddings", TENSOR_LAYERS + "VocabParallelEmbedding"),
                () -> buffers.table("embeddings", elements, shared ? 2 : 1))
            : null;
    Parameter positions =
        first
            ? model
                .embeddings()
                .position()
                .map(learned -> positions(buffers, root, learned.rows() * hidden))
                .orElse(null)
            : null;
    Affine norm =
        last ? site.within(NORM, () -> buffers.norm(model.finalNorm().orElseThrow())) : null;
    Parameter head = null;
    boolean values = !model.head().predictsWords();
    if (last && values) {
      long numbers = model.head().linears().stream().mapToLong(Linear::parameterCount).sum();
      head = site.within(VALUE, () -> buffers.table("lm_head", numbers, 1));
    } else if (last) {
      head =
          shared
              ? table
              : site.within(
                  root.library("output_layer", TENSOR_LAYERS + "ColumnParallelLinear"),
                  () -> buffers.table("lm_head", elements, 1));
    }
    double dropout = model.embeddings().dropout().orElse(0);
    return new StageEnds(
        rows,
        division,
        hidden,
        new Embedding(table, positions, dropout),
        new Output(norm, head, values));
  }

  /** {@code torch.nn.Embedding}, whose rows no rank shares with another. */
  private static Parameter positions(ParameterBuffers buffers, ModuleScope root, long elements) {
    return buffers
        .site()
        .within(
            root.library("embedding.position_embeddings", "torch/nn/modules/sparse.py Embedding"),
            () -> buffers.table("embeddings", elements, 1));
  }

  /** One rank's rows of the padded vocabulary. */
  private static long vocabulary(Architecture model, Division division) {
    long unit = VOCABULARY_UNIT * division.tensor();
    return (model.vocabularySize() + unit - 1) / unit * VOCABULARY_UNIT;
  }

  /** The buffer into which tokens are gathered for the head, which is kept from call to call. */
  void createBuffers(Graph g, ParameterBuffers buffers) {
    if (output.head() != null && !output.values() && division.tokenDegree() > 1) {
      g.allocate(
          GLOBAL_BUFFER,
          "gathered tokens",
          Category.COMMUNICATION,
          rows.all(hidden),
          buffers.dtype());
    }
  }

  /**
   * Embedded tokens, of which each rank keeps its share; [b s h] becomes [s b h]. Rows of tokens
   * and of positions have names until the function returns
   * (megatron/core/models/common/embeddings/language_model_embedding.py forward).
   */
  Tensor embed(Graph g, Tensor ids) {
    Tensor words = looked(g, Objects.requireNonNull(embedding.table()), ids);
    Parameter positions = embedding.positions();
    if (positions == null) {
      return dropped(g, words);
    }
    try (Scope scope = Scope.of(g)) {
      scope.own(words);
      Tensor places = scope.own(looked(g, positions, ids));
      return dropped(g, Pointwise.add(g, words, places, "hidden states"));
    }
  }

  /** Ranks that have some rows of a sequence each. */
  int ranks() {
    return division.tokenDegree() * division.context();
  }

  /** Tokens of a micro-batch on all ranks that share its sequences. */
  long wholeTokens() {
    return Math.multiplyExact(rows.all(), (long) division.context());
  }

  /** Rows of those, summed over tensor-parallel ranks, among which images are put then. */
  Tensor whole(Graph g, Tensor ids) {
    Parameter words = Objects.requireNonNull(embedding.table());
    long tokens = wholeTokens();
    return g.site()
        .within(words.module(), () -> Matrix.embedding(g, words.value(), ids, tokens, hidden));
  }

  /** This rank's share of such rows, with images among them; takes over the argument. */
  Tensor divided(Graph g, Tensor all) {
    Tensor own = all;
    if (division.context() > 1) {
      own = g.rebind(own, ShapeOps.resized(g, own, rows.all(hidden), "hidden states"));
    }
    own = turned(g, own);
    if (division.tokenDegree() > 1) {
      Tensor share = ShapeOps.resized(g, own, rows.share(hidden), "hidden states");
      g.release(own);
      own = g.rebind(share, Pointwise.scale(g, share, "hidden states"));
    }
    return own;
  }

  /** [b s h] becomes [s b h]; takes over the argument. */
  Tensor turned(Graph g, Tensor x) {
    return rows.batch() > 1 ? g.rebind(x, Pointwise.copy(g, x, "hidden states")) : x;
  }

  private Tensor looked(Graph g, Parameter of, Tensor ids) {
    return g.site()
        .within(of.module(), () -> Matrix.embedding(g, of.value(), ids, rows.all(), hidden));
  }

  /** Takes over {@code result}. */
  private Tensor dropped(Graph g, Tensor result) {
    Tensor own = turned(g, result);
    if (division.tokenDegree() > 1) {
      own = g.rebind(own, ShapeOps.resized(g, own, rows.share(hidden), "hidden states"));
    }
    return g.rebind(own, Pointwise.dropout(g, own, embedding.dropout(), "hidden states"));
  }

  /**
   * What a framework makes of logits.
   *
   * @param copies what {@link dev.vramcast.core.job.code.LossCode#copiesLogits} says
   * @param compiles the cross-entropy is compiled, as {@link
   *     dev.vramcast.core.job.code.LossCode#compilesShares} or the job says
   * @param widens the model returns them in fp32, and log-probabilities are PyTorch's
   * @param gathers {@link dev.vramcast.core.job.code.LayerCode#KEEPS_GATHERED}
   * @param casts {@link dev.vramcast.core.job.code.LossCode#WIDENS_SHARES}
   */
  record LossOptions(
      boolean copies, boolean compiles, boolean widens, boolean gathers, boolean casts) {}

  /** The loss or the log-probability of every token; takes over {@code x}. */
  Tensor loss(Graph g, Tensor x, PassHead asked, LossOptions options) {
    Affine last = Objects.requireNonNull(output.norm());
    Parameter head = Objects.requireNonNull(output.head());
    Tensor normalised = g.site().within(NORM, () -> FusedLayers.norm(g, x, last, rows.share()));
    g.release(x);
    if (output.values()) {
      return valued(g, normalised, head);
    }
    long out = head.elements() / hidden;
    boolean gathers = options.gathers() && division.tokenDegree() > 1;
    Product shape = new Product(rows.all(), hidden, out, gathers ? 1 : division.tokenDegree());
    boolean widens = options.widens() && readsWhole(asked) || options.casts();
    Tensor given =
        gathers
            ? g.rebind(
                normalised, ShapeOps.resized(g, normalised, rows.all(hidden), "gathered tokens"))
            : normalised;
    Tensor made =
        g.site().within(head.module(), () -> FusedLayers.head(g, given, head.value(), shape));
    Tensor returned =
        widens ? g.rebind(made, Pointwise.cast(g, made, DataType.FP32, "logits in fp32")) : made;
    try (Scope scope = Scope.of(g)) {
      Tensor logits = scope.own(returned);
      g.release(given);
      try (Scope frame = Scope.of(g, LOSS)) {
        return frame.result(made(g, logits, asked, options));
      }
    }
  }

  /** Of this rank's tokens, made fp32; takes over {@code x}. */
  private Tensor valued(Graph g, Tensor x, Parameter head) {
    Product shape = new Product(rows.share(), hidden, head.elements() / hidden, 1);
    Tensor made = g.site().within(VALUE, () -> FusedLayers.head(g, x, head.value(), shape));
    g.release(x);
    return g.rebind(made, Pointwise.cast(g, made, DataType.FP32, "values"));
  }

  private static boolean readsWhole(PassHead asked) {
    return asked instanceof PassHead.LogProbabilities labels && labels.way() == StageHead.WHOLE;
  }

  /**
   * Verl's log-probabilities are Megatron's cross-entropy (verl/utils/megatron/), and so are those
   * of pairs in ms-swift; its completions' are the log-softmax of fp32 logits
   * (swift/megatron/trainers/vocab_parallel_utils.py vocab_parallel_log_softmax).
   */
  private Tensor made(Graph g, Tensor logits, PassHead asked, LossOptions options) {
    if (readsWhole(asked) && options.widens()) {
      return division.tensor() == 1
          ? LabelOps.whole(g, logits, rows.all(), false)
          : LabelOps.divided(g, logits, rows.all());
    }
    if (readsWhole(asked)) {
      return LabelOps.distributed(g, logits, rows.all());
    }
    if (asked instanceof PassHead.Loss loss && loss.kernel() == LossKernel.TRITON) {
      return FusedLayers.crossEntropyInPlace(g, logits, rows.all());
    }
    if (options.casts()) {
      return FusedLayers.shardedCrossEntropy(g, logits, rows.all());
    }
    return options.compiles()
        ? FusedLayers.compiledCrossEntropy(g, logits, rows.all())
        : FusedLayers.vocabularyCrossEntropy(g, logits, rows.all(), options.copies());
  }
}
