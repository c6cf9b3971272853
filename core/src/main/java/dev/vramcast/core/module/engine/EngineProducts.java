package dev.vramcast.core.module.engine;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.module.engine.EngineCopies.Matrix;
import dev.vramcast.core.module.engine.EngineCopies.Usage;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * TransformerEngine's modules of Megatron-Core under {@code fp8_autocast}, each one node. Narrow
 * copies of weights are there all the time ({@link EngineWeights}), gradients of weights are summed
 * into main gradients, and between the modules all is as wide as without.
 */
public final class EngineProducts {

  private static final Operation NORM_COLUMN =
      Operation.of(
              "LayerNormLinear",
              "transformer_engine/pytorch/module/layernorm_linear.py _LayerNormLinear.forward")
          .backward(
              "LayerNormLinear backward",
              "transformer_engine/pytorch/module/layernorm_linear.py _LayerNormLinear.backward");

  private static final Operation ROW =
      Operation.of("Linear", "transformer_engine/pytorch/module/linear.py _Linear.forward")
          .backward(
              "Linear backward", "transformer_engine/pytorch/module/linear.py _Linear.backward");

  /** Its operands: {@code x}, gain, bias, weight. */
  private static final int NORM_WEIGHT = 3;

  /** Where narrow copies begin among what it saves, behind its input and statistics of rows. */
  private static final int NARROW = 2;

  private static final String INPUTS = "narrow inputs";
  private static final String GRADIENTS = "narrow gradients";

  private final Graph g;
  private final NarrowLinears how;
  private final Product p;

  private EngineProducts(Graph g, NarrowLinears how, Product p) {
    this.g = g;
    this.how = how;
    this.p = p;
  }

  /**
   * Column-parallel {@code LayerNormLinear}: saves its input, the statistics of the rows, and of
   * the normalised rows the narrow copy that the weight's gradient reads. Where ranks hold a share
   * of the tokens, all of them are gathered narrow, and anew for the backward pass.
   */
  public static Tensor normColumn(
      Graph g, Tensor x, Affine norm, Tensor weight, Product p, NarrowLinears how) {
    return new EngineProducts(g, how, p).normColumn(x, norm, weight);
  }

  /** Row-parallel {@code Linear}: saves the narrow copy of its input alone. */
  public static Tensor row(Graph g, Tensor x, Tensor weight, Product p, NarrowLinears how) {
    return new EngineProducts(g, how, p).row(x, weight);
  }

  private Tensor normColumn(Tensor x, Affine norm, Tensor weight) {
    Node node =
        g.node(
            NORM_COLUMN,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(columnGradient(n, scope));
                BackwardPass.dropFrom(graph, n, NARROW);
                FusedLayers.normGradients(graph, n);
              }
            },
            x,
            norm.gain(),
            norm.bias(),
            weight);
    boolean keeps = node != null && node.wants(NORM_WEIGHT);
    try (Scope scope = Scope.of(g)) {
      g.save(node, x);
      FusedLayers.saveStatistics(g, node, norm, p.rows() / p.degrees());
      boolean asRows = gathers() && how.gatherRows();
      EngineCopies own = owned(scope, shared(p.in()), Usage.rowsAnd(keeps && !asRows), INPUTS);
      if (how.normaliseFirst()) {
        g.release(g.allocate("norm outputs", Category.ACTIVATIONS, x.elements(), x.dtype()));
      }
      if (node != null && keeps) {
        (asRows ? own.all() : own.byColumns()).forEach(copy -> g.save(node, copy));
      }
      if (gathers()) {
        owned(scope, all(p.in()), Usage.ROWS, INPUTS);
      }
      return g.output("projections", Category.ACTIVATIONS, p.outputs(), x.dtype(), node);
    }
  }

  /**
   * The gradient of the product's input, scattered where its tokens were gathered: there copies of
   * the result's gradient go behind the products, and elsewhere with the node.
   */
  private Tensor columnGradient(Node n, Scope whole) {
    DataType dtype = n.inputs[0].dtype();
    boolean trained = n.wants(NORM_WEIGHT);
    if (!gathers()) {
      owned(whole, all(p.out()), Usage.rowsAnd(trained), GRADIENTS);
      return wide(p.inputs(), dtype);
    }
    try (Scope scope = Scope.of(g)) {
      owned(scope, all(p.out()), Usage.rowsAnd(trained), GRADIENTS);
      if (trained) {
        gatherInputs(scope);
      }
      scope.own(wide(p.inputs(), dtype));
      Tensor share = wide(p.inputs() / p.degrees(), dtype);
      if (trained && how.gatherRows() && how.turn()) {
        scope.own(EngineCopies.turned(g, all(p.in()), INPUTS));
      }
      return share;
    }
  }

  private void gatherInputs(Scope scope) {
    Usage usage = how.gatherRows() ? Usage.ROWS : Usage.COLUMNS;
    owned(scope, all(p.in()), usage, INPUTS);
    if (how.interleave()) {
      scope.own(EngineCopies.of(g, how, all(p.in()), Usage.COLUMNS, INPUTS).byColumns().get(0));
    }
  }

  private Tensor row(Tensor x, Tensor weight) {
    Node node = g.node(ROW, (graph, n) -> rowGradient(n), x, weight);
    boolean keeps = node != null && node.wants(1);
    try (Scope scope = Scope.of(g)) {
      EngineCopies own = owned(scope, all(p.in()), Usage.rowsAnd(keeps), INPUTS);
      if (node != null && keeps) {
        own.byColumns().forEach(copy -> g.save(node, copy));
      }
      if (gathers()) {
        scope.own(wide(p.outputs(), x.dtype()));
      }
      return g.output(
          "projections", Category.ACTIVATIONS, p.outputs() / p.degrees(), x.dtype(), node);
    }
  }

  /** The gradient of a share of the tokens is narrow before it is gathered. */
  private void rowGradient(Node n) {
    boolean trained = n.wants(1);
    try (Scope scope = Scope.of(g)) {
      if (gathers()) {
        Usage usage = Usage.rowsAnd(trained && !how.gatherRows());
        EngineCopies own = EngineCopies.of(g, how, shared(p.out()), usage, GRADIENTS);
        owned(scope, all(p.out()), Usage.rowsAnd(trained), GRADIENTS);
        own.all().forEach(g::release);
      } else {
        owned(scope, all(p.out()), Usage.rowsAnd(trained), GRADIENTS);
      }
      n.outgoing[0] = n.wants(0) ? wide(p.inputs(), n.inputs[0].dtype()) : null;
    }
  }

  private EngineCopies owned(Scope scope, Matrix matrix, Usage usage, String name) {
    EngineCopies copies = EngineCopies.of(g, how, matrix, usage, name);
    copies.all().forEach(scope::own);
    return copies;
  }

  private boolean gathers() {
    return p.degrees() > 1;
  }

  private Matrix all(long width) {
    return new Matrix(p.rows(), width, false);
  }

  private Matrix shared(long width) {
    return new Matrix(p.rows() / p.degrees(), width, false);
  }

  private Tensor wide(long elements, DataType dtype) {
    return g.allocate("gradients of activations", Category.TEMPORARIES, elements, dtype);
  }
}
