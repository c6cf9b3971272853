package dev.vramcast.core.autograd;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When the names of a function drop what they stand for. */
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
  void a_scope_opened_in_another_ends_before_it() {
    assertThat(
            run.during(
                () -> {
                  try (Scope outer = Scope.of(graph)) {
                    outer.own(run.constant(1, BF16));
                    try (Scope inner = Scope.of(graph)) {
                      inner.own(run.constant(2, BF16));
                      outer.own(run.constant(3, BF16));
                    }
                    run.constant(4, BF16);
                  }
                }))
        .isEqualTo("+1 +2 +3 -2 +4 -1 -3");
  }

  @Test
  void a_function_that_throws_drops_what_it_holds() {
    assertThat(
            run.during(
                () -> {
                  try (Scope scope = Scope.of(graph)) {
                    scope.own(run.constant(1, BF16));
                    throw new IllegalStateException("somewhere inside");
                  } catch (IllegalStateException e) {
                    run.constant(2, BF16);
                  }
                }))
        .isEqualTo("+1 -1 +2");
  }

  @Test
  void what_a_modules_function_allocates_is_the_modules_until_it_ends() {
    ModuleScope module = ModuleScope.outside("loss", "loss.py forward");
    graph.site().set(ModuleScope.MODEL, Aten.MM);

    Tensor inside;
    try (Scope scope = Scope.of(graph, module)) {
      inside = scope.own(run.constant(1, BF16)).hold();
    }
    Tensor outside = graph.allocate("x", Category.OTHER, 1, BF16);

    assertThat(inside.storage.module()).isSameAs(module);
    assertThat(outside.storage.module()).isSameAs(ModuleScope.MODEL);
    assertThat(outside.storage.operation()).isSameAs(Aten.MM);
  }

  @Test
  void a_name_that_is_bound_anew_drops_what_it_stood_for_when_the_new_is_there() {
    assertThat(
            run.during(
                () -> {
                  Tensor x = run.constant(1, BF16);
                  x = graph.rebind(x, Pointwise.copy(graph, x, "copy"));
                  graph.rebind(x, run.constant(2, BF16));
                }))
        .isEqualTo("+1 +1 -1 +2 -1");
  }

  @Test
  void the_tensors_of_an_expression_are_dropped_in_written_order() {
    assertThat(
            run.during(
                () ->
                    graph.rebind(
                        run.constant(1, BF16), run.constant(2, BF16), run.constant(3, BF16))))
        .isEqualTo("+1 +2 +3 -1 -2");
    assertThat(
            run.during(
                () ->
                    graph.rebind(
                        run.constant(1, BF16),
                        run.constant(2, BF16),
                        run.constant(3, BF16),
                        run.constant(4, BF16))))
        .isEqualTo("+1 +2 +3 +4 -1 -2 -3");
  }
}
