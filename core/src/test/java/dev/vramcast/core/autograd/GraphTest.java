package dev.vramcast.core.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.op.Checkpoints;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.NamedWeights;
import dev.vramcast.core.autograd.op.SideGraph;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Small graphs computed by hand: every activation has 256 fp32 elements, which are 1 KiB. */
class GraphTest {

  private static final long KIB = 1024;
  private static final long SIZE = 256;

  private final Graph graph = new Graph();

  // ---- references ----

  @Test
  void a_storage_dies_with_the_last_reference() {
    Tensor tensor = activation();
    tensor.hold();
    graph.release(tensor);
    assertThat(living()).isEqualTo(KIB);

    graph.release(tensor);
    assertThat(living()).isZero();
  }

  @Test
  void a_view_keeps_the_storage_of_its_base() {
    Tensor base = activation();
    Tensor view = graph.view(base.hold(), SIZE / 2, null, 0);
    graph.release(base);
    assertThat(living()).isEqualTo(KIB);

    graph.release(view);
    assertThat(living()).isZero();
  }

  @Test
  void a_tensor_that_every_turn_reads_dies_once_after_the_last() {
    Tensor table = graph.allocateShared("rotary tables", Category.OTHER, SIZE, DataType.FP32);
    graph.repeat(8, () -> graph.release(table));

    assertThat(living()).isZero();
  }

  // ---- what is saved ----

  @Test
  void a_saved_tensor_lives_until_its_node_has_run() {
    Parameter weight = weight(true);
    Tensor factor = activation();
    Tensor[] loss = new Tensor[1];
    Recording segment =
        graph.record(
            () -> {
              Tensor product = Pointwise.mul(graph, factor, weight.value(), "product");
              loss[0] = Pointwise.activation(graph, Aten.SILU, product, "result");
              graph.release(product, factor);
            });
    // The weight; the factor and the product, which are saved; the result.
    assertThat(living()).isEqualTo(4 * KIB);

    backward(segment, loss[0]);
    // The weight and its gradient.
    assertThat(living()).isEqualTo(2 * KIB);
    assertThat(weight.gradient()).isNotNull();
  }

  @Test
  void a_product_with_a_frozen_weight_saves_the_weight_alone() {
    Parameter frozen = weight(false);
    Boundary boundary = new Boundary();
    Tensor x = boundary.enterRequiringGrad(graph, activation());
    Tensor y =
        Matrix.linear(graph, x, frozen.value(), null, 16, 16, "result", Category.ACTIVATIONS);
    graph.release(x);

    assertThat(living()).isEqualTo(2 * KIB);
    graph.release(y);
    assertThat(living()).isEqualTo(KIB);
  }

  @Test
  void without_gradients_nothing_is_saved() {
    Parameter weight = weight(true);
    graph.withoutGrad(
        () -> {
          Tensor product = Pointwise.scale(graph, weight.value(), "product");
          Tensor result = Pointwise.activation(graph, Aten.SILU, product, "result");
          graph.release(product, result);
        });

    assertThat(living()).isEqualTo(KIB);
  }

  @Test
  void what_no_gradient_reaches_is_freed_all_the_same() {
    Parameter weight = weight(true);
    Recording segment =
        graph.record(
            () -> {
              Tensor scaled = Pointwise.scale(graph, weight.value(), "scaled");
              Tensor unused = Pointwise.activation(graph, Aten.SILU, scaled, "unused");
              graph.release(scaled, unused);
            });
    assertThat(living()).isEqualTo(2 * KIB);

    graph.backward(segment);
    assertThat(living()).isEqualTo(KIB);
    assertThat(weight.gradient()).isNull();
  }

  // ---- gradients ----

  @Test
  void a_second_gradient_is_added_in_place_where_nobody_else_holds_the_first() {
    Boundary boundary = new Boundary();
    boundary.accept(graph, 0, activation());
    boundary.accept(graph, 0, activation());

    assertThat(peak()).isEqualTo(2 * KIB);
    assertThat(living()).isEqualTo(KIB);
  }

  @Test
  void a_gradient_that_someone_else_holds_is_added_into_a_new_tensor() {
    Boundary boundary = new Boundary();
    Tensor held = activation();
    boundary.accept(graph, 0, held.hold());
    boundary.accept(graph, 0, activation());

    assertThat(peak()).isEqualTo(3 * KIB);
    assertThat(living()).isEqualTo(2 * KIB);
  }

