package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.weight.Dequantising;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Experts whose matrices are packed in NVFP4, and whole for the time of a pass (axolotl
 * sonicmoe/nvfp4_lora.py grouped_moe_reference_forward, with {@code nvfp4_merge_aware}).
 *
 * @param upAdapter null where the stack of gates and ups has none, as {@code downAdapter}
 */
record SnappedExperts(
    MixtureOfExperts mixture,
    StepSettings settings,
    @Nullable MergedAdapter upAdapter,
    @Nullable MergedAdapter downAdapter)
    implements Experts {

  private static final String SOURCE = "axolotl/integrations/kernels/libs/sonicmoe/nvfp4_lora.py ";

  private static final Operation GATHER = function("_GatherRows");
  private static final Operation COMBINE = function("_CombineByGather");

  private static Operation function(String name) {
    return Operation.of(name, SOURCE + name + ".forward")
        .backward(name + " backward", SOURCE + name + ".backward");
  }

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    try (Scope scope = Scope.of(g)) {
      Tensor[] up = scope.own(factors(g, upAdapter, x.dtype()));
      Tensor[] down = scope.own(factors(g, downAdapter, x.dtype()));
      Tensor upWhole = scope.own(whole(g, upShape(), x.dtype()));
      Tensor downWhole = scope.own(whole(g, downShape(), x.dtype()));
      Tensor tokens = scope.own(Routing.indices(g, pairs()));
      Tensor weights = scope.own(weights(g, x, choice));
      Tensor gathered = scope.own(gather(g, x, tokens));
      Tensor outputs = scope.own(run(g, gathered, new Tensor[][] {up, down}, upWhole, downWhole));
      return combine(g, outputs, tokens, weights);
    }
  }

  private Tensor run(
      Graph g, Tensor gathered, Tensor[][] factors, Tensor upWhole, Tensor downWhole) {
    try (Scope scope = Scope.of(g)) {
      Tensor inner = scope.own(product(g, gathered, upWhole, upShape(), factors[0]));
      Tensor activated = scope.own(activate(g, inner));
      return product(g, activated, downWhole, downShape(), factors[1]);
    }
  }

  /** Both factors in the dtype of the tokens; nothing where there is no adapter, or it is off. */
  private Tensor[] factors(Graph g, @Nullable MergedAdapter adapter, DataType dtype) {
    return adapter == null || !settings.running().adapters()
        ? new Tensor[0]
        : new Tensor[] {
          Pointwise.cast(g, adapter.a().value(), dtype, "adapter"),
          Pointwise.cast(g, adapter.b().value(), dtype, "adapter")
        };
  }

  private static Tensor whole(Graph g, SnappedProduct shape, DataType dtype) {
    return Dequantising.dequantise(g, shape.experts() * shape.in() * shape.out(), 0, dtype);
  }

  private Tensor product(Graph g, Tensor x, Tensor whole, SnappedProduct shape, Tensor[] factors) {
    return factors.length == 0
        ? Routing.grouped(g, x, whole, pairs() * shape.out(), "expert outputs")
        : shape.apply(g, x, factors[0], factors[1], pairs());
  }

  /** Those of the chosen experts in the order of the rows. */
  private Tensor weights(Graph g, Tensor x, Router.Choice choice) {
    try (Scope scope = Scope.of(g)) {
      Tensor narrow = scope.own(Pointwise.cast(g, choice.weights(), x.dtype()));
      scope.own(Routing.indices(g, pairs()));
      scope.own(Routing.indices(g, pairs()));
      Tensor order = scope.own(Routing.indices(g, pairs()));
      return Routing.gather(g, narrow, order, pairs(), "routing weights");
    }
  }

  private Tensor gather(Graph g, Tensor x, Tensor tokens) {
    Node node =
        g.node(
            GATHER,
            (graph, n) -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(Routing.indices(graph, pairs()));
                n.outgoing[0] = summed(graph, n.gradient().dtype());
              }
            },
            x);
    g.save(node, tokens);
    return g.output("expert inputs", Category.ACTIVATIONS, rows(), x.dtype(), node);
  }

  /** Rows in the order of the tokens, whose sums are fp32 on their way. */
  private Tensor summed(Graph g, DataType dtype) {
    Tensor sorted = g.allocate("expert outputs", Category.TEMPORARIES, rows(), dtype);
    Tensor wide = g.rebind(sorted, sums(g, DataType.FP32));
    return g.rebind(wide, sums(g, dtype));
  }

  private Tensor sums(Graph g, DataType dtype) {
    long elements = settings.tokens() * mixture.hiddenSize();
    return g.allocate("expert sums", Category.ACTIVATIONS, elements, dtype);
  }

  /** The nonlinearity is fp32 in the middle ({@code sonicmoe/nvfp4.py gated_activation}). */
  private Tensor activate(Graph g, Tensor inner) {
    long half = inner.elements() / 2;
    try (Scope scope = Scope.of(g)) {
      Tensor gate = scope.own(ShapeOps.slice(g, inner.hold(), half));
      Tensor up = scope.own(ShapeOps.slice(g, inner.hold(), half));
      Tensor wide = scope.own(Pointwise.cast(g, gate, DataType.FP32, "expert gates"));
      Tensor activated = scope.own(Activations.apply(g, mixture.activation(), wide));
      Tensor narrow = scope.own(Pointwise.cast(g, activated, inner.dtype(), "expert gates"));
      return Pointwise.mul(g, up, narrow, "gated products");
    }
  }

  private Tensor combine(Graph g, Tensor outputs, Tensor tokens, Tensor weights) {
    Node node = g.node(COMBINE, this::combineBackward, outputs, weights);
    try (Scope scope = Scope.of(g)) {
      scope.own(Routing.indices(g, pairs()));
      scope.own(
          g.allocate("weighted expert outputs", Category.TEMPORARIES, rows(), outputs.dtype()));
      Tensor sum = summed(g, outputs.dtype());
      g.save(node, outputs);
      g.save(node, tokens);
      g.save(node, weights);
      return node == null ? sum : g.withSource(sum, node);
    }
  }

  private void combineBackward(Graph g, Node n) {
    DataType dtype = n.inputs[0].dtype();
    try (Scope scope = Scope.of(g)) {
      scope.own(g.allocate("gradients of activations", Category.TEMPORARIES, rows(), dtype));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
      try (Scope wide = Scope.of(g)) {
        wide.own(wide(g));
        wide.own(wide(g));
        wide.own(wide(g));
      }
      Tensor sums = g.allocate("routing weights", Category.TEMPORARIES, pairs(), DataType.FP32);
      Tensor narrow = g.rebind(sums, Pointwise.gradientLike(g, n.inputs[1]));
      n.outgoing[1] = n.wants(1) ? narrow.hold() : null;
      g.release(narrow);
    }
  }

  private Tensor wide(Graph g) {
    return g.allocate("gradients of activations", Category.TEMPORARIES, rows(), DataType.FP32);
  }

  private SnappedProduct upShape() {
    return new SnappedProduct(
        mixture.experts(), mixture.hiddenSize(), 2L * mixture.intermediateSize());
  }

  private SnappedProduct downShape() {
    return new SnappedProduct(mixture.experts(), mixture.intermediateSize(), mixture.hiddenSize());
  }

  private long pairs() {
    return settings.tokens() * mixture.topK();
  }

  /** Elements of all rows. */
  private long rows() {
    return pairs() * mixture.hiddenSize();
  }
}
