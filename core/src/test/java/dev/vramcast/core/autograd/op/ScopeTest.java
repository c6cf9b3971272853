package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When scopes and chains release what they hold. */
class ScopeTest {

  private final TracedCall run = new TracedCall();
  private final Graph graph = run.graph;

  @Test
  void a_scope_releases_in_written_order_when_the_result_is_there() {
    assertThat(
            run.during(
                () -> {
                  try (Scope scope = Scope.of(graph)) {
                    scope.own(run.constant(1, BF16));
                    scope.own(run.constant(2, BF16));
                    run.constant(3, BF16);
                  }
                }))
        .isEqualTo("+1 +2 +3 -1 -2");
  }

  @Test
  void a_scope_owns_any_number_of_tensors_and_none() {
    Tensor[] tensors =
        IntStream.rangeClosed(1, 20).mapToObj(i -> run.constant(i, BF16)).toArray(Tensor[]::new);
    String released =
        run.during(
            () -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(tensors);
                assertThat(scope.ownIfAny(null)).isNull();
              }
            });
    assertThat(released.split(" ")).hasSize(20).startsWith("-1", "-2").endsWith("-20");
  }

  @Test
  void what_is_held_once_more_outlives_its_scope() {
    Tensor tensor = run.constant(1, BF16);
    String released =
        run.during(
            () -> {
              try (Scope scope = Scope.of(graph)) {
                scope.own(tensor).hold();
              }
            });
    assertThat(released).isEmpty();
    assertThat(run.release(tensor)).isEqualTo("-1");
  }

  @Test
  void a_step_of_a_chain_releases_what_it_read() {
    assertThat(
            run.during(
                () ->
                    Chain.of(graph, run.constant(1, BF16))
                        .then(x -> Pointwise.copy(graph, x, "copy"))
                        .then(x -> run.constant(2, BF16))
                        .result()))
        .isEqualTo("+1 +1 -1 +2 -1");
  }

  @Test
  void two_tensors_of_a_step_are_released_in_written_order() {
    assertThat(
            run.during(
                () ->
                    Chain.of(graph, run.constant(1, BF16), run.constant(2, BF16))
                        .then((a, b) -> run.constant(3, BF16))
                        .result()))
        .isEqualTo("+1 +2 +3 -1 -2");
  }
}
