package dev.vramcast.core.autograd.loss;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import org.junit.jupiter.api.Test;

/** What each form of cross-entropy keeps of 8 units of bf16 logits, and what it makes of them. */
class LossOpsTest {

  /** One number for each takes two units in fp32. */
  private static final long ROWS = 256;

  private final TracedCall run = new TracedCall();

  @Test
  void cross_entropy_saves_log_probabilities_and_not_the_logits() {
    Tensor logits = run.activation(8, BF16);

    assertThat(run.forward(() -> LossOps.crossEntropy(run.graph, logits))).isEqualTo("+8 +1");
    assertThat(run.release(logits)).isEqualTo("-8");
    // nll_loss fills a gradient as large, then log_softmax makes another.
    assertThat(run.backward()).isEqualTo("+8 -1 +8 -8 -8");
  }

  @Test
  void autocast_saves_the_log_probabilities_of_nll_loss_a_second_time_in_fp32() {
    run.graph.enterAutocast(BF16);
    Tensor logits = run.activation(8, BF16);

    assertThat(run.forward(() -> LossOps.crossEntropy(run.graph, logits))).isEqualTo("+8 +16 +1");
    assertThat(run.release(logits)).isEqualTo("-8");
    assertThat(run.backward()).isEqualTo("+16 -1 -16 +8 -16 +8 -8 -8");
  }

  /** Four tensors at once in the backward pass, of which one is saved; without it, three. */
  @Test
  void a_loss_of_shared_words_makes_labels_and_probabilities_and_their_sum() {
    Tensor logits = run.activation(8, FP32);

    assertThat(run.forward(() -> ParallelLoss.crossEntropy(run.graph, logits)))
        .isEqualTo("+8 +8 -8 +8 -8 +1");
    assertThat(run.release(logits)).isEqualTo("-8");
    assertThat(run.backward()).isEqualTo("+8 +8 +8 -8 +8 -8 -8 -1 -8");
  }

  @Test
  void a_shift_of_labels_is_a_view_whose_gradient_is_as_large_as_all_logits() {
    Tensor logits = run.activation(8, BF16);
    long elements = TracedCall.elements(7, BF16);

    assertThat(run.forward(() -> LossOps.withoutLastToken(run.graph, logits, elements))).isEmpty();
    assertThat(run.backward()).isEqualTo("+8 -7");
  }

  /** {@code [..., :-1, :]} is two slices, of which the second takes all words. */
  @Test
  void before_pytorch_2_9_the_gradient_of_all_words_is_put_into_zeros_first() {
    run.graph.follow(Node.Habit.WHOLE_SLICES);
    Tensor logits = run.activation(8, BF16);
    long elements = TracedCall.elements(7, BF16);

    assertThat(run.forward(() -> LossOps.withoutLastToken(run.graph, logits, elements))).isEmpty();
    assertThat(run.backward()).isEqualTo("+7 -7 +8 -7");
  }

  @Test
  void a_triton_kernel_writes_the_gradient_over_the_logits() {
    Tensor logits = run.activation(8, BF16);

    assertThat(run.forward(() -> LossOps.tritonCrossEntropy(run.graph, logits, ROWS)))
        .isEqualTo("+2 +2");
    assertThat(run.release(logits)).isEmpty();
    assertThat(run.backward()).isEqualTo("-2 -2");
  }

  @Test
  void a_compiled_loss_makes_the_gradient_in_the_dtype_of_the_logits() {
    Tensor logits = run.activation(8, BF16);

    assertThat(run.forward(() -> LossOps.compiledCrossEntropy(run.graph, logits, ROWS)))
        .isEqualTo("+2 +2");
    assertThat(run.backward()).isEqualTo("+8 -2 -2");
    assertThat(run.release(logits)).isEqualTo("-8");
  }

  @Test
  void statistics_for_reports_are_two_tensors_that_are_gone_at_once() {
    Tensor probabilities = run.constant(8, BF16);

    assertThat(run.during(() -> LossOps.statistics(run.graph, probabilities)))
        .isEqualTo("+8 +8 -8 -8");
  }

  // ---- losses that make the logits themselves, of 3 units of hidden states ----

  private Tensor fusedLinear(Tensor hidden, Tensor weight, long chunkRows) {
    return fusedLinear(hidden, weight, chunkRows, false);
  }

  private Tensor fusedLinear(Tensor hidden, Tensor weight, long chunkRows, boolean newer) {
    long vocabulary = TracedCall.elements(4, BF16) / chunkRows;
    LossOps.FusedChunks chunks = new LossOps.FusedChunks(chunkRows, vocabulary, ROWS, newer, newer);
    return LossOps.fusedLinear(run.graph, hidden, weight, chunks, weight::hold);
  }

