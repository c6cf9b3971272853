package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunPlanTest {

  private static final String STEP_OF_16 = " --sequence-length 16 --micro-batch 1";

  @ParameterizedTest
  @ValueSource(strings = {"sft", "pretrain"})
  void supervised_stages_load_one_model_and_run_it_once_a_micro_batch(String stage) {
    ResolvedJob job = Estimates.job("--micro-batch 3 --stage " + stage);
    Pass pass = new Pass(ResidentModel.POLICY, true, new PassBatch(3, 512), job.loss());

    assertThat(RunPlan.of(job).episodes())
        .containsExactly(
            new Episode.Load(List.of(ResidentModel.POLICY)), new Episode.Step(List.of(pass)));
    assertThat(RunPlan.of(job).step().trained()).isEqualTo(pass);
  }

  @Test
  void a_stage_that_is_not_modelled_has_no_plan() {
    ResolvedJob job = Estimates.job("--stage embedding");

    assertThatThrownBy(() -> RunPlan.of(job))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("embedding");
  }

  @Test
  void a_run_has_one_step() {
    Episode load = new Episode.Load(List.of(ResidentModel.POLICY));

    assertThatThrownBy(() -> new RunPlan(List.of(load)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method full",
        "--method qlora --checkpointing full",
        "--method full --count 2 --strategy fsdp2",
        "--method full --framework megatron --count 2 --tensor 2"
      })
  void the_step_decides_and_is_the_peak_of_the_run(String flags) {
    RankEstimate rank = Estimates.of(Estimates.llama(false), flags);

    assertThat(rank.episodes())
        .extracting(peak -> peak.episode().label())
        .containsExactly("load", "step");
    assertThat(rank.episodes().get(0).bytes())
        .isPositive()
        .isLessThan(rank.phasePeaks().get(Phase.LOAD));
    assertThat(rank.peakEpisode()).isInstanceOf(Episode.Step.class);
    assertThat(rank.stepBytes()).isEqualTo(rank.allocatedBytes());
  }

  @Test
  void the_load_knows_neither_optimizer_states_nor_inputs() {
    RankEstimate rank = Estimates.of(Estimates.llama(true), "--method full --precision bf16");
    long weights = 2L * (8192 * 1024 + 2 * LAYER + 1024);

    assertThat(rank.episodes().get(0))
        .isEqualTo(
            new EpisodePeak(new Episode.Load(List.of(ResidentModel.POLICY)), weights, Phase.LOAD));
  }

  /** Queries and outputs; keys and values; gate, up and down; two norms. */
  private static final long LAYER = 2 * 1024 * 1024 + 2 * 1024 * 256 + 3 * 1024 * 2816 + 2 * 1024;

  @Test
  void the_load_decides_where_it_takes_more_than_a_small_step() {
    RankEstimate small = pissa(STEP_OF_16);
    RankEstimate large = pissa(" --sequence-length 2048 --micro-batch 4");

    assertThat(small.peakEpisode()).isInstanceOf(Episode.Load.class);
    assertThat(small.peakPhase()).isEqualTo(Phase.LOAD);
    assertThat(small.stepBytes()).isLessThan(small.allocatedBytes());
    assertThat(small.neededBytes(small.reservedBytes()))
        .isGreaterThanOrEqualTo(small.allocatedBytes());
    assertThat(large.peakEpisode()).isInstanceOf(Episode.Step.class);
    assertThat(large.stepBytes()).isEqualTo(large.allocatedBytes());
  }

  private static RankEstimate pissa(String batch) {
    return Estimates.of(
        Estimates.model("llama", Map.of("tie_word_embeddings", true)), "--method pissa" + batch);
  }
}
