package dev.vramcast.core.step.pipeline;

import dev.vramcast.core.job.option.layer.PipelineSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * What a rank of a pipeline does, in the order of torch/distributed/pipelining/schedules.py
 * (Schedule1F1B, ScheduleInterleaved1F1B, ScheduleGPipe, ScheduleLoopedBFS).
 */
final class StageOrder {

  private StageOrder() {}

  /**
   * A pass of a micro-batch through a stage.
   *
   * @param chunk which of the rank's stages, counted from 0
   */
  record Action(int chunk, boolean forward) {}

  /**
   * The passes of a rank.
   *
   * @param rank counted from 0
   * @param chunks stages of a rank
   * @param microBatches that go through the pipeline at a time
   */
  static List<Action> of(
      PipelineSchedule schedule, int rank, int ranks, int chunks, int microBatches) {
    return schedule.runsAllForward()
        ? allForward(chunks, microBatches)
        : oneForwardOneBackward(schedule, rank, ranks, chunks, microBatches);
  }

  private static List<Action> allForward(int chunks, int microBatches) {
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < chunks * microBatches; i++) {
      actions.add(new Action(i / microBatches, true));
    }
    for (int i = chunks * microBatches - 1; i >= 0; i--) {
      actions.add(new Action(i / microBatches, false));
    }
    return actions;
  }

  /**
   * As many forward passes as the way to the last stage takes, then one of each kind. The last rank
   * of the plain schedule begins with one: {@code warmup_chunks} counts it.
   */
  private static List<Action> oneForwardOneBackward(
      PipelineSchedule schedule, int rank, int ranks, int chunks, int microBatches) {
    int all = Math.multiplyExact(chunks, microBatches);
    int round = microBatches / Math.max(1, microBatches / ranks);
    int hops = ranks - 1 - rank;
    int ahead = schedule.isLooped() ? (chunks - 1) * round + 2 * hops : hops;
    int warmUp = Math.min(ahead, all);
    List<Action> actions = new ArrayList<>();
    for (int i = 0; i < all + warmUp; i++) {
      if (i < all) {
        actions.add(new Action(i / round % chunks, true));
      }
      if (i >= warmUp) {
        actions.add(new Action(chunks - 1 - (i - warmUp) / round % chunks, false));
      }
    }
    return actions;
  }
}
