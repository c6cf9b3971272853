package dev.vramcast.core.step.pipeline;

import dev.vramcast.core.job.option.layer.PipelineSchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * When a rank of a pipeline holds most: a backward pass begins, with the most micro-batches in
 * flight.
 *
 * @param chunk which of the rank's stages runs backward, counted from 0
 * @param inFlight micro-batches that each of the rank's stages holds activations of, this one's
 *     among them
 * @param finished outputs that the last of its stages has made by then
 * @param gathered stages whose parameters are on the rank as a whole: those that run next
 * @param trained stages of which gradients are there already
 */
public record StageMoment(
    int chunk, List<Integer> inFlight, int finished, Set<Integer> gathered, Set<Integer> trained) {

  /** Moments of which one is the highest. */
  private record Kind(boolean isFirst, boolean begins, boolean ends) {}

  /** Stages that run next and keep their parameters (schedules.py, _add_unshard_reshard). */
  private static final int ACTIVE = 3;

  public StageMoment {
    inFlight = List.copyOf(inFlight);
    gathered = Set.copyOf(gathered);
    trained = Set.copyOf(trained);
  }

  /** Whether the stage that runs backward has no gradients yet. */
  public boolean isFirst() {
    return !trained.contains(chunk);
  }

  /**
   * The moments of a rank of which one is the highest: before any gradient is there and after, and
   * of each stage that differs from others by what stands before or behind its layers.
   *
   * @param rank counted from 0
   * @param microBatches that go through the pipeline at a time
   * @param repeats whether earlier ones have left gradients
   */
  public static List<StageMoment> of(
      PipelineSchedule schedule,
      int rank,
      int ranks,
      VirtualStages stages,
      int microBatches,
      boolean repeats) {
    int chunks = stages.perRank();
    List<StageOrder.Action> order = StageOrder.of(schedule, rank, ranks, chunks, microBatches);
    int[] held = new int[chunks];
    Set<Integer> trained = new LinkedHashSet<>();
    if (repeats) {
      IntStream.range(0, chunks).forEach(trained::add);
    }
    Map<Kind, StageMoment> highest = new LinkedHashMap<>();
    int made = 0;
    for (int i = 0; i < order.size(); i++) {
      StageOrder.Action action = order.get(i);
      int chunk = action.chunk();
      if (action.forward()) {
        held[chunk]++;
        made += chunk == chunks - 1 ? 1 : 0;
        continue;
      }
      StageMoment now =
          new StageMoment(
              chunk, Arrays.stream(held).boxed().toList(), made, next(order, i, chunks), trained);
      Kind kind = new Kind(now.isFirst(), chunk == 0, chunk == chunks - 1);
      highest.merge(
          kind, now, (a, b) -> weight(b, stages, rank) >= weight(a, stages, rank) ? b : a);
      held[chunk]--;
      trained.add(chunk);
    }
    return new ArrayList<>(highest.values());
  }

  private static Set<Integer> next(List<StageOrder.Action> order, int from, int chunks) {
    int most = Math.min(ACTIVE, chunks);
    Set<Integer> next = new LinkedHashSet<>();
    for (int i = from; i < order.size() && next.size() < most; i++) {
      next.add(order.get(i).chunk());
    }
    return next;
  }

  /** Layers whose activations are held. */
  private static long weight(StageMoment moment, VirtualStages stages, int rank) {
    List<Integer> own = stages.of(rank);
    long sum = 0;
    for (int chunk = 0; chunk < own.size(); chunk++) {
      sum += (long) moment.inFlight().get(chunk) * stages.layers().get(own.get(chunk));
    }
    return sum;
  }
}
