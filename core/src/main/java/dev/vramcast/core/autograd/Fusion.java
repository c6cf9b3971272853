package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code torch.compile} does to the memory of pointwise operations: their results stay in the
 * registers of a fused kernel and are written to memory only where something that is no such
 * operation reads them. Until then a result is as good as what it is computed from, so whoever
 * keeps it keeps that.
 *
 * <p>It follows that the backward pass finds saved what a matrix product, an attention kernel or a
 * reduction made or read, and computes everything between them again, which is what the min-cut
 * partitioner chooses for decoder layers (torch/_functorch/partitioners.py, {@code
 * ban_recompute_materialized_backward}, {@code is_fusible}).
 */
public final class Fusion {

  private final Graph graph;
  private boolean on;

  /** Storages that no kernel has written to memory. */
  private int unwritten;

  /** Parameters of the layers that run, of which there are casts. */
  private final List<Tensor> castWeights = new ArrayList<>();

  Fusion(Graph graph) {
    this.graph = graph;
  }

  public boolean isOn() {
    return on;
  }

  /** Switches it on or off and says what it was. */
  public boolean set(boolean value) {
    boolean before = on;
    on = value;
    return before;
  }

  /** The result of a pointwise operation on these inputs, null entries of which are ignored. */
  public Tensor result(
      String name,
      Category category,
      long elements,
      DataType dtype,
      @Nullable Node node,
      @Nullable Tensor... inputs) {
    if (!on) {
      return shaped(graph.output(name, category, elements, dtype, node), inputs);
    }
    Storage storage = graph.storage(name, category, elements, dtype);
    Tensor[] sources = sources(inputs).toArray(Tensor[]::new);
    storage.sources = sources;
    unwritten++;
    for (Tensor source : sources) {
      source.read++;
    }
    return shaped(graph.unwritten(storage, node), inputs);
  }

  /** A pointwise result has the shape of the input that is not broadcast. */
  private static Tensor shaped(Tensor result, @Nullable Tensor... inputs) {
    for (Tensor input : inputs) {
      if (input != null) {
        result.storage.like(input.storage);
      }
    }
    return result;
  }

  /** A cast that may be asked for again. */
  void made(Tensor x, Tensor cast) {
    x.cast = cast;
    if (on && isWeight(x)) {
      castWeights.add(x);
    }
  }

  private static boolean isWeight(Tensor x) {
    return switch (x.storage.category()) {
      case WEIGHTS, ADAPTERS, GATHERED -> true;
      default -> false;
    };
  }

  /** Equal layers that follow have weights of their own, of which nothing was cast yet. */
  void separateCasts() {
    castWeights.forEach(weight -> weight.cast = null);
    castWeights.clear();
  }

  /** A compiled graph makes equal casts of one tensor once; null where this one is new. */
  @Nullable Tensor knownCast(Tensor x, DataType dtype) {
    Tensor cast = x.cast;
    return on && cast != null && cast.dtype == dtype && cast.isReferred() ? cast : null;
  }

  /** What is in memory of these tensors: themselves, or what they are computed from. */
  private static Set<Tensor> sources(@Nullable Tensor... tensors) {
    Set<Tensor> all = new LinkedHashSet<>();
    for (Tensor tensor : tensors) {
      if (tensor != null) {
        Tensor[] sources = tensor.storage.sources;
        all.addAll(List.of(sources == null ? new Tensor[] {tensor} : sources));
      }
    }
    return all;
  }

  /** Something reads these tensors from memory: a kernel writes those that are not there yet. */
  public void write(@Nullable Tensor... tensors) {
    if (unwritten == 0) {
      return;
    }
    for (Tensor tensor : tensors) {
      if (tensor != null && tensor.storage.sources != null) {
        graph.allocate(tensor.storage);
        letGo(tensor.storage);
      }
    }
  }

  /** The storage no longer depends on what it was computed from. */
  void letGo(Storage storage) {
    Tensor[] sources = Objects.requireNonNull(storage.sources);
    storage.sources = null;
    unwritten--;
    for (Tensor source : sources) {
      source.read--;
      graph.freeIfUnused(source);
    }
  }

  /**
   * The gradients of a pointwise operation, from those of its results and what it saved. Where an
   * input was broadcast its gradient is a sum, which a kernel writes.
   */
  void backward(Node node) {
    Tensor[] read = new Tensor[node.incoming.length + node.saved.length];
    System.arraycopy(node.incoming, 0, read, 0, node.incoming.length);
    System.arraycopy(node.saved, 0, read, node.incoming.length, node.saved.length);
    long most = 0;
    for (Tensor gradient : node.incoming) {
      most += gradient == null ? 0 : gradient.elements;
    }
    for (int i = 0; i < node.inputs.length; i++) {
      if (node.wants(i)) {
        Tensor input = node.inputs[i];
        node.outgoing[i] =
            input.elements < most
                ? Pointwise.gradientLike(graph, input)
                : gradient(input, node.gradient(), read);
      }
    }
  }

  /** The gradient of an input; one of the same size takes the place of the incoming one. */
  private Tensor gradient(Tensor input, Tensor incoming, Tensor[] read) {
    boolean replaces =
        incoming != null
            && incoming.elements == input.elements
            && incoming.dtype == input.dtype
            && !(input.source instanceof Parameter);
    return result(
        replaces ? incoming.storage.name() : Pointwise.gradientName(input),
        replaces ? incoming.storage.category() : Pointwise.gradientCategory(input),
        input.elements,
        input.dtype,
        null,
        read);
  }

  /**
   * The sum of two gradients, whose references it takes over; the second where there is no first.
   */
  Tensor sum(@Nullable Tensor first, Tensor second) {
    if (first == null) {
      return second;
    }
    graph.site().operation(Aten.ACCUMULATE);
    Tensor sum =
        result(
            first.storage.name(),
            first.storage.category(),
            first.elements,
            first.dtype,
            null,
            first,
            second);
    graph.release(first, second);
    return sum;
  }
}
