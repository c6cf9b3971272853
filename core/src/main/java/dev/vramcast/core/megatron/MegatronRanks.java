package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.trace.StepTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** The kinds of ranks of a job on Megatron-Core: one for every pipeline stage. */
public final class MegatronRanks {

  private MegatronRanks() {}

  /**
   * Ranks that all hold the same.
   *
   * @param count how many ranks there are of this kind
   * @param waiting bytes of activations that are freed and wait for NCCL's stream
   */
  public record Rank(String name, int count, StepTraces traces, long waiting) {}

  /**
   * The episodes of all stages, first to last.
   *
   * @param targets projections that get an adapter, where adapters are trained
   * @param engine what an engine that generates on the same cards takes of each
   * @throws dev.vramcast.core.input.InputException where the degrees do not divide the model
   */
  public static List<Rank> of(
      Architecture model,
      ResolvedJob job,
      List<Episode> episodes,
      Predicate<Linear> targets,
      Workspaces workspaces,
      OptionalLong engine) {
    MegatronChecks.check(model, job);
    job.objective()
        .valuing()
        .flatMap(Settings.Companion::architecture)
        .ifPresent(values -> MegatronChecks.check(values, job));
    Parallelism degrees = job.parallelism();
    List<Integer> sizes = StageSizes.of(model.layerCount(), degrees);
    List<Rank> ranks = new ArrayList<>();
    for (int stage = 0; stage < degrees.pipeline(); stage++) {
      StepTraces traces =
          StageWriter.write(model, job, episodes, targets, stage, workspaces, engine);
      ranks.add(
          new Rank(
              name(stage, degrees.pipeline()),
              degrees.gpus() / degrees.pipeline(),
              traces,
              RecordedActivations.bytes(model, job, sizes.get(stage))));
    }
    return ranks;
  }

  private static String name(int stage, int stages) {
    return stages == 1 ? "every rank" : "pipeline stage " + (stage + 1) + " of " + stages;
  }
}