  @Test
  void a_gradient_that_is_a_view_is_added_into_a_new_tensor() {
    Boundary boundary = new Boundary();
    boundary.accept(graph, 0, graph.view(activation(), SIZE, null, 0));
    boundary.accept(graph, 0, activation());

    assertThat(peak()).isEqualTo(3 * KIB);
    assertThat(living()).isEqualTo(KIB);
  }

  @Test
  void gradients_of_a_tied_weight_come_together_before_they_are_kept() {
    Parameter tied = Parameter.whole(graph, "tied", Category.WEIGHTS, SIZE, DataType.FP32, true, 2);
    tied.accept(graph, 0, activation());
    assertThat(tied.gradient()).isNull();

    tied.accept(graph, 0, activation());
    assertThat(tied.gradient()).isNotNull();
    assertThat(living()).isEqualTo(2 * KIB);
  }

  @Test
  void a_gradient_of_an_earlier_micro_batch_takes_the_new_one_in() {
    Parameter weight = weight(true);
    weight.createGradient(graph, weight.dtype());
    weight.accept(graph, 0, activation());

    assertThat(peak()).isEqualTo(3 * KIB);
    assertThat(living()).isEqualTo(2 * KIB);
  }

  @Test
  void an_optimizer_that_steps_in_the_backward_pass_leaves_no_gradient() {
    Parameter weight = weight(true);
    graph.stepInBackward();
    weight.accept(graph, 0, activation());

    assertThat(living()).isEqualTo(KIB);
    assertThat(weight.gradient()).isNull();
  }

  // ---- checkpoints ----

  @Test
  void without_a_checkpoint_every_input_of_the_chain_is_kept() {
    Run run = run(this::chain);

    assertThat(run.afterForward()).isEqualTo(4 * KIB);
    assertThat(run.peak()).isEqualTo(5 * KIB);
    assertThat(run.afterBackward()).isEqualTo(KIB);
  }

  @Test
  void a_checkpoint_keeps_its_input_alone_and_stops_before_the_last_result() {
    Run run = run(x -> Checkpoints.nonReentrant(graph, x, this::chain));

    assertThat(run.afterForward()).isEqualTo(2 * KIB);
    // Input, two recomputed tensors, the gradient that waits, and the one it becomes.
    assertThat(run.peak()).isEqualTo(5 * KIB);
    assertThat(allocations("third")).isEqualTo(1);
    assertThat(allocations("second")).isEqualTo(2);
    assertThat(run.afterBackward()).isEqualTo(KIB);
  }

  @Test
  void a_reentrant_checkpoint_runs_to_its_end_again() {
    Run run = run(x -> Checkpoints.reentrant(graph, x, this::chain, leaf -> {}));

    assertThat(run.afterForward()).isEqualTo(2 * KIB);
    assertThat(allocations("third")).isEqualTo(2);
    assertThat(run.peak()).isEqualTo(6 * KIB);
    assertThat(run.afterBackward()).isEqualTo(KIB);
  }

  @Test
  void a_reentrant_checkpoint_makes_zeros_for_what_it_returns_and_nobody_reads() {
    NamedWeights weights = new NamedWeights(true);
    weights.startLoop();
    Run run =
        run(
            x -> {
              Tensor out =
                  Checkpoints.reentrant(
                      graph, x, each -> named(weights, each), leaf -> {}, weights);
              weights.endLoop(graph);
              return out;
            });

    // As above, with the zeros, and their sum with the gradient that comes.
    assertThat(run.peak()).isEqualTo(8 * KIB);
    assertThat(run.afterBackward()).isEqualTo(KIB);
  }

  /** What {@link #chain} gives, returned by that name too. */
  private Tensor named(NamedWeights weights, Tensor x) {
    Tensor result = chain(x);
    weights.name(graph, result);
    weights.endLayer(graph);
    return result;
  }

  @Test
  void an_offloaded_checkpoint_keeps_nothing_between_the_passes() {
    Run run = run(x -> Checkpoints.offloaded(graph, x, this::chain, leaf -> {}));

    assertThat(run.afterForward()).isEqualTo(KIB);
    assertThat(run.afterBackward()).isEqualTo(KIB);
  }

