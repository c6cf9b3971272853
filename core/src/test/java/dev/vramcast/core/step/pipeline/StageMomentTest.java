package dev.vramcast.core.step.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.option.layer.PipelineSchedule;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class StageMomentTest {

  private static List<StageMoment> moments(
      PipelineSchedule schedule, int rank, int ranks, int perRank, int microBatches) {
    VirtualStages stages = new VirtualStages(Collections.nCopies(ranks * perRank, 4), perRank);
    return StageMoment.of(schedule, rank, ranks, stages, microBatches, false);
  }

  private static List<Integer> most(List<StageMoment> moments, boolean first) {
    return moments.stream()
        .filter(moment -> moment.isFirst() == first)
        .map(moment -> moment.inFlight().stream().mapToInt(n -> n).sum())
        .toList();
  }

  @Test
  void the_first_rank_holds_a_micro_batch_for_every_rank_and_the_last_one() {
    PipelineSchedule plain = PipelineSchedule.ONE_FORWARD_ONE_BACKWARD;

    assertThat(most(moments(plain, 0, 4, 1, 8), false)).containsExactly(4);
    assertThat(most(moments(plain, 3, 4, 1, 8), false)).containsExactly(1);
  }

  @Test
  void all_are_held_before_any_gradient_is_there_where_all_run_forward_first() {
    List<StageMoment> moments = moments(PipelineSchedule.GPIPE, 0, 2, 1, 6);

    assertThat(most(moments, true)).containsExactly(6);
    assertThat(most(moments, false)).containsExactly(5);
  }

  @Test
  void the_last_stage_has_made_all_outputs_at_its_last_micro_batch() {
    List<StageMoment> moments = moments(PipelineSchedule.ONE_FORWARD_ONE_BACKWARD, 3, 4, 1, 8);

    assertThat(moments)
        .filteredOn(moment -> !moment.isFirst())
        .first()
        .extracting(StageMoment::finished)
        .isEqualTo(8);
  }

  @Test
  void no_more_than_three_stages_of_a_rank_have_their_parameters_gathered() {
    assertThat(moments(PipelineSchedule.INTERLEAVED, 0, 4, 7, 8))
        .allSatisfy(moment -> assertThat(moment.gathered()).hasSizeLessThanOrEqualTo(3))
        .allSatisfy(moment -> assertThat(moment.gathered()).contains(moment.chunk()));
  }
}