  /** liger_kernel 0.8.3 ops/fused_linear_cross_entropy.py: addmm, and one chunk at a time. */
  @Test
  void liger_since_0_8_3_adds_to_the_gradient_in_place_and_drops_each_chunk() {
    Tensor hidden = run.activation(3, BF16);
    Parameter weight = run.weight(6, BF16, true);

    assertThat(run.forward(() -> fusedLinear(hidden, weight.value(), ROWS / 2, true)))
        .isEqualTo("+3 +6 +2 +4 -4 +4 -4 -2 +1");
  }

  @Test
  void ligers_cross_entropy_writes_the_gradient_over_the_logits() {
    Tensor logits = run.activation(8, BF16);

    assertThat(run.forward(() -> LossOps.ligerCrossEntropy(run.graph).apply(logits)))
        .isEqualTo("+1");
    assertThat(run.release(logits)).isEmpty();
    assertThat(run.backward()).isEqualTo("-1");
  }

  @Test
  void liger_makes_both_gradients_in_the_forward_pass() {
    Tensor hidden = run.activation(3, BF16);
    Parameter weight = run.weight(6, BF16, true);

    // Gradients of hidden states and weight, losses, logits of the chunk, a product of the
    // weight's size and its fp32 copy; the loss.
    assertThat(run.forward(() -> fusedLinear(hidden, weight.value(), ROWS)))
        .isEqualTo("+3 +6 +2 +4 +6 +12 -6 -12 -4 -2 +1");
    assertThat(run.release(hidden)).isEqualTo("-3");
    assertThat(run.backward()).isEqualTo("-1");
    assertThat(weight.gradient().elements()).isEqualTo(weight.elements());
  }

  @Test
  void liger_makes_no_gradient_of_a_frozen_head_and_a_second_chunk_beside_the_first() {
    Tensor hidden = run.activation(3, BF16);
    Parameter weight = run.weight(6, BF16, false);

    assertThat(run.forward(() -> fusedLinear(hidden, weight.value(), ROWS / 2)))
        .isEqualTo("+3 +2 +4 +4 -4 -4 -2 +1");
  }

  @Test
  void autocast_copies_the_transposed_weight_of_every_chunk_of_ligers() {
    run.graph.enterAutocast(BF16);
    Tensor hidden = run.activation(3, BF16);
    Parameter weight = run.weight(6, FP32, false);

    assertThat(run.forward(() -> fusedLinear(hidden, weight.value(), ROWS / 2)))
        .isEqualTo("+3 +2 +3 +4 -3 +3 +4 -3 -4 -4 -2 +1");
  }

  @Test
  void cut_cross_entropy_keeps_hidden_states_and_makes_gradients_in_the_backward_pass() {
    Tensor hidden = run.activation(3, BF16);
    Parameter weight = run.weight(6, BF16, true);

    assertThat(run.forward(() -> LossOps.cut(run.graph, hidden, weight.value(), ROWS)))
        .isEqualTo("+2 +1");
    assertThat(run.release(hidden)).isEmpty();
    assertThat(run.backward()).isEqualTo("+3 +6 -1 -3 -2");
  }

  @Test
  void tiles_of_logits_are_made_again_in_the_backward_pass_with_gradients_summed_in_fp32() {
    Tensor hidden = run.activation(4, BF16);
    Parameter weight = run.weight(6, BF16, true);
    TiledLogProbs.Tiles tiles = new TiledLogProbs.Tiles(ROWS, 64, 20, 16, BF16);

    // Seven fp32 numbers a row, the tile, labels, two numbers a row that stay; the loss.
    assertThat(run.forward(() -> TiledLogProbs.of(run.graph, hidden, weight.value(), tiles)))
        .isEqualTo("+14 +5 -5 +4 +4 -14 +2");
    assertThat(run.release(hidden)).isEmpty();
    assertThat(run.backward()).isEqualTo("+8 +12 +5 +4 +6 -5 -8 -12 -2 -4 -4 -4");
  }

  @Test
  void tiles_in_another_dtype_cast_what_they_are_made_from() {
    Tensor hidden = run.activation(8, FP32);
    Parameter weight = run.weight(12, FP32, false);
    // Four features: 64 tokens and 64 words are 256 numbers each, as the next 64 tokens are.
    TiledLogProbs.Tiles tiles = new TiledLogProbs.Tiles(ROWS, 64, 20, 64, BF16);

    assertThat(run.forward(() -> TiledLogProbs.of(run.graph, hidden, weight.value(), tiles)))
        .startsWith("+14 +5 +1 +1 -1 +1 -1 -1 -5");
  }

  /** 3 sequences of 4 units of 16-bit logits, of each of which one unit is selected. */
  @Test
  void without_a_graph_log_probabilities_of_a_sequence_stay_until_those_of_the_next_are_there() {
    Tensor logits = run.constant(12, BF16);

    assertThat(
            run.during(
                () -> run.graph.withoutGrad(() -> LabelOps.bySequence(run.graph, logits, 3, ROWS))))
        .isEqualTo("+4 +1 +4 -4 +1 +4 -4 +1 +3 -1 -1 -1 -4");
  }
}
