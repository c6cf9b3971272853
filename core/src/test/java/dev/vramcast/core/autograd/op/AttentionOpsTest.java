package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Attention of one sequence of 192 tokens in bf16, with 8 heads of 40 features, of which keys and
 * values have 2 in some tests: queries have 192 x 8 x 40 numbers, which are 240 units.
 */
class AttentionOpsTest {

  private static final long LENGTH = 192;
  private static final long QUERIES = 240;

  /** One fp32 number for every row of every head. */
  private static final long ROWS = LENGTH * 8 * 4 / 512;

  private final TracedCall run = new TracedCall();

  private static AttentionOps.Shape shape(int kvHeads) {
    return new AttentionOps.Shape(1, LENGTH, 8, kvHeads, 40, 40);
  }

  /**
   * flash_api.cpp mha_bwd: softmax_d and dq_accum have 256 rows a head, the length rounded to 128,
   * and 64 features, the head rounded to 32; both are fp32.
   */
  @Test
  void flash_attention_saves_five_tensors_and_has_an_fp32_accumulator_in_the_backward_pass() {
    Tensor query = run.activation(QUERIES, BF16);
    Tensor key = run.activation(QUERIES, BF16);
    Tensor value = run.activation(QUERIES, BF16);

    assertThat(run.forward(() -> AttentionOps.flash(run.graph, query, key, value, shape(8))))
        .isEqualTo("+240 +12");
    assertThat(run.release(query, key, value)).isEmpty();

    long sums = 8 * 256 * 4 / 512;
    long accumulator = sums * 64;
    assertThat(run.backward())
        .isEqualTo(
            "+240 +240 +240 +%d +%d -%d -%d -240 -240 -240 -240 -240 -%d"
                .formatted(sums, accumulator, sums, accumulator, ROWS));
  }

  /** mha_bwd expands dk and dv to all heads, in the dtype of the query, and sums them after. */
  @Test
  void flash_attention_expands_gradients_of_shared_keys_and_values_to_all_heads() {
    Tensor query = run.activation(QUERIES, BF16);
    Tensor key = run.activation(60, BF16);
    Tensor value = run.activation(60, BF16);
    run.forward(() -> AttentionOps.flash(run.graph, query, key, value, shape(2)));
    run.release(query, key, value);

    assertThat(run.backward()).startsWith("+240 +60 +60 +16 +1024 +240 +240 -16 -1024 -240 -240 ");
  }

  @Test
  void the_efficient_kernel_saves_its_mask_and_pads_rows_to_32() {
    AttentionOps.Shape odd = new AttentionOps.Shape(1, 100, 8, 8, 64, 64);
    Tensor query = run.activation(100, BF16);
    Tensor key = run.activation(100, BF16);
    Tensor value = run.activation(100, BF16);
    Tensor mask = run.constant(40, BF16);

    assertThat(
            run.forward(
                () ->
                    AttentionOps.efficient(
                        run.graph, new Tensor[] {query, key, value}, mask, odd, Optional.empty())))
        .isEqualTo("+200 +8");
    assertThat(run.release(query, key, value)).isEmpty();
    assertThat(run.release(mask)).isEmpty();
    assertThat(run.backward()).isEqualTo("+100 +100 +100 -200 -100 -100 -100 -40 -200 -8");
  }

  @Test
  void the_efficient_kernel_has_no_mask_to_save_where_there_is_none() {
    Tensor query = run.activation(QUERIES, BF16);
    run.forward(
        () ->
            AttentionOps.efficient(
                run.graph, new Tensor[] {query, query, query}, null, shape(8), Optional.empty()));

    assertThat(run.release(query)).isEmpty();
  }

  /** The input is cast first, and only the softmax is saved. */
  @Test
  void eager_attention_keeps_its_softmax_in_fp32() {
    Tensor scores = run.activation(8, BF16);

    assertThat(run.forward(() -> AttentionOps.softmaxInFp32(run.graph, scores, false, "scores")))
        .isEqualTo("+16 +16 -16");
    assertThat(run.release(scores)).isEqualTo("-8");
    assertThat(run.backward()).isEqualTo("+16 -16 -16 +8 -16");
  }

  @Test
  void before_pytorch_1_11_the_input_of_the_softmax_was_saved_too() {
    Tensor scores = run.activation(8, BF16);

    assertThat(run.forward(() -> AttentionOps.softmaxInFp32(run.graph, scores, true, "scores")))
        .isEqualTo("+16 +16");
  }

  @Test
  void heads_that_are_shared_are_repeated_into_a_new_tensor() {
    Tensor keys = run.activation(4, BF16);

    assertThat(run.forward(() -> AttentionOps.repeatHeads(run.graph, keys, 4, "keys")))
        .isEqualTo("+16");
    assertThat(run.release(keys)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -16");
  }

  @Test
  void heads_of_their_own_are_not_repeated() {
    Tensor keys = run.activation(4, BF16);

    assertThat(run.forward(() -> AttentionOps.repeatHeads(run.graph, keys, 1, "keys"))).isEmpty();
    assertThat(run.result()).isSameAs(keys);
  }
}
