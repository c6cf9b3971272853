package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.StringJoiner;
import java.util.function.Supplier;

/**
 * One operation, run forward and backward, and what it does to memory: {@code +8} is a tensor of 8
 * units that is allocated, {@code -8} one that is freed. A unit is 512 bytes, the allocator's
 * smallest block. Tests give every tensor a size of its own, by which it is told from others.
 */
public final class TracedCall {

  private static final int UNIT = 512;

  public final Graph graph = new Graph();
  private Recording segment;
  private Tensor result;

  /** Elements of a tensor of so many units. */
  public static long elements(long units, DataType dtype) {
    return units * UNIT / dtype.bytes();
  }

  /** An activation that requires a gradient, which is kept when it comes. */
  public Tensor activation(long units, DataType dtype) {
    return new Boundary().enterRequiringGrad(graph, constant(units, dtype));
  }

  /** A tensor that requires no gradient. */
  public Tensor constant(long units, DataType dtype) {
    return graph.allocate("activation", Category.ACTIVATIONS, elements(units, dtype), dtype);
  }

  public Parameter weight(long units, DataType dtype, boolean trainable) {
    return Parameter.whole(
        graph, "weight", Category.WEIGHTS, elements(units, dtype), dtype, trainable, 1);
  }

  /** The forward pass. */
  public String forward(Supplier<Tensor> call) {
    return during(() -> segment = graph.record(() -> result = call.get()));
  }

  /** Code that used these tensors lets go of them; tells what nothing else keeps. */
  public String release(Tensor... tensors) {
    return during(
        () -> {
          for (Tensor tensor : tensors) {
            graph.release(tensor);
          }
        });
  }

  public Tensor result() {
    return result;
  }

  /** The backward pass, whose gradient of the result is there already. */
  public String backward() {
    graph.send(
        result, graph.allocate("gradient", Category.TEMPORARIES, result.elements, result.dtype));
    graph.release(result);
    return during(() -> graph.backward(segment));
  }

  /** What a piece of code allocates and frees on the GPU. */
  public String during(Runnable code) {
    int before = graph.finish().device().size();
    code.run();
    return events(graph.finish().device(), before);
  }

  /** What a piece of code allocates and frees in the machine's memory. */
  public String duringOnHost(Runnable code) {
    int before = graph.finish().host().size();
    code.run();
    return events(graph.finish().host(), before);
  }

  private static boolean isMark(AllocationTrace trace, int entry) {
    return switch (trace.kind(entry)) {
      case ALLOCATE, FREE -> trace.block(entry).stream().isMark();
      case PHASE, REPEAT, END -> false;
    };
  }

  private static String events(AllocationTrace trace, int first) {
    StringJoiner events = new StringJoiner(" ");
    for (int i = first; i < trace.size(); i++) {
      if (isMark(trace, i)) {
        continue;
      }
      switch (trace.kind(i)) {
        case ALLOCATE -> events.add("+" + trace.block(i).bytes() / UNIT);
        case FREE -> events.add("-" + trace.block(i).bytes() / UNIT);
        case REPEAT -> events.add(trace.times(i) + "x(");
        case END -> events.add(")");
        case PHASE -> {}
      }
    }
    return events.toString();
  }
}
