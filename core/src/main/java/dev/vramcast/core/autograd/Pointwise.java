package dev.vramcast.core.autograd;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Element-wise operations. What each saves is in torch's {@code derivatives.yaml}. Arguments stay
 * the caller's; results belong to the caller.
 */
public final class Pointwise {

  /** One gradient, of the shape and dtype of the first input. */
  public static final Node.Backward LIKE_INPUT =
      (g, n) -> n.outgoing[0] = gradientLike(g, n.inputs[0]);

  private static final Node.Backward ADD =
      (g, n) -> {
        for (int i = 0; i < 2; i++) {
          n.outgoing[i] = n.wants(i) ? n.gradient().hold() : null;
        }
        n.fitted = true;
      };

  /** The second factor's gradient comes first (torch's generated MulBackward0). */
  private static final Node.Backward MUL =
      (g, n) -> {
        for (int i = 1; i >= 0; i--) {
          n.outgoing[i] = n.wants(i) ? like(g, n.gradient()) : null;
        }
        n.fitted = true;
      };

  private static final Node.Backward SQUARE =
      (g, n) -> {
        try (Scope scope = Scope.of(g)) {
          scope.own(gradientLike(g, n.inputs[0]));
          scope.own(gradientLike(g, n.inputs[0]));
          n.outgoing[0] = gradientLike(g, n.inputs[0]);
        }
      };

  private static final Operation DIV = Operation.of("aten::div");

  private Pointwise() {}

  /** {@code x.to(dtype)}: the same tensor when it has that dtype already. */
  public static Tensor cast(Graph g, Tensor x, DataType dtype) {
    return cast(g, x, dtype, x.storage.name());
  }

  /** As {@link #cast(Graph, Tensor, DataType)}, naming the copy. */
  public static Tensor cast(Graph g, Tensor x, DataType dtype, String name) {
    if (x.dtype == dtype) {
      return x.hold();
    }
    Tensor known = g.fusion().knownCast(x, dtype);
    if (known == null) {
      known = g.castCache().ofLeaf(x, dtype);
    }
    if (known != null) {
      return known.hold();
    }
    Node node = g.node(Aten.TO_COPY, Node.Kernel.FUSED, LIKE_INPUT, x);
    Tensor cast = g.fusion().result(name, x.storage.category(), x.elements, dtype, node, x);
    g.fusion().made(x, cast);
    g.castCache().made(x, cast);
    return cast;
  }

  /**
   * As an operation reads its input that autocast runs in 16 bits ({@code lower_precision_fp} in
   * aten/src/ATen/autocast_mode.h): cast under autocast, else {@code x} itself.
   */
  public static Tensor lowered(Graph g, Tensor x) {
    return g.autocast() ? cast(g, x, g.autocastDtype()) : x.hold();
  }

  /** As {@link #lowered}, of an operation that autocast runs in fp32. */
  public static Tensor widened(Graph g, Tensor x, String name) {
    return g.autocast() ? cast(g, x, DataType.FP32, name) : x.hold();
  }

  /** {@code x.detach().to(dtype)}. */
  public static Tensor detachedCast(Graph g, Tensor x, DataType dtype, String name) {
    return x.dtype == dtype
        ? x.hold()
        : g.allocate(Aten.TO_COPY, name, x.storage.category(), x.elements, dtype);
  }

  /** A new tensor of these elements that needs no gradient. */
  public static Tensor detached(Graph g, long elements, DataType dtype, String name) {
    return g.allocate(Aten.EMPTY, name, Category.OTHER, elements, dtype);
  }

  /** A copy in another layout ({@code contiguous()}, {@code reshape} of what is not contiguous). */
  public static Tensor copy(Graph g, Tensor x, String name) {
    Node node =
        g.node(
            Aten.CLONE,
            Node.Kernel.NONE,
            (graph, n) ->
                n.outgoing[0] = graph.view(n.gradient().hold(), n.inputs[0].elements, null, 0),
            x);
    return fused(g, name, x, node);
  }

  /** {@code a + b}; the smaller one is broadcast, the result has the wider dtype. */
  public static Tensor add(Graph g, Tensor a, Tensor b, String name) {
    Node node = g.node(Aten.ADD, Node.Kernel.FUSED, ADD, a, b);
    return broadcast(g, name, a.storage.category(), a, b, node);
  }

