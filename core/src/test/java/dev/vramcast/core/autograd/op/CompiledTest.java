package dev.vramcast.core.autograd.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Living;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.units.DataType;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Compiled regions computed by hand: every tensor has 256 fp32 elements, which are 1 KiB. */
class CompiledTest {

  private static final long KIB = 1024;
  private static final long SIZE = 256;

  private final Graph graph = new Graph();
  private final Boundary boundary = new Boundary();

  @Test
  void a_chain_of_pointwise_operations_keeps_its_input_and_writes_its_result() {
    UnaryOperator<Tensor> chain =
        x -> {
          Tensor first = Pointwise.activation(graph, Aten.SILU, x, "first");
          Tensor second = Pointwise.activation(graph, Aten.SILU, first, "second");
          graph.release(x, first);
          return second;
        };

    // Eager, both operations save what they read, and the result is there.
    assertThat(after(chain, false)).isEqualTo(3 * KIB);
    assertThat(after(chain, true)).isEqualTo(2 * KIB);
  }

  @Test
  void what_a_product_reads_is_written_and_kept_and_what_it_makes_is_there() {
    UnaryOperator<Tensor> body =
        x -> {
          Tensor scaled = Pointwise.scale(graph, x, "scaled");
          graph.release(x);
          Parameter weight =
              Parameter.whole(graph, "weight", Category.WEIGHTS, SIZE, DataType.FP32, true, 1);
          Tensor product =
              Matrix.linear(
                  graph, scaled, weight.value(), null, 1, SIZE, "product", Category.ACTIVATIONS);
          graph.release(scaled);
          return product;
        };

    // The weight, the scaled input, the product. The input itself is not needed any more.
    assertThat(after(body, true)).isEqualTo(3 * KIB);
  }

  @Test
  void a_gradient_through_pointwise_operations_is_written_once() {
    UnaryOperator<Tensor> chain =
        x -> {
          Tensor first = Pointwise.scale(graph, x, "first");
          Tensor second = Pointwise.scale(graph, first, "second");
          Tensor third = Pointwise.scale(graph, second, "third");
          graph.release(x);
          graph.release(first, second);
          return third;
        };
    Tensor[] result = new Tensor[1];
    Recording region = graph.record(() -> result[0] = Compiled.region(graph, input(), chain));
    graph.send(result[0], tensor("gradient of the result"));
    graph.release(result[0]);
    graph.backward(region);

    // The incoming gradient beside that of the input.
    assertThat(TraceReading.of(graph.finish().device()).peakBytes()).isEqualTo(2 * KIB);
    assertThat(boundary.take()).isNotNull();
  }

  /** Bytes alive when a region has run. */
  private long after(UnaryOperator<Tensor> body, boolean compiled) {
    long before = Living.bytes(graph.finish().device());
    graph.record(
        () -> {
          if (compiled) {
            Compiled.region(graph, input(), body);
          } else {
            body.apply(input());
          }
        });
    return Living.bytes(graph.finish().device()) - before;
  }

  private Tensor input() {
    return boundary.enterRequiringGrad(graph, tensor("input"));
  }

  private Tensor tensor(String name) {
    return graph.allocate(name, Category.ACTIVATIONS, SIZE, DataType.FP32);
  }
}
