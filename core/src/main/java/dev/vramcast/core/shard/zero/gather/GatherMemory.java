package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where whole parameters are: on the trace, or while a step is gone through alone, nowhere. */
final class GatherMemory {

  private static final Operation GATHER =
      Operation.of(
          "all_gather_coalesced",
          "deepspeed/runtime/zero/partition_parameters.py all_gather_coalesced");

  private final Graph graph;
  private final GatherSizes sizes;
  private final List<Tensor> waiting = new ArrayList<>();
  private boolean writes;

  GatherMemory(Graph graph, GatherSizes sizes) {
    this.graph = graph;
    this.sizes = sizes;
  }

  /** From now on all is on the trace, which until then nothing was. */
  void write() {
    writes = true;
    waiting.forEach(graph::release);
    waiting.clear();
  }

  /** From now on nothing is on the trace; what is given up stays there. */
  void pause() {
    writes = false;
  }

  /** Elements of all ranks' parts, the last of which is padded. */
  long padded(GatheredParameter parameter) {
    return GatherSizes.padded(parameter.elements(), sizes.ranks());
  }

  @Nullable Tensor parameter(GatheredParameter parameter) {
    return gathered(parameter, aside(Stream.ALL_GATHER_READ_ASIDE), padded(parameter));
  }

  @Nullable Tensor copy(GatheredParameter parameter) {
    return gathered(parameter, aside(Stream.ALL_GATHER_READ_ASIDE), parameter.elements());
  }

  /** Between steps, on the stream that computes (stage3.py _post_step). */
  @Nullable Tensor persistent(GatheredParameter parameter) {
    return gathered(parameter, Stream.COMPUTE, parameter.elements());
  }

  private Stream aside(Stream stream) {
    return sizes.aside() ? stream : Stream.COMPUTE;
  }

  private @Nullable Tensor gathered(GatheredParameter parameter, Stream stream, long elements) {
    String name = parameter.persists() ? "persistent parameters" : "gathered parameters";
    return writes ? allocate(stream, name, Category.GATHERED, elements, parameter.dtype()) : null;
  }

  Optional<Tensor> buffer(long elements, DataType dtype) {
    return writes
        ? Optional.of(
            allocate(
                aside(Stream.ALL_GATHER),
                "all-gather buffer",
                Category.COMMUNICATION,
                elements,
                dtype))
        : Optional.empty();
  }

  /** A checkpoint that runs again does not take it for one of its own tensors. */
  private Tensor allocate(
      Stream stream, String name, Category category, long elements, DataType dtype) {
    Operation running = graph.site().operation();
    graph.site().operation(GATHER);
    Tensor made = graph.allocateOn(stream, name, category, elements, dtype);
    graph.site().operation(running);
    return made;
  }

  void free(Tensor tensor) {
    if (writes) {
      graph.release(tensor);
    } else {
      waiting.add(tensor);
    }
  }
}