  /** {@code a += b}, where nothing saved {@code a}: takes over {@code a}. */
  public static Tensor addInPlace(Graph g, Tensor a, Tensor b) {
    Node node = g.node(Aten.ADD, ADD, a, b);
    return node == null ? a : g.withSource(a, node);
  }

  /** {@code x * number}: saves nothing. */
  public static Tensor scale(Graph g, Tensor x, String name) {
    Node node = g.node(Aten.MUL, Node.Kernel.FUSED, LIKE_INPUT, x);
    return fused(g, name, x, node);
  }

  /** {@code a * b}; the smaller one is broadcast, the result has the wider dtype. */
  public static Tensor mul(Graph g, Tensor a, Tensor b, String name) {
    return mul(g, a, b, a.storage.category(), name);
  }

  private static Tensor mul(Graph g, Tensor a, Tensor b, Category category, String name) {
    Node node = g.node(Aten.MUL, Node.Kernel.FUSED, MUL, a, b);
    if (node != null && node.wants(1)) {
      g.save(node, a);
    }
    if (node != null && node.wants(0)) {
      g.save(node, b);
    }
    return broadcast(g, name, category, a, b, node);
  }

  /** {@code a / b}, of which the second is broadcast: saves both. */
  public static Tensor div(Graph g, Tensor a, Tensor b, String name) {
    Node node = g.node(DIV, Node.Kernel.FUSED, MUL, a, b);
    if (node != null && node.wants(1)) {
      g.save(node, a);
    }
    g.save(node, b);
    return broadcast(g, name, a.storage.category(), a, b, node);
  }

  /**
   * {@code a / b} of a column {@code b}: saves both. The gradient of {@code b} comes first, made of
   * {@code -gradient * ((a / b) / b)} (torch/csrc/autograd/FunctionsManual.cpp
   * div_tensor_other_grad).
   */
  public static Tensor quotient(Graph g, Tensor a, Tensor b, String name) {
    Node node = g.node(DIV, Node.Kernel.FUSED, Pointwise::quotientBackward, a, b);
    g.save(node, a);
    g.save(node, b);
    return broadcast(g, name, a.storage.category(), a, b, node);
  }

  private static void quotientBackward(Graph g, Node n) {
    try (Scope scope = Scope.of(g)) {
      if (n.wants(1)) {
        scope.own(like(g, n.gradient()));
        Tensor divided = like(g, n.gradient());
        scope.own(g.rebind(divided, like(g, n.gradient())));
        n.outgoing[1] = like(g, n.gradient());
      }
    }
    n.outgoing[0] = n.wants(0) ? like(g, n.gradient()) : null;
    n.fitted = true;
  }

  /** {@code weight * x} with the weight broadcast; the result is kept as {@code x} is. */
  public static Tensor mulByWeight(Graph g, Tensor weight, Tensor x, String name) {
    return mul(g, weight, x, x.storage.category(), name);
  }

  /** {@code x.pow(2)}: saves its input. */
  public static Tensor square(Graph g, Tensor x, String name) {
    Node node = g.node(Aten.POW, Node.Kernel.FUSED, SQUARE, x);
    g.save(node, x);
    return fused(g, name, x, node);
  }

  /** An activation that saves its input and has one backward kernel (SiLU, GELU, ReLU). */
  public static Tensor activation(Graph g, Operation operation, Tensor x, String name) {
    Node node = g.node(operation, Node.Kernel.FUSED, LIKE_INPUT, x);
    g.save(node, x);
    return fused(g, name, x, node);
  }

  /** {@code tanh}, {@code sigmoid} and the like: saves its result. */
  public static Tensor savingResult(Graph g, Operation operation, Tensor x, String name) {
    Node node = g.node(operation, Node.Kernel.FUSED, LIKE_INPUT, x);
    Tensor result = fused(g, name, x, node);
    g.save(node, result);
    return result;
  }

  /**
   * {@code nn.Dropout}, or the {@code nn.Identity} that stands for one of 0: a module that the
   * caller's calls.
   */
  public static Tensor dropout(Graph g, Tensor x, double p, String name) {
    try (Scope frame = Scope.of(g, g.site().module().inner())) {
      return frame.result(p == 0 || !g.drops(false) ? passed(g, x) : dropout(g, x, p, false, name));
    }
  }

