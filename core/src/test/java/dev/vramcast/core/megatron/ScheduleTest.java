package dev.vramcast.core.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

  /** As {@link SavedTensorsTest} counts them. */
  private static final long SAVED_BY_A_LAYER = 30_248 * Stages.TOKENS;

  @ParameterizedTest
  @CsvSource({"8, 4, 3, 2, 1", "4, 4, 3, 2, 1", "2, 2, 2, 2, 1", "1, 1, 1, 1, 1"})
  void a_stage_holds_as_many_micro_batches_as_there_are_stages_from_it_on(
      int microBatches, int first, int second, int third, int last) {
    assertThat(IntStream.range(0, 4).map(s -> Schedule.inFlight(s, 4, 1, microBatches)[0]))
        .containsExactly(first, second, third, last);
  }

  /** 2 x (4 - 1) + (2 - 1) x 4 warm-up passes and the one before the first backward pass. */
  @Test
  void interleaved_stages_warm_up_twice_as_long_and_by_groups() {
    assertThat(Schedule.inFlight(0, 4, 2, 8)).containsExactly(7, 4);
    assertThat(Schedule.inFlight(3, 4, 2, 8)).containsExactly(4, 1);
    assertThat(Schedule.inFlight(0, 4, 2, 4)).containsExactly(4, 4);
  }

  @Test
  void every_micro_batch_in_flight_adds_what_the_layers_of_the_stage_save() {
    Architecture model = Stages.llama(8);
    TraceReading one = Stages.read(model, "--count 2 --pipeline 2 --grad-accum 1", 0);
    TraceReading two = Stages.read(model, "--count 2 --pipeline 2 --grad-accum 8", 0);

    assertThat(two.peakBytes() - one.peakBytes()).isEqualTo(4 * SAVED_BY_A_LAYER);
  }

  /** Five passes of two layers each, where one virtual stage had two passes of four layers. */
  @Test
  void interleaving_holds_more_layers_in_flight() {
    Architecture model = Stages.llama(8);
    String flags = "--count 2 --pipeline 2 --grad-accum 8 --virtual-pipeline ";
    TraceReading plain = Stages.read(model, flags + "1", 0);
    TraceReading interleaved = Stages.read(model, flags + "2", 0);

    assertThat(interleaved.peakBytes() - plain.peakBytes()).isEqualTo(2 * SAVED_BY_A_LAYER);
  }

  /** Four passes of two layers each are still in flight. */
  @Test
  void the_gradient_of_an_embedding_comes_beside_other_passes() {
    Map<String, Object> large = Map.of("num_hidden_layers", 8, "vocab_size", 262_144);
    String flags = "--count 2 --pipeline 2 --grad-accum 8 --virtual-pipeline 2";
    TraceReading reading = Stages.read(Stages.model("llama", large), flags, 0);
    long kept = reading.phaseEnds().get(Phase.LOAD) + 8 * SAVED_BY_A_LAYER;

    assertThat(reading.peakBytes()).isGreaterThan(kept + 2 * 262_144 * 1024L);
  }

  @Test
  void what_is_written_does_not_grow_with_depth_micro_batches_or_gpus() {
    String flags = "--pipeline 4 --grad-accum ";
    int small = Stages.trace(Stages.llama(8), "--count 4 " + flags + "8", 0).size();

    assertThat(Stages.trace(Stages.llama(80), "--count 4 " + flags + "8", 0).size())
        .isEqualTo(small);
    assertThat(Stages.trace(Stages.llama(8), "--count 4 " + flags + "800", 0).size())
        .isEqualTo(small);
    assertThat(Stages.trace(Stages.llama(8), "--count 4096 " + flags + "8", 0).size())
        .isEqualTo(small);
  }

  @Test
  void nothing_of_a_pass_is_left_after_the_step() {
    for (int stage = 0; stage < 2; stage++) {
      TraceReading reading =
          Stages.read(
              Stages.llama(8), "--count 2 --pipeline 2 --virtual-pipeline 2 --grad-accum 4", stage);

      assertThat(reading.phaseEnds().get(Phase.STEP))
          .isEqualTo(reading.phaseEnds().get(Phase.LOAD));
    }
  }

  @Test
  void stages_are_cut_out_of_repeated_layers() {
    Architecture model =
        Stages.model(
            "deepseek_v3",
            Map.ofEntries(
                Map.entry("num_hidden_layers", 6),
                Map.entry("kv_lora_rank", 64),
                Map.entry("qk_nope_head_dim", 64),
                Map.entry("qk_rope_head_dim", 32),
                Map.entry("v_head_dim", 64),
                Map.entry("first_k_dense_replace", 1),
                Map.entry("n_routed_experts", 8),
                Map.entry("num_experts_per_tok", 2),
                Map.entry("moe_intermediate_size", 256),
                Map.entry("n_shared_experts", 1)));

    List<LayerRun> first = LayerRun.part(model.layers(), 0, 3);
    List<LayerRun> second = LayerRun.part(model.layers(), 3, 3);

    assertThat(first).extracting(LayerRun::layerCount).containsExactly(1, 2);
    assertThat(second).extracting(LayerRun::layerCount).containsExactly(3);
  }

  @Test
  void a_sequence_of_layers_is_cut_between_its_turns_and_inside_them() {
    List<LayerRun> runs = Stages.model("gemma2", Map.of("num_hidden_layers", 8)).layers();
    List<LayerRun> middle = LayerRun.part(runs, 1, 6);

    assertThat(runs).extracting(run -> run.period().size()).containsExactly(2);
    assertThat(middle).extracting(LayerRun::layerCount).containsExactly(1, 4, 1);
    assertThat(middle.get(0).period().get(0)).isEqualTo(runs.get(0).period().get(1));
    assertThat(middle.get(2).period().get(0)).isEqualTo(runs.get(0).period().get(0));
  }
}
