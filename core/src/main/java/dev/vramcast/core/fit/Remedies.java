package dev.vramcast.core.fit;

import dev.vramcast.core.hardware.Gpu;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The ways to save memory, the smallest drawback first. */
public final class Remedies {

  private Remedies() {}

  /** A way to save memory, as it applies to one job. */
  interface Remedy {

    /** The changes, from the mildest to the strongest; none where the job has no use for them. */
    List<Change> of(FitCheck job);
  }

  /** As below, where nobody knows what a job costs. */
  public static Advice advise(FitEvaluator evaluator, FitCheck job, List<Gpu> cards) {
    return advise(evaluator, job, cards, check -> OptionalDouble.empty());
  }

  /**
   * What would make a job fit.
   *
   * @param cards that may be rented instead
   * @param dollars what a job costs that fits; empty where nobody knows
   */
  public static Advice advise(
      FitEvaluator evaluator,
      FitCheck job,
      List<Gpu> cards,
      Function<FitCheck, OptionalDouble> dollars) {
    return Advice.of(evaluator, job, remedies(evaluator), rented(cards), dollars);
  }

  /** Those that rent something else. */
  static List<Remedy> rented(List<Gpu> cards) {
    CardRemedies other = new CardRemedies(cards);
    return List.of(other::moreCards, other::largerCard);
  }

  /** Those that rent nothing else, the least harmful first. */
  static List<Remedy> remedies(FitEvaluator evaluator) {
    List<Remedy> remedies = new ArrayList<>();
    remedies.add(LifeRemedies::merge);
    remedies.add(LifeRemedies::firstRankLoads);
    remedies.add(LifeRemedies::madeDivided);
    remedies.add(LifeRemedies::lessOffload);
    remedies.add(KernelRemedies::optimizer);
    remedies.add(KernelRemedies::attention);
    remedies.add(KernelRemedies::loss);
    remedies.add(KernelRemedies::fusedKernels);
    remedies.add(EvaluationRemedies::accumulation);
    remedies.add(EvaluationRemedies::batch);
    remedies.add(LifeRemedies::shardedSaving);
    remedies.add(LifeRemedies::gatheredOnHost);
    remedies.add(LifeRemedies::workers);
    remedies.add(StepRemedies::sharding);
    remedies.add(StepRemedies::checkpointing);
    remedies.add(StepRemedies::tiledMlp);
    remedies.add(StageRemedies::reference);
    remedies.add(StageRemedies::sleepingEngine);
    remedies.add(StageRemedies::slicedEngine);
    remedies.add(StageRemedies::generatedAtOnce);
    remedies.add(StepRemedies::microBatch);
    remedies.add(StepRemedies::offloadedCheckpoints);
    remedies.add(StepRemedies::offloadedStates);
    remedies.add(StageRemedies::engineShare);
    remedies.add(StepRemedies::oneMicroBatch);
    remedies.add(EvaluationRemedies::lossAlone);
    remedies.add(EvaluationRemedies::beams);
    remedies.add(EvaluationRemedies::newTokens);
    remedies.add(LifeRemedies::fewerCheckpoints);
    remedies.add(LifeRemedies::weightsAlone);
    remedies.add(LifeRemedies::atTheEnd);
    remedies.add(LifeRemedies::export);
    remedies.add(LifeRemedies::unmerged);
    remedies.add(LifeRemedies::unconsolidated);
    remedies.add(TrainingRemedies::coarserOptimizer);
    remedies.add(TrainingRemedies::roundedBase);
    remedies.add(TrainingRemedies::quantisedBase);
    remedies.add(check -> TrainingRemedies.quantisedExperts(evaluator, check));
    remedies.add(TrainingRemedies::roundedWeights);
    remedies.add(TrainingRemedies::rank);
    remedies.add(TrainingRemedies::adapters);
    remedies.add(TrainingRemedies::sequence);
    remedies.add(StageRemedies::completion);
    return remedies;
  }
}