  // ---- autocast ----

  @Test
  void autocast_copies_a_trained_weight_once_and_keeps_the_copy_until_it_is_left() {
    Parameter weight = weight(true);
    graph.enterAutocast(DataType.BF16);
    List.of(1, 2, 3).forEach(use -> graph.release(Matrix.castWeight(graph, weight, DataType.BF16)));
    assertThat(living()).isEqualTo(KIB + KIB / 2);
    assertThat(allocations("autocast copies of weights")).isEqualTo(1);

    graph.leaveAutocast();
    assertThat(living()).isEqualTo(KIB);
  }

  @Test
  void autocast_copies_a_frozen_weight_at_every_use() {
    Parameter frozen = weight(false);
    graph.enterAutocast(DataType.BF16);
    List.of(1, 2, 3).forEach(use -> graph.release(Matrix.castWeight(graph, frozen, DataType.BF16)));

    assertThat(living()).isEqualTo(KIB);
    assertThat(allocations("autocast copies of weights")).isEqualTo(3);
  }

  @Test
  void copies_of_equal_layers_are_dropped_as_often_as_they_were_made() {
    Parameter weight = weight(true);
    graph.enterAutocast(DataType.BF16);
    graph.repeat(10, () -> graph.release(Matrix.castWeight(graph, weight, DataType.BF16)));
    assertThat(living()).isEqualTo(KIB + 10 * KIB / 2);

    graph.leaveAutocast();
    assertThat(living()).isEqualTo(KIB);
  }

  @Test
  void a_copy_made_for_a_side_graph_of_a_checkpoint_leads_to_the_weight() {
    Parameter weight = weight(true);
    graph.enterAutocast(DataType.BF16);
    Tensor input = new Boundary().enterRequiringGrad(graph, activation());
    Checkpoints.nonReentrant(
        graph,
        input,
        x -> {
          SideGraph<Tensor> side =
              SideGraph.open(graph, () -> Matrix.castWeight(graph, weight, DataType.BF16));
          graph.release(side.result());
          Tensor copy = Matrix.castWeight(graph, weight, DataType.BF16);
          assertThat(copy.requiresGrad()).isTrue();
          graph.release(copy);
          side.close();
          return x;
        });
  }

  // ---- helpers ----

  /** Bytes beyond the weight, of which every run has one. */
  private record Run(long afterForward, long peak, long afterBackward) {}

  /** Forward and backward pass of a call on a scaled weight. */
  private Run run(UnaryOperator<Tensor> call) {
    Parameter weight = weight(true);
    Recording.Of<Tensor> segment =
        graph.recorded(() -> call.apply(Pointwise.scale(graph, weight.value(), "input")));
    long afterForward = living() - KIB;
    backward(segment.recording(), segment.result());
    return new Run(afterForward, peak() - KIB, living() - KIB);
  }

  /** Three activations, each of which saves its input; takes the input over. */
  private Tensor chain(Tensor input) {
    Tensor first = Pointwise.activation(graph, Aten.SILU, input, "first");
    graph.release(input);
    Tensor second = Pointwise.activation(graph, Aten.SILU, first, "second");
    graph.release(first);
    Tensor third = Pointwise.activation(graph, Aten.SILU, second, "third");
    graph.release(second);
    return third;
  }

  private void backward(Recording segment, Tensor result) {
    graph.send(result, activation());
    graph.release(result);
    graph.backward(segment);
  }

  private Tensor activation() {
    return graph.allocate("activation", Category.ACTIVATIONS, SIZE, DataType.FP32);
  }

  private Parameter weight(boolean trainable) {
    return Parameter.whole(graph, "weight", Category.WEIGHTS, SIZE, DataType.FP32, trainable, 1);
  }

  private long peak() {
    return TraceReading.of(graph.finish().device()).peakBytes();
  }

  /** Bytes alive now. */
  private long living() {
    return Living.bytes(graph.finish().device());
  }

  /** How often a block of this name was allocated. */
  private long allocations(String name) {
    long[] sum = new long[1];
    Living.forEachEvent(
        graph.finish().device(),
        (block, allocations) -> sum[0] += name.equals(block.name()) ? Math.max(0, allocations) : 0);
    return sum[0];
  }
}
