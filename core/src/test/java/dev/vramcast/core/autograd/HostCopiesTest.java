package dev.vramcast.core.autograd;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;

/** Saved tensors that wait in the machine's memory, as trl/models/activation_offloading.py does. */
class HostCopiesTest {

  private final TracedCall run = new TracedCall();

  HostCopiesTest() {
    run.graph.offloadSaved(true);
  }

  @Test
  void what_is_saved_waits_on_the_host_and_is_brought_back_for_its_node() {
    Tensor x = run.activation(4, BF16);

    assertThat(
            run.duringOnHost(
                () -> run.forward(() -> Pointwise.activation(run.graph, Aten.SILU, x, "gate"))))
        .isEqualTo("+4");
    assertThat(run.release(x)).isEqualTo("-4");
    String[] backward = new String[1];
    assertThat(run.duringOnHost(() -> backward[0] = run.backward())).isEqualTo("-4");
    // Brought back, the gradient, then both the incoming one and what was brought go.
    assertThat(backward[0]).isEqualTo("+4 +4 -4 -4");
  }

  @Test
  void less_than_1024_bytes_stay() {
    Tensor one = run.activation(1, BF16);

    assertThat(
            run.duringOnHost(
                () -> run.forward(() -> Pointwise.activation(run.graph, Aten.SILU, one, "gate"))))
        .isEmpty();
    assertThat(run.release(one)).isEmpty();
  }

  @Test
  void from_1024_bytes_on_it_is_moved() {
    Tensor two = run.activation(2, BF16);

    assertThat(
            run.duringOnHost(
                () -> run.forward(() -> Pointwise.activation(run.graph, Aten.SILU, two, "gate"))))
        .isEqualTo("+2");
  }

  @Test
  void weights_are_saved_where_they_are() {
    Tensor x = run.activation(4, BF16);
    Parameter weight = run.weight(6, BF16, false);

    assertThat(
            run.duringOnHost(
                () ->
                    run.forward(
                        () ->
                            Matrix.linear(
                                run.graph,
                                x,
                                weight.value(),
                                null,
                                16,
                                32,
                                "result",
                                Category.ACTIVATIONS))))
        .isEmpty();
  }

  @Test
  void every_node_has_a_copy_of_its_own() {
    Tensor x = run.activation(4, BF16);

    assertThat(
            run.duringOnHost(
                () ->
                    run.forward(
                        () -> {
                          run.graph.release(Pointwise.activation(run.graph, Aten.SILU, x, "first"));
                          return Pointwise.activation(run.graph, Aten.SILU, x, "second");
                        })))
        .isEqualTo("+4 +4");
  }

  @Test
  void once_it_is_switched_off_tensors_stay_on_the_gpu() {
    assertThat(run.graph.offloadSaved(false)).isTrue();
    Tensor x = run.activation(4, BF16);

    assertThat(
            run.duringOnHost(
                () -> run.forward(() -> Pointwise.activation(run.graph, Aten.SILU, x, "gate"))))
        .isEmpty();
    assertThat(run.release(x)).isEmpty();
  }
}
