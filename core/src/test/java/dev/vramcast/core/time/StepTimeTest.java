package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.time.rate.Exchange;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * A step of ten tokens with round numbers: two layers of 1000 weights that a token visits and 1200
 * that are stored, a head of 100, attention of 50 and activations of 10 numbers a token; products
 * at 1000 operations a second, the head at 100, attention at half of that, memory at 100 bytes a
 * second.
 */
class StepTimeTest {

  private static final SpeedCoefficients ALL =
      SpeedCoefficients.BEFORE
          .with(SpeedCoefficient.RECOMPUTED, 1)
          .with(SpeedCoefficient.CONTENTION, 0.25);

  private static final Offset<Double> ROUNDING = within(1e-9);
  private static final double TOKENS = 10;
  private static final ModelWork.Shapes NO_SHAPES = ModelWork.Shapes.NONE;

  /** One after the other, so that the whole of a step takes half as long again. */
  private static final StepTime.Experts EXPERTS = new StepTime.Experts(1.5, true);

  private static final Passes FULL = new Passes(3, 3, Passes.Recomputed.NONE, 0, false);
  private static final Passes CHECKPOINTED = new Passes(3, 3, Passes.Recomputed.ALL, 0, false);
  private static final Passes ADAPTERS = new Passes(2, 2, Passes.Recomputed.NONE, 0, true);

  private static StepTime step(Passes passes, Layout layout, Exchange exchange, double kernels) {
    return StepTime.of(inputs(passes, layout, exchange, kernels, EXPERTS));
  }

  private static StepTime.Inputs inputs(
      Passes passes, Layout layout, Exchange exchange, double kernels, StepTime.Experts experts) {
    return new StepTime.Inputs(
        new ModelWork(2, 4, new ModelWork.Weights(1000, 1200, 800, 100), 50, 5, 2, 10, NO_SHAPES),
        passes,
        new Rates(
            1000,
            100,
            new Rates.Attention(0.5, 0, 0),
            100,
            new Rates.Traffic(31, 12, 4),
            kernels,
            1000),
        layout,
        TOKENS,
        new StepTime.Overheads(0.5, exchange, 500, 0, 0, Optional.of(experts), 0, TowerTime.NONE),
        ALL);
  }

  private static StepTime step(Passes passes) {
    return step(passes, layout(1, 1, 1, 0), Exchange.NONE, 1);
  }

  private static Layout layout(int tensor, int pipeline, int context, double bubble) {
    return layout(tensor, pipeline, context, 1, bubble);
  }

  private static Layout layout(int tensor, int pipeline, int context, int copies, double bubble) {
    int gpus = tensor * pipeline * context;
    return new Layout(
        gpus,
        1,
        1,
        new Layout.Degrees(tensor, pipeline, context, copies),
        1,
        2,
        bubble,
        new Layout.Losses(0.038, 0.0265));
  }

  // ---- compute ----

  /** 2 operations a weight and pass, forward and two backward. */
  @Test
  void a_weight_takes_two_operations_in_each_of_three_passes() {
    assertThat(step(FULL).kernels().linear()).isCloseTo(2 * 1000 * 3 / 1000.0, ROUNDING);
    assertThat(step(FULL).kernels().head()).isCloseTo(2 * 100 * 3 / 100.0, ROUNDING);
  }

  @Test
  void recomputing_adds_a_pass_to_layers_and_none_to_the_head() {
    assertThat(step(CHECKPOINTED).kernels().linear()).isCloseTo(8, ROUNDING);
    assertThat(step(CHECKPOINTED).kernels().head()).isCloseTo(6, ROUNDING);
  }

  /** One forward and two and a half backward, at half the rate of products. */
  @Test
  void attention_takes_three_and_a_half_passes() {
    assertThat(step(FULL).kernels().attention()).isCloseTo(2 * 50 * 3.5 / (100 * 0.5), ROUNDING);
    assertThat(step(CHECKPOINTED).kernels().attention())
        .isCloseTo(2 * 50 * 4.5 / (100 * 0.5), ROUNDING);
  }

  /** A third more where the forward pass is one of three and runs twice. */
  @Test
  void memory_bound_work_is_bytes_over_bandwidth() {
    double loss = 100 / 4.0 * 12 / 100;

    assertThat(step(FULL).kernels().loss()).isCloseTo(loss, ROUNDING);
    assertThat(step(FULL).kernels().memoryBound()).isCloseTo(2 * 10 * 31 / 100.0 + loss, ROUNDING);
    assertThat(step(CHECKPOINTED).kernels().memoryBound())
        .isCloseTo(4 / 3.0 * 2 * 10 * 31 / 100.0 + loss, ROUNDING);
  }

