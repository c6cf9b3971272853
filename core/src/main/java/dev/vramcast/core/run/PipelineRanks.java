package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.layer.PipelineSchedule;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.step.PipelineWriter;
import dev.vramcast.core.step.pipeline.StageMoment;
import dev.vramcast.core.step.pipeline.VirtualStages;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.trace.replay.HeldBeside;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The kinds of ranks of a pipeline of PyTorch's: one for every rank of it. */
final class PipelineRanks {

  private PipelineRanks() {}

  /**
   * The estimates of all ranks, first to last.
   *
   * @param model as one rank of those that divide its tensors has it
   * @throws dev.vramcast.core.input.InputException where the ranks do not divide the model
   */
  static List<RankEstimate> of(
      Architecture model,
      ResolvedJob job,
      List<Episode> episodes,
      CardTraits card,
      RankEstimate.Outside outside) {
    VirtualStages stages = VirtualStages.of(model.layerCount(), job);
    int ranks = job.parallelism().pipeline();
    List<RankEstimate> estimates = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      estimates.add(
          RankEstimate.of(
              "pipeline rank " + (rank + 1) + " of " + ranks,
              job.parallelism().gpus() / ranks,
              highest(model, job, episodes, card, stages, rank),
              outside,
              card.allocator(),
              new HeldBeside(ChangingLengths.of(job), 0, card.loading())));
    }
    return estimates;
  }

  private static StepTraces highest(
      Architecture model,
      ResolvedJob job,
      List<Episode> episodes,
      CardTraits card,
      VirtualStages stages,
      int rank) {
    PipelineSchedule schedule = job.parallelism().schedule(stages.perRank());
    return StageMoment.of(
            schedule,
            rank,
            job.parallelism().pipeline(),
            stages,
            job.parallelism().pipelining().atATime(job.batch()),
            job.parallelism().pipelining().repeats(job.batch()))
        .stream()
        .map(
            moment ->
                PipelineWriter.write(
                    model,
                    job,
                    episodes,
                    stages,
                    rank,
                    moment,
                    card.workspaces().torchBytes(),
                    card.sdpa()))
        .max(Comparator.comparingLong(traces -> TraceReading.peakBytes(traces.device())))
        .orElseThrow();
  }
}