  /** Hooks on a module see a gradient pass by, though the module has done nothing. */
  private static Tensor passed(Graph g, Tensor x) {
    Node node =
        g.site().calls().addsNodes()
            ? g.node(Aten.VIEW, Node.Kernel.NONE, (b, n) -> n.outgoing[0] = n.gradient().hold(), x)
            : null;
    return node == null ? x.hold() : g.view(x.hold(), x.elements, node, 0);
  }

  /**
   * Dropout by a module, unless it is called as a function; the same tensor where there is none.
   *
   * @param p probability; empty where the code has no dropout
   */
  public static Tensor dropout(Graph g, Tensor x, OptionalDouble p, boolean called, String name) {
    if (p.isEmpty()) {
      return x.hold();
    }
    double rate = p.getAsDouble();
    return called ? dropout(g, x, rate, true, name) : dropout(g, x, rate, name);
  }

  /**
   * {@code native_dropout}: saves a mask of one byte an element. The same tensor when p is 0.
   *
   * @param called {@code nn.functional.dropout}; else a module that may be switched off
   */
  public static Tensor dropout(Graph g, Tensor x, double p, boolean called, String name) {
    if (p == 0 || !g.drops(called)) {
      return x.hold();
    }
    Node node = g.node(Aten.NATIVE_DROPOUT, Node.Kernel.FUSED, LIKE_INPUT, x);
    Tensor result = fused(g, name, x, node);
    try (Scope scope = Scope.of(g)) {
      Tensor mask =
          scope.own(
              g.output("dropout mask", Category.ACTIVATIONS, x.elements, DataType.BOOL, null));
      g.save(node, mask);
    }
    return result;
  }

  private static Tensor fused(Graph g, String name, Tensor x, @Nullable Node node) {
    return g.fusion().result(name, x.storage.category(), x.elements, x.dtype, node, x);
  }

  private static Tensor broadcast(
      Graph g, String name, Category category, Tensor a, Tensor b, @Nullable Node node) {
    long elements = Math.max(a.elements, b.elements);
    return g.fusion().result(name, category, elements, wider(a, b), node, a, b);
  }

  /** As {@link #sized}; takes over the gradient. */
  static Tensor fitted(Graph g, Tensor gradient, Tensor input) {
    Tensor result = sized(g, gradient, input);
    g.release(gradient);
    return result;
  }

  /** The gradient for an input of a broadcasting operation; a fresh reference. */
  static Tensor sized(Graph g, Tensor gradient, Tensor input) {
    Tensor result = gradient;
    boolean fresh = false;
    if (input.elements != gradient.elements) {
      result =
          g.allocate(gradientName(input), gradientCategory(input), input.elements, gradient.dtype);
      fresh = true;
    }
    if (input.dtype != result.dtype) {
      Tensor cast = gradientLike(g, input);
      if (fresh) {
        g.release(result);
      }
      return cast;
    }
    return fresh ? result : result.hold();
  }

  /** A tensor for the gradient of {@code input}. */
  public static Tensor gradientLike(Graph g, Tensor input) {
    Stream stream = input.source instanceof Parameter p ? p.gradientStream() : Stream.COMPUTE;
    String name = gradientName(input);
    Tensor gradient =
        stream == Stream.COMPUTE
            ? g.allocate(name, gradientCategory(input), input.elements, input.dtype)
            : g.allocateOn(stream, name, gradientCategory(input), input.elements, input.dtype);
    gradient.storage.like(input.storage);
    return gradient;
  }

  private static Tensor like(Graph g, Tensor gradient) {
    return g.allocate(
        gradient.storage.name(), gradient.storage.category(), gradient.elements, gradient.dtype);
  }

  public static String gradientName(Tensor input) {
    return input.source instanceof Parameter ? "gradient" : "gradients of activations";
  }

  public static Category gradientCategory(Tensor input) {
    if (input.source instanceof Parameter) {
      return Category.GRADIENTS;
    }
    return input.storage.category() == Category.LOGITS_AND_LOSS
        ? Category.LOGITS_AND_LOSS
        : Category.TEMPORARIES;
  }

  private static DataType wider(Tensor a, Tensor b) {
    return a.dtype.bytes() >= b.dtype.bytes() ? a.dtype : b.dtype;
  }
}
