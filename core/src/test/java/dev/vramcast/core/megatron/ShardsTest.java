package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardsTest {

  /** Attention 1024 x 1536 + 1024 x 1024, MLP 3 x 1024 x 2816, two norms. */
  private static final long LAYER = 11_274_240;

  /** 8192 x 1024. */
  private static final long TABLE = 8_388_608;

  private static final long PARAMETERS = 2 * LAYER + 2 * TABLE + 1024;

  private static long atEnd(TraceReading reading) {
    return reading.phaseEnds().get(Phase.STEP);
  }

  @Test
  void moments_and_main_parameters_are_divided_among_data_parallel_ranks() {
    TraceReading reading = Stages.read(Stages.llama(2), "--count 4 --shard 4", 0);

    assertThat(reading.breakdown().get(Category.OPTIMIZER)).isEqualTo(8 * PARAMETERS / 4);
    assertThat(reading.breakdown().get(Category.WEIGHTS)).isEqualTo((2 + 1) * PARAMETERS);
  }

  @Test
  void ranks_of_context_parallelism_divide_the_optimizer_too() {
    TraceReading reading = Stages.read(Stages.llama(2), "--count 4 --shard 2 --context 2", 0);

    assertThat(reading.breakdown().get(Category.OPTIMIZER)).isEqualTo(8 * PARAMETERS / 4);
  }

  @Test
  void ranks_that_only_replicate_do_not() {
    TraceReading reading = Stages.read(Stages.llama(2), "--count 4 --shard 2 --replicate 2", 0);

    assertThat(reading.breakdown().get(Category.OPTIMIZER)).isEqualTo(8 * PARAMETERS / 2);
  }

  @Test
  void main_gradients_have_the_dtype_they_are_reduced_in() {
    long wide = atEnd(Stages.read(Stages.llama(2), "--count 4 --reduce-dtype fp32", 0));
    long narrow = atEnd(Stages.read(Stages.llama(2), "--count 4 --reduce-dtype bf16", 0));

    assertThat(wide - narrow).isEqualTo(2 * PARAMETERS);
  }

  @Test
  void gradients_in_bf16_are_copied_to_fp32_at_the_step() {
    TraceReading reading = Stages.read(Stages.llama(2), "--count 4 --reduce-dtype bf16", 0);

    assertThat(reading.phasePeaks().get(Phase.STEP) - atEnd(reading)).isEqualTo(PARAMETERS);
  }

  /**
   * Four bytes a parameter more beside weights, main gradients and a quarter of main parameters,
   * where moments, 2, placeholders and inputs come later.
   */
  @Test
  void old_releases_make_their_view_of_gradients_by_way_of_a_tensor_as_large() {
    long placeholders = 2 * 1024L * (1536 + 1024 + 5632 + 2816);
    long later = 2 * PARAMETERS + placeholders + (3 * 8 + 4) * Stages.TOKENS;
    long viewed = loaded("--framework-version 0.5 --torch 2.1");

    assertThat(loaded("--framework-version 0.4 --torch 2.1") - viewed)
        .isEqualTo(4 * PARAMETERS - later);
    assertThat(loaded("--framework-version 0.4 --torch 2.8")).isEqualTo(viewed);
  }

  @Test
  void an_optimizer_that_is_whole_on_every_rank_makes_no_view_of_gradients() {
    String whole = "--count 4 --replicate 4 --shard 1 --torch 2.1 --framework-version ";

    assertThat(loading(whole + "0.4")).isEqualTo(loading(whole + "0.5"));
  }

  private static long loaded(String versions) {
    return loading("--count 4 --shard 4 " + versions);
  }

  private static long loading(String flags) {
    TraceReading reading = Stages.read(Stages.llama(2), flags, 0);
    return reading.phasePeaks().get(Phase.LOAD);
  }

  /** Shapes as of the placeholders below. */
  @Test
  void an_offloaded_optimizer_leaves_parameters_and_their_gradients() {
    long placeholders = 2 * 1024L * (1536 + 1024 + 5632 + 2816);
    long inputs = (3 * 8 + 4) * Stages.TOKENS;
    TraceReading reading = Stages.read(Stages.llama(2), "--count 4 --offload optimizer", 0);

    assertThat(reading.breakdown()).doesNotContainKey(Category.OPTIMIZER);
    assertThat(atEnd(reading)).isEqualTo((2 + 4) * PARAMETERS + placeholders + inputs);
  }

  @ParameterizedTest
  @CsvSource({"fp32", "bf16"})
  void copies_of_an_offloaded_optimizer_are_of_one_parameter_at_a_time(String reduced) {
    TraceReading reading =
        Stages.read(Stages.llama(2), "--count 4 --offload optimizer --reduce-dtype " + reduced, 0);

    assertThat(reading.phasePeaks().get(Phase.STEP) - atEnd(reading)).isEqualTo(TABLE);
  }

  /** Shapes: 1024 to 1536, 1024 to 1024, 1024 to 5632 and 2816 to 1024. */
  @Test
  void every_shape_of_matrices_has_one_placeholder_of_gradients() {
    long placeholders = 2 * 1024L * (1536 + 1024 + 5632 + 2816);
    long inputs = (3 * 8 + 4) * Stages.TOKENS;

    assertThat(atEnd(Stages.read(Stages.llama(2), "--count 4", 0)))
        .isEqualTo((2 + 4 + 12 / 4) * PARAMETERS + placeholders + inputs);
  }

  @ParameterizedTest
  @CsvSource({
    "--count 8 --tensor 2 --expert 8 --shard 4, 1, 4, 1",
    "--count 8 --tensor 2 --expert 2 --shard 4, 2, 4, 2",
    "--count 16 --tensor 2 --pipeline 2 --expert 4 --shard 4, 2, 4, 1",
    "--count 8 --shard 8 --expert 4, 1, 8, 2",
    "--count 8 --shard 2 --replicate 4 --expert 2, 1, 2, 1",
    "--count 8 --tensor 4 --shard 2, 4, 2, 2"
  })
  void experts_are_laid_over_the_gpus_of_a_stage(
      String flags, int expertTensor, int shards, int expertShards) {
    Division division = Stages.division(flags + " --sequence-parallel true");

    assertThat(division.experts().tensor()).isEqualTo(expertTensor);
    assertThat(division.shards()).isEqualTo(shards);
    assertThat(division.experts().shards()).isEqualTo(expertShards);
  }

  /** A rank has 2 of 8 experts of 3 x 1024 x 256 in each of two layers. */
  @Test
  void a_rank_keeps_its_experts_alone() {
    long experts = 2 * 2 * 3 * 1024L * 256;
    long whole = atEnd(Stages.read(Stages.mixture(), "--count 4 --shard 4", 0));
    long divided = atEnd(Stages.read(Stages.mixture(), "--count 4 --shard 4 --expert 4", 0));

    long inFour = 4 * experts * (2 + 4) + experts * 12;
    assertThat(whole - divided).isEqualTo(inFour - experts * (2 + 4 + 12));
  }

  @Test
  void a_vocabulary_is_padded_for_all_tensor_parallel_ranks() {
    Map<String, Object> odd = Map.of("vocab_size", 8193);
    TraceReading even = Stages.read(Stages.llama(2), "--count 2 --tensor 2 --shard 1", 0);
    TraceReading padded =
        Stages.read(Stages.model("llama", odd), "--count 2 --tensor 2 --shard 1", 0);

    assertThat(atEnd(padded) - atEnd(even)).isEqualTo(2 * 128 * 1024L * (2 + 4 + 12));
  }

  @Test
  void a_tied_table_stands_on_the_first_stage_and_on_the_last() {
    String flags = "--count 2 --pipeline 2 --shard 1";
    Map<String, Object> tied = Map.of("tie_word_embeddings", true);

    for (int stage = 0; stage < 2; stage++) {
      assertThat(atEnd(Stages.read(Stages.model("llama", tied), flags, stage)))
          .isEqualTo(atEnd(Stages.read(Stages.llama(2), flags, stage)));
    }
    assertThat(
            atEnd(Stages.read(Stages.llama(2), "", 0))
                - atEnd(Stages.read(Stages.model("llama", tied), "", 0)))
        .isEqualTo(TABLE * (2 + 4 + 12));
  }

  /** Half of the vocabulary: 4096 scores a token. */
  @Test
  void each_rank_computes_the_loss_of_its_share_of_the_vocabulary() {
    String flags = "--count 2 --tensor 2 --loss ";
    TraceReading own = Stages.read(Stages.llama(2), flags + "full", 0);
    TraceReading engine = Stages.read(Stages.llama(2), flags + "triton", 0);

    assertThat(
            own.phasePeaks().get(Phase.FORWARD_HEAD) - engine.phasePeaks().get(Phase.FORWARD_HEAD))
        .isEqualTo(4 * 4096 * Stages.TOKENS);
  }

  /** One layer more keeps its input, and brings its parameters. */
  @Test
  void recomputing_keeps_the_inputs_of_layers_alone() {
    long kept = 2 * 1024 * Stages.TOKENS;
    TraceReading two = Stages.read(Stages.llama(2), "--checkpointing full", 0);
    TraceReading three = Stages.read(Stages.llama(3), "--checkpointing full", 0);

    assertThat(
            three.phaseEnds().get(Phase.FORWARD_LAYERS) - two.phaseEnds().get(Phase.FORWARD_LAYERS))
        .isEqualTo(kept + LAYER * (2 + 4 + 12));
  }
}