  /** Of 1000 features of products, 7 of these, 600 weights, and 50 and 20 features of experts. */
  @Test
  void products_take_time_beside_their_operations_and_tokens_on_their_way_to_experts() {
    ModelWork.Shapes shapes = new ModelWork.Shapes(0, 1000, 7, 600, new ModelWork.Routed(50, 20));
    StepTime.Inputs plain = inputs(CHECKPOINTED, layout(2, 1, 1, 0), Exchange.NONE, 1, EXPERTS);
    KernelTime shaped = KernelTime.of(withShapes(plain, shapes));
    KernelTime bare = KernelTime.of(plain);

    double operands = 0.35 * 2 * (1000 + 600 / TOKENS) / 100;
    assertThat(shaped.linear() - bare.linear())
        .isCloseTo(4 * (operands + 3e-6 * 7 * 2 / TOKENS), ROUNDING);
    assertThat(shaped.memoryBound() - bare.memoryBound())
        .isCloseTo(4 * (12 * 50 + 7 * 20) / 100.0, ROUNDING);
  }

  private static StepTime.Inputs withShapes(StepTime.Inputs in, ModelWork.Shapes shapes) {
    ModelWork w = in.work();
    return new StepTime.Inputs(
        new ModelWork(
            w.layers(),
            w.hidden(),
            w.weights(),
            w.attention(),
            w.queries(),
            w.keys(),
            w.activations(),
            shapes),
        in.passes(),
        in.rates(),
        in.layout(),
        in.tokens(),
        in.overheads(),
        in.all());
  }

  /** Two layers of four features of the residual stream, three times more than once. */
  @Test
  void without_sequence_parallelism_each_tensor_rank_runs_norms_on_the_whole_residual_stream() {
    StepTime divided = step(FULL, layout(4, 1, 1, 1, 0), Exchange.NONE, 1);
    StepTime whole = step(FULL, layout(4, 1, 1, 4, 0), Exchange.NONE, 1);

    assertThat(whole.kernels().memoryBound() - divided.kernels().memoryBound())
        .isCloseTo(2 * 2 * 4 * 3 * 31 / 100.0, ROUNDING);
  }

  /** All that is stored, in two passes of a micro-step, whatever a token visits. */
  @Test
  void a_quantised_base_is_unpacked_once_a_pass_for_all_tokens() {
    assertThat(step(FULL).kernels().dequantisation())
        .isCloseTo(4 * 1200 * 2 / 100.0 / TOKENS, ROUNDING);
    assertThat(step(CHECKPOINTED).kernels().dequantisation())
        .isCloseTo(4 * 1200 * 3 / 100.0 / TOKENS, ROUNDING);
  }

  @Test
  void slow_kernels_slow_products_and_attention_alone() {
    StepTime tuned = step(FULL);
    StepTime slow = step(FULL, layout(1, 1, 1, 0), Exchange.NONE, 2);

    assertThat(slow.kernels().linear()).isCloseTo(2 * tuned.kernels().linear(), ROUNDING);
    assertThat(slow.kernels().head()).isCloseTo(2 * tuned.kernels().head(), ROUNDING);
    assertThat(slow.kernels().attention()).isCloseTo(2 * tuned.kernels().attention(), ROUNDING);
    assertThat(slow.kernels().memoryBound()).isEqualTo(tuned.kernels().memoryBound());
    assertThat(slow.kernels().dequantisation()).isEqualTo(tuned.kernels().dequantisation());
  }

  // ---- launching, updating ----

  @Test
  void launching_a_layer_takes_its_time_whatever_it_computes() {
    assertThat(step(FULL).launch()).isCloseTo(2 * 0.5 / TOKENS, ROUNDING);
    assertThat(step(ADAPTERS).launch()).isGreaterThan(step(FULL).launch());
  }

  /** Tokens of a micro-step are those of the group; each stage launches its own layers. */
  @Test
  void tensor_and_context_ranks_launch_all_layers_and_pipeline_stages_their_own() {
    double alone = step(FULL).launch();

    assertThat(step(FULL, layout(2, 1, 3, 0), Exchange.NONE, 1).launch())
        .isCloseTo(6 * alone, ROUNDING);
    assertThat(step(FULL, layout(1, 4, 1, 0), Exchange.NONE, 1).launch())
        .isCloseTo(alone, ROUNDING);
  }

  @Test
  void an_update_is_shared_by_the_tokens_of_its_micro_steps() {
    assertThat(step(FULL).optimizer()).isCloseTo(500 / 100.0 / TOKENS / 2, ROUNDING);
  }

  @Test
  void the_shorter_of_computing_and_launching_hides_but_for_a_quarter() {
    StepTime step = step(FULL);

    assertThat(step.busy()).isGreaterThan(step.launch());
    assertThat(step.waiting()).isCloseTo(0.25 * step.launch(), ROUNDING);
  }

