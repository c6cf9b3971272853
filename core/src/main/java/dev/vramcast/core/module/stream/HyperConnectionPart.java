package dev.vramcast.core.module.stream;

import dev.vramcast.core.architecture.tensor.HyperConnection;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;

/**
 * What reads one of several streams and says how an output comes back to them (transformers
 * deepseek_v4/modeling_deepseek_v4.py DeepseekV4HyperConnection). Its parameters are in fp32.
 *
 * @param norm of all streams of a token, without a weight
 */
public record HyperConnectionPart(
    HyperConnection connection,
    ModuleScope scope,
    Norms norm,
    Parameter projection,
    Parameter base,
    Parameter scale) {

  private static final String NAME = "streams of hidden states";
  private static final String WEIGHTS = "stream weights";

  /**
   * One stream, and the weights by which the output of what reads it comes back.
   *
   * @param post for each stream, in fp32
   * @param mixing of the streams, in fp32
   */
  public record Mix(Tensor post, Tensor mixing, Tensor collapsed) {

    public void release(Graph g) {
      g.release(post, mixing);
      g.release(collapsed);
    }

    /**
     * The streams behind a block (DeepseekV4DecoderLayer.forward).
     *
     * @param streams before it, which stay the caller's as {@code output} does
     */
    public Tensor expanded(Graph g, Tensor streams, Tensor output) {
      Tensor factors = Pointwise.cast(g, post, streams.dtype(), WEIGHTS);
      Tensor each = ShapeOps.expand(g, output.hold(), streams.elements());
      Tensor added = g.rebind(factors, each, Pointwise.mul(g, factors, each, NAME));
      return g.rebind(added, withMixed(g, added, streams));
    }

    private Tensor withMixed(Graph g, Tensor added, Tensor streams) {
      Tensor narrow = Pointwise.cast(g, mixing, streams.dtype(), WEIGHTS);
      try (Scope scope = Scope.of(g)) {
        Tensor left = scope.own(g.rebind(narrow, Pointwise.lowered(g, narrow)));
        Tensor right = scope.own(Pointwise.lowered(g, streams));
        Tensor mixed = scope.own(Matrix.product(g, left, right, streams.elements(), NAME));
        return Pointwise.add(g, added, mixed, NAME);
      }
    }
  }

  /** Puts the parameters onto the trace. */
  public static HyperConnectionPart load(ModuleFactory modules, HyperConnection connection) {
    ModuleScope scope = modules.module().own(connection.path(), "HyperConnection.forward");
    return modules
        .site()
        .within(
            scope,
            () ->
                new HyperConnectionPart(
                    connection,
                    scope,
                    modules.norm(norm(connection)),
                    wide(modules, connection.projection().count(), connection.base().count()),
                    wide(modules, connection.base().count(), 1),
                    wide(modules, connection.scale().count(), 1)));
  }

  private static Norm norm(HyperConnection connection) {
    long features = connection.projection().shape().get(1);
    return new Norm("input_norm", Norm.Type.RMS_BY_OWN_DTYPE, features, false, false);
  }

  private static Parameter wide(ModuleFactory modules, long elements, long rows) {
    return modules.wideParameter("stream parameters", elements, rows);
  }

  /** Reads the streams, which stay the caller's. */
  public Mix forward(Graph g, Tensor streams) {
    try (Scope frame = Scope.of(g, scope)) {
      long each = tokens(streams) * connection.streams();
      long pairs = each * connection.streams();
      Tensor[] parts = frame.own(FusedOps.split(g, weights(g, streams), each, each, pairs));
      Tensor pre = frame.own(shifted(g, activated(g, parts[0])));
      Tensor post = shifted(g, activated(g, parts[1]));
      Tensor mixing = doublyStochastic(g, biased(g, parts[2]), each);
      return frame.result(new Mix(post, mixing, collapsed(g, pre, streams)));
    }
  }

  /** What {@code DeepseekV4HyperHead} makes of the streams, which stay the caller's. */
  public Tensor last(Graph g, Tensor streams) {
    try (Scope frame = Scope.of(g, scope)) {
      Tensor weights = frame.own(weights(g, streams));
      Tensor pre = frame.own(shifted(g, activated(g, weights)));
      return frame.result(collapsed(g, pre, streams));
    }
  }

  private long tokens(Tensor streams) {
    return streams.elements() / connection.projection().shape().get(1);
  }

  private Tensor weights(Graph g, Tensor streams) {
    Tensor wide = Pointwise.cast(g, streams, DataType.FP32, NAME);
    Tensor normalised = g.rebind(wide, norm.forward(g, wide));
    DataType dtype = g.autocast() ? g.autocastDtype() : DataType.FP32;
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(g.rebind(normalised, Pointwise.cast(g, normalised, dtype)));
      Tensor matrix = scope.own(Matrix.castWeight(g, projection, dtype));
      long columns = connection.base().count();
      return Matrix.linear(
          g, input, matrix, null, tokens(streams), columns, WEIGHTS, Category.ACTIVATIONS);
    }
  }

  /** Times the factor of its kind, and the base: in fp32. */
  private Tensor biased(Graph g, Tensor part) {
    Tensor scaled =
        scale.trainable()
            ? Pointwise.mul(g, part, scale.value(), WEIGHTS)
            : Pointwise.scale(g, part, WEIGHTS);
    return g.rebind(scaled, Pointwise.add(g, scaled, base.value(), WEIGHTS));
  }

  private Tensor activated(Graph g, Tensor part) {
    Tensor biased = biased(g, part);
    return g.rebind(biased, Pointwise.savingResult(g, Aten.SIGMOID, biased, WEIGHTS));
  }

  /** A constant added, or multiplied with; takes over the argument. */
  private static Tensor shifted(Graph g, Tensor x) {
    return g.rebind(x, Pointwise.scale(g, x, WEIGHTS));
  }

  /** Rows and columns in turn; takes over the argument. */
  private Tensor doublyStochastic(Graph g, Tensor scores, long rows) {
    Tensor softmax = g.rebind(scores, Pointwise.savingResult(g, Aten.SOFTMAX, scores, WEIGHTS));
    Tensor mixing = divided(g, shifted(g, softmax), rows);
    for (int i = 1; i < connection.iterations(); i++) {
      mixing = divided(g, divided(g, mixing, rows), rows);
    }
    return mixing;
  }

  /** By the sums of rows or of columns; takes over the argument. */
  private static Tensor divided(Graph g, Tensor x, long rows) {
    Tensor sums = shifted(g, ShapeOps.sum(g, x, rows, WEIGHTS));
    return g.rebind(x, sums, Pointwise.div(g, x, sums, WEIGHTS));
  }

  private Tensor collapsed(Graph g, Tensor pre, Tensor streams) {
    Tensor weighted = Pointwise.mulByWeight(g, pre, streams, NAME);
    Tensor sum =
        g.rebind(
            weighted,
            ShapeOps.sum(g, weighted, streams.elements() / connection.streams(), "hidden states"));
    return g.rebind(sum, Pointwise.cast(g, sum, streams.dtype(), "hidden states"));
  }
}
