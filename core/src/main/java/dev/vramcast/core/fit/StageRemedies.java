package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.run.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Changes of stages that compare models or generate completions. */
final class StageRemedies {

  /** vLLM's level at which weights are dropped too; a policy's own weights are only kept. */
  private static final int DROPS_WEIGHTS = 2;

  private static final int KEEPS_WEIGHTS = 1;

  private static final double FRACTION_STEP = 0.05;

  /** Shorter completions are cut before they come to an answer. */
  private static final int SHORTEST_COMPLETION = 256;

  private StageRemedies() {}

  /** A second model that only scores need not be there where its scores are. */
  static List<Change> reference(FitCheck job) {
    boolean resident =
        settings(job)
            .objective()
            .comparedWith()
            .map(Settings.Reference::source)
            .filter(ReferenceSource.COPY::equals)
            .isPresent();
    return resident
        ? List.of(
            new Change(
                "reference copy to precomputed",
                Drawback.TIME,
                "all data is scored once before training",
                Edit.of(job).set(JobKey.REFERENCE, ReferenceSource.PRECOMPUTED).done()))
        : List.of();
  }

  /** An engine on the cards that train gives its share back while they do. */
  static List<Change> sleepingEngine(FitCheck job) {
    return generated(
        job,
        generation ->
            !generation.engine().sharesCards() || generation.resident().sleep().orElse(0) > 0
                ? List.of()
                : List.of(
                    new Change(
                        "the engine sleeps while the policy trains",
                        Drawback.TIME,
                        "it wakes for each generation",
                        Edit.of(job)
                            .set(
                                JobKey.ENGINE_SLEEP,
                                generation.engine().lendsWeights() ? KEEPS_WEIGHTS : DROPS_WEIGHTS)
                            .done())));
  }

  /** A smaller share of the cards, the largest first. */
  static List<Change> engineShare(FitCheck job) {
    return generated(job, generation -> shares(job, generation));
  }

  private static List<Change> shares(FitCheck job, Settings.Generation generation) {
    List<Change> changes = new ArrayList<>();
    if (!generation.engine().sharesCards()) {
      return changes;
    }
    double now = Engine.fraction(generation);
    int steps = (int) Math.ceil(now / FRACTION_STEP) - 1;
    for (int step = steps; step > 0; step--) {
      double smaller = Math.round(100 * FRACTION_STEP * step) / 100.0;
      changes.add(
          new Change(
              "the engine's share " + now + " to " + smaller,
              Drawback.TIME,
              "fewer completions at once",
              Edit.of(job).set(JobKey.ENGINE_FRACTION, smaller).done()));
    }
    return changes;
  }

  /** DeepSpeed's engine gathers whole weights, or each of its ranks a slice of them. */
  static List<Change> slicedEngine(FitCheck job) {
    return generated(
        job,
        generation -> {
          List<Change> changes = new ArrayList<>();
          boolean gathers = generation.engine() == GenerationEngine.DEEPSPEED_HYBRID;
          int gpus = settings(job).parallelism().gpus();
          int now = generation.resident().tensor().orElse(1);
          for (int ranks = 2 * now; gathers && gpus % ranks == 0; ranks *= 2) {
            changes.add(
                new Change(
                    "completions on " + ranks + " GPUs together",
                    Drawback.TIME,
                    "they wait for each other in every layer",
                    Edit.of(job).set(JobKey.ENGINE_TENSOR, ranks).done()));
          }
          return changes;
        });
  }

  /** Fewer micro-batches of completions are generated at once, of which each is used once. */
  static List<Change> generatedAtOnce(FitCheck job) {
    return generated(
        job,
        generation -> {
          Batch batch = settings(job).batch();
          int now = generation.microBatches(batch.gradAccum());
          List<Change> changes = new ArrayList<>();
          for (int factor = 2; now % factor == 0; factor *= 2) {
            changes.add(
                new Change(
                    "micro-batches that are generated at once, " + now + " to " + now / factor,
                    Drawback.TIME,
                    "smaller products, less speed",
                    Edit.of(job).set(JobKey.STEPS_PER_GENERATION, now / factor).done()));
          }
          return changes;
        });
  }

  /** Halves of a length that the job states. */
  static List<Change> completion(FitCheck job) {
    int now = job.document().value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(0);
    int sequence = settings(job).batch().sequenceLength();
    return Edit.halves(
        now,
        SHORTEST_COMPLETION,
        shorter ->
            new Change(
                "completion length " + now + " to " + shorter,
                Drawback.DATA,
                "longer completions are cut",
                Edit.of(job)
                    .set(JobKey.COMPLETION_LENGTH, shorter)
                    .set(JobKey.SEQUENCE_LENGTH, sequence - now + shorter)
                    .done()));
  }

  private static List<Change> generated(
      FitCheck job, Function<Settings.Generation, List<Change>> changes) {
    ResolvedJob settings = settings(job);
    return settings.objective().generated().map(changes).orElse(List.of());
  }
}
