package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.LayerCode.TiledMlp;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A function that runs on one piece of its input's rows after the other (DeepSpeed's {@code
 * TiledMLP}, runtime/sequence_parallel/ulysses_sp.py). Nothing but the input is saved: the backward
 * pass runs each piece again, outside autocast, and has a backward pass for it.
 *
 * @param call takes over its input
 * @param rows of the input
 * @param count pieces of the rows
 * @param trained what is trained inside {@code call}
 * @param gradients what becomes of their gradients
 */
public record Tiles(
    UnaryOperator<Tensor> call,
    long rows,
    long count,
    List<Parameter> trained,
    TiledMlp gradients) {

  private static final Operation TILED =
      Operation.of("TiledMLP", "deepspeed/runtime/sequence_parallel/ulysses_sp.py TiledMLP")
          .backward(
              "TiledMLP backward", "deepspeed/runtime/sequence_parallel/ulysses_sp.py TiledMLP");

  /** More pieces than these need no more memory in the backward pass: each drops the one before. */
  private static final int DROPPED = 3;

  /** Of more pieces the results in the middle, which are all kept, are written as one. */
  private static final int KEPT = 8;

  /** The function's result; the argument stays the caller's. */
  public Tensor run(Graph g, Tensor x) {
    Node node = g.node(TILED, this::backward, x);
    Tensor result = g.withoutGrad(() -> forward(g, x));
    g.save(node, x);
    return g.withSource(result, node);
  }

  private long sizeOf(Tensor x, long rowsOfPiece) {
    return x.elements / rows * rowsOfPiece;
  }

  /** Rows of every piece, as {@code torch.chunk} cuts them. */
  private List<Long> pieces() {
    long each = (rows + count - 1) / count;
    List<Long> sizes = new ArrayList<>();
    for (long left = rows; left > 0; left -= each) {
      sizes.add(Math.min(each, left));
    }
    return sizes;
  }

  private Tensor forward(Graph g, Tensor x) {
    List<Long> sizes = pieces();
    List<Tensor> results = new ArrayList<>();
    int last = sizes.size() - 1;
    for (int i = 0; i <= last; i++) {
      if (sizes.size() > KEPT && i == 1) {
        long between = sizes.subList(1, last).stream().mapToLong(size -> size).sum();
        Tensor first = results.get(0);
        results.add(
            g.allocate(
                first.storage.name(),
                first.storage.category(),
                first.elements / sizes.get(0) * between,
                first.dtype));
        i = last;
      }
      results.add(call.apply(g.view(x.hold(), sizeOf(x, sizes.get(i)), null, 0)));
    }
    Tensor whole =
        ShapeOps.concatenate(g, results.get(0).storage.name(), results.toArray(Tensor[]::new));
    results.forEach(g::release);
    return whole;
  }

  private void backward(Graph g, Node node) {
    Tensor x = node.saved[0];
    node.outgoing[0] = Pointwise.gradientLike(g, node.inputs[0]);
    Sums sums = gradients == TiledMlp.SUMMED ? new Sums(g) : null;
    Tensor before = null;
    List<Long> sizes = pieces();
    int run = Math.min(DROPPED, sizes.size());
    for (int i = 0; i < run; i++) {
      Parameter.Pass pass = i + 1 < run ? Parameter.Pass.EARLIER : Parameter.Pass.LAST;
      trained.forEach(parameter -> parameter.during(pass));
      Tensor result = again(g, x, sizes.get(i), before, node.gradient());
      before = result;
      if (sums != null) {
        sums.add();
      }
    }
    trained.forEach(parameter -> parameter.during(null));
    if (sums != null) {
      sums.handOver();
    }
    if (before != null) {
      g.release(before);
    }
  }

  /** Runs a piece forward and backward; its result has a name until the next one is there. */
  private Tensor again(Graph g, Tensor x, long size, @Nullable Tensor before, Tensor gradient) {
    Boundary boundary = new Boundary();
    Tensor piece = g.view(x.hold(), sizeOf(x, size), null, 0);
    Tensor leaf = boundary.enterRequiringGrad(g, piece);
    Recording.Of<Tensor> again = g.withGrad(false, () -> call.apply(leaf.hold()));
    if (before != null) {
      g.release(before);
    }
    Tensor result = again.result();
    Tensor part = g.view(gradient.hold(), gradient.elements / rows * size, null, 0);
    // What the engine was called with lives until it returns (torch/csrc/autograd/engine.cpp).
    Tensor fitting = g.rebind(part, Pointwise.cast(g, part, result.dtype));
    g.send(result, fitting.hold());
    g.backward(again.recording());
    g.release(fitting);
    Tensor own = boundary.take();
    if (own != null) {
      // Added to the whole gradient in place.
      g.release(own);
    }
    g.release(leaf);
    return result;
  }

  /** Sums of gradients beside those that the engine adds up. */
  private final class Sums {

    private final Graph graph;
    private final List<@Nullable Tensor> earlier = new ArrayList<>();
    private final List<Tensor> sums = new ArrayList<>();

    /** Null before the first. */
    private @Nullable Tensor last;

    private Sums(Graph graph) {
      this.graph = graph;
      for (Parameter parameter : trained) {
        earlier.add(parameter.setAside());
        graph.site().operation(Aten.ZEROS);
        sums.add(
            graph.allocate(
                "gradient", Category.GRADIENTS, parameter.gradientElements(), parameter.dtype()));
      }
    }

    /** The loop's variable keeps the gradient that was added last. */
    private void add() {
      for (Parameter parameter : trained) {
        Tensor ofPiece = parameter.setAside();
        if (ofPiece != null) {
          release(last);
          last = ofPiece;
        }
      }
    }

    private void release(@Nullable Tensor tensor) {
      if (tensor != null) {
        graph.release(tensor);
      }
    }

    /** Earlier micro-batches' gradients are added into new tensors. */
    private void handOver() {
      for (int i = 0; i < trained.size(); i++) {
        Tensor sum = sums.get(i);
        Tensor result = sum;
        if (earlier.get(i) != null) {
          result = graph.allocate("gradient", Category.GRADIENTS, sum.elements, sum.dtype);
        }
        trained.get(i).putBack(result);
      }
      for (int i = 0; i < trained.size(); i++) {
        if (earlier.get(i) != null) {
          graph.release(earlier.get(i), sums.get(i));
        }
      }
      release(last);
    }
  }
}