  // ---- exchanges ----

  private static Exchange exchange(double microStep, double exposed, double overlap) {
    return new Exchange(microStep, 20, exposed, overlap);
  }

  @Test
  void an_exchange_that_hides_slows_what_hides_it_by_its_contention_alone() {
    StepTime step = step(FULL, layout(1, 1, 1, 0), exchange(30, 0.125, 0.5), 1);

    // 30 a micro-step and 20 for two of them, over ten tokens: less than half of the computing.
    assertThat(5).isLessThan((int) (step.busy() / 2));
    assertThat(step.communication()).isCloseTo(0.125 + 0.25 * 4, ROUNDING);
  }

  @Test
  void of_a_longer_exchange_the_rest_is_waited_for() {
    StepTime step = step(FULL, layout(1, 1, 1, 0), exchange(1000, 0.125, 0.5), 1);

    assertThat(step.communication())
        .isCloseTo((1000 + 20 / 2.0) / TOKENS - 0.75 * step.busy() / 2 + 0.125, ROUNDING);
  }

  /** 300 of 10 tokens and two micro-steps, of which computing hides a half for ten tokens. */
  @Test
  void what_comes_once_an_update_hides_behind_one_micro_step_alone() {
    Exchange update = new Exchange(0, 300, 0, 0.5);
    StepTime step = step(FULL, layout(1, 1, 1, 0), update, 1);
    double exposed = (300 / TOKENS - step.busy() / 2) / 2;

    assertThat(exposed).isPositive();
    assertThat(step.communication())
        .isCloseTo(exposed + 0.25 * (300 / TOKENS / 2 - exposed), ROUNDING);
  }

  @Test
  void without_overlap_all_of_it_is_waited_for() {
    StepTime step = step(FULL, layout(1, 1, 1, 0), exchange(30, 0, 0), 1);

    assertThat(step.communication()).isCloseTo(4, ROUNDING);
  }

  @Test
  void exchanges_add_up_and_overlap_as_much_as_the_worse() {
    Exchange sum = new Exchange(1, 2, 3, 0.5).plus(new Exchange(10, 20, 30, 0.25));

    assertThat(sum).isEqualTo(new Exchange(11, 22, 33, 0.25));
  }

  // ---- all together ----

  @Test
  void a_bubble_of_half_makes_a_step_half_as_long_again() {
    StepTime step = step(FULL, layout(1, 4, 1, 0.5), Exchange.NONE, 1);

    assertThat(step.loss()).isCloseTo(1.5, ROUNDING);
    assertThat(step.total()).isCloseTo(step.alone() * 1.5, ROUNDING);
  }

  /** 600 of 1000 visited weights are experts'. */
  @Test
  void grouped_experts_take_longer_themselves_and_looped_ones_slow_the_whole_step() {
    Layout layout = layout(1, 1, 1, 0);
    StepTime.Experts grouped = new StepTime.Experts(2.5, false);
    StepTime of = StepTime.of(inputs(FULL, layout, Exchange.NONE, 1, grouped));

    assertThat(of.experts()).isCloseTo(1.5 * 2 * 600 * 3 / 1000.0, ROUNDING);
    assertThat(step(FULL).experts()).isCloseTo(0.5 * (of.alone() - of.experts()), ROUNDING);
  }

  @Test
  void what_a_step_takes_alone_is_the_sum_of_its_parts() {
    StepTime step = step(CHECKPOINTED, layout(1, 1, 1, 0), exchange(1000, 0, 0.5), 1);

    assertThat(step.alone())
        .isCloseTo(
            step.kernels().linear()
                + step.kernels().head()
                + step.kernels().attention()
                + step.kernels().memoryBound()
                + step.kernels().dequantisation()
                + 0.25 * step.launch()
                + step.communication()
                + step.optimizer()
                + step.experts(),
            ROUNDING);
  }

  /** Of three passes one, and none that runs again. */
  @Test
  void a_forward_pass_alone_is_a_third_of_products_and_the_same_with_checkpoints() {
    double products = 2 * 1000 / 1000.0 + 2 * 100 / 100.0 + 2 * 50 / 50.0;
    double bytes = (2 * 10 * 31 + 100 / 4.0 * 12) / 100.0 / 3 + 4 * 1200 / 100.0 / TOKENS;
    double launched = 2 * 0.5 / TOKENS / 3;
    double experts = 1.5;

    assertThat(step(FULL).forward(FULL, ALL))
        .isCloseTo((products + bytes + 0.25 * launched) * experts, ROUNDING);
    assertThat(step(CHECKPOINTED).forward(CHECKPOINTED, ALL))
        .isCloseTo(step(FULL).forward(FULL, ALL), ROUNDING);
  }
}
