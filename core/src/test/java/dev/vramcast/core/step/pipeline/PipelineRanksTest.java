package dev.vramcast.core.step.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Llamas of eight layers, in pipelines of PyTorch's stages. */
class PipelineRanksTest {

  private static final String PIPELINE =
      "--method full --precision bf16 --framework nemo-automodel --micro-batch 1 --grad-accum 8"
          + " --strategy fsdp2 --reshard-after-forward false --count 4 --pipeline 4 ";

  private static Architecture llama(boolean tied) {
    return Estimates.model("llama", Map.of("num_hidden_layers", 8, "tie_word_embeddings", tied));
  }

  private static List<RankEstimate> ranks(String flags) {
    return Estimates.whole(llama(false), PIPELINE + flags).ranks();
  }

  private static List<Long> of(String flags, ToLongFunction<RankEstimate> figure) {
    return ranks(flags).stream().map(rank -> figure.applyAsLong(rank)).toList();
  }

  private static long sum(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void every_rank_of_the_pipeline_is_named() {
    assertThat(ranks(""))
        .extracting(rank -> rank.name() + ": " + rank.count())
        .containsExactly(
            "pipeline rank 1 of 4: 1",
            "pipeline rank 2 of 4: 1",
            "pipeline rank 3 of 4: 1",
            "pipeline rank 4 of 4: 1");
  }

  /** Each rank is on its own, so that its shards are whole. */
  @Test
  void stages_together_have_the_model_once() {
    long whole =
        Estimates.of(llama(false), "--method full --precision bf16 --framework nemo-automodel")
            .breakdown()
            .get(Category.WEIGHTS);

    assertThat(sum(of("", rank -> rank.breakdown().get(Category.WEIGHTS)))).isEqualTo(whole);
    assertThat(
            sum(
                of(
                    "--layers-per-stage 1 --pipeline-schedule interleaved-1f1b",
                    rank -> rank.breakdown().get(Category.WEIGHTS))))
        .isEqualTo(whole);
  }

  @Test
  void earlier_ranks_hold_more_micro_batches() {
    List<Long> held = of("", rank -> rank.breakdown().getOrDefault(Category.ACTIVATIONS, 0L));

    assertThat(held.get(0)).isGreaterThan(held.get(1));
    assertThat(held.get(1)).isGreaterThan(held.get(2));
  }

  @Test
  void all_micro_batches_are_held_where_all_run_forward_first() {
    assertThat(of("--pipeline-schedule gpipe", RankEstimate::allocatedBytes).get(0))
        .isGreaterThan(of("", RankEstimate::allocatedBytes).get(0));
  }

  @Test
  void the_last_rank_keeps_the_logits_of_all_micro_batches_and_puts_them_together() {
    long few = of("--pipeline-micro-batches 4", RankEstimate::allocatedBytes).get(3);
    long many = of("--pipeline-micro-batches 8", RankEstimate::allocatedBytes).get(3);
    long logits = 512L * 8192 * 2;

    assertThat(many - few).isGreaterThanOrEqualTo(4 * logits);
  }

  @Test
  void torchtitan_keeps_no_outputs_since_it_does_not_ask_for_them() {
    String titan = "--framework torchtitan --model-dtype bf16 ";
    long before = of(titan + "--torch 2.9.0", RankEstimate::allocatedBytes).get(3);
    long since = of(titan + "--torch 2.10.0", RankEstimate::allocatedBytes).get(3);

    assertThat(before).isGreaterThan(since);
  }

  /**
   * Storages that were alive at once in a second step of PyTorch 2.13's Schedule1F1B, on stages of
   * Transformers' Llama layers in a process group that moves nothing.
   */
  @ParameterizedTest
  @CsvSource({"0, 311.45", "1, 244.16", "3, 286.35"})
  void a_rank_takes_what_pytorchs_stages_do(int rank, double mebibytes) {
    String flags = "--strategy none --attention sdpa --optimizer sgd --torch 2.13.0";

    assertThat(of(flags, RankEstimate::allocatedBytes).get(rank) / (double) (1 << 20))
        .isCloseTo(mebibytes, Percentage.withPercentage(0.5));
  }

  /**
   * The same stages and their layers in fully_shard over two ranks with gradients reduced in fp32,
   * by PyTorch 2.13 and 2.15, without the whole parameters of before they were sharded.
   */
  @ParameterizedTest
  @CsvSource({
    "2.13.0, 0, 405.22",
    "2.13.0, 1, 313.93",
    "2.13.0, 3, 374.87",
    "2.15.0, 0, 388.97",
    "2.15.0, 1, 293.69"
  })
  void fsdp2_around_a_stage_takes_what_pytorchs_does(String torch, int rank, double mebibytes) {
    String flags = "--attention sdpa --optimizer sgd --reduce-dtype fp32 --count 8 --torch ";

    assertThat(of(flags + torch, RankEstimate::allocatedBytes).get(rank) / (double) (1 << 20))
        .isCloseTo(mebibytes, Percentage.withPercentage(0.4));
  }

  /** All but the loss of a micro-batch, which is one number. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--checkpointing full",
        "--checkpointing offloaded",
        "--method lora --rank 8",
        "--method lora --rank 8 --checkpointing full",
        "--method lora --rank 8 --checkpointing full --checkpointing-reentrant true",
        "--method lora --rank 8 --checkpointing offloaded --pipeline-schedule gpipe",
        "--strategy none"
      })
  void a_step_leaves_what_it_found(String flags) {
    for (RankEstimate rank : ranks(flags)) {
      assertThat(rank.trace().aliveAtEnd(Category.ACTIVATIONS)).isZero();
      assertThat(rank.trace().aliveAtEnd(Category.GATHERED)).isZero();
      assertThat(rank.trace().aliveAtEnd(Category.LOGITS_AND_LOSS)).isLessThanOrEqualTo(512);
    }
  }

  @Test
  void what_is_received_has_a_buffer_for_each_micro_batch_until_pytorch_2_14() {
    String few = "--pipeline-micro-batches 4 --checkpointing full --torch ";
    String many = "--pipeline-micro-batches 8 --checkpointing full --torch ";

    assertThat(of(many + "2.14.0", RankEstimate::allocatedBytes).get(1))
        .isGreaterThan(of(few + "2.14.0", RankEstimate::allocatedBytes).get(1));
    assertThat(of(many + "2.15.0", RankEstimate::allocatedBytes).get(1))
        .isEqualTo(of(few + "2.15.0", RankEstimate::allocatedBytes).get(1));
  }

  @Test
  void a_head_that_is_the_embedding_is_not_modelled() {
    assertThatThrownBy(() -> Estimates.whole(llama(true), PIPELINE))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("whose head is its embedding");
  }

  @Test
  void a_schedule_refuses_micro_batches_that_do_not_fill_it() {
    assertThatThrownBy(() -> ranks("--pipeline-micro-batches 3"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("allowed: at least parallelism.pipeline 4");
    assertThatThrownBy(
            () -> ranks("--layers-per-stage 1 --grad-accum 9 --pipeline-schedule interleaved-1f1b"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a multiple of 2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--grad-accum 1 --pipeline-schedule gpipe",
        "--grad-accum 1 --pipeline-schedule looped-bfs",
        "--grad-accum 1 --virtual-pipeline 2"
      })
  void the_optimizer_steps_behind_a_single_micro_batch(String flags) {
    assertThat(ranks(flags)).allMatch(rank -> rank.phasePeaks().containsKey(Phase.STEP));
  }

  @Test
  void a_step_is_of_whole_pipelines() {
    assertThatThrownBy(() -> ranks("--grad-accum 9 --pipeline-micro-batches 8"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a multiple of parallelism.pipeline_micro_batches 8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--reshard-after-forward true",
        "--strategy ddp --replicate 1",
        "--offload parameters,optimizer",
        "--grad-accum 1000000",
        "--grad-accum 256 --pipeline-schedule gpipe"
      })
  void what_is_not_modelled_in_a_pipeline_is_said(String flags) {
    assertThatThrownBy(() -> ranks(flags)).isInstanceOf(UnsupportedJobException.class);
  }
}
