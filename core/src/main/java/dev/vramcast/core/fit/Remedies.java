package dev.vramcast.core.fit;

import dev.vramcast.core.hardware.Gpu;
import java.util.ArrayList;
import java.util.List;

/** The ways to save memory, the smallest drawback first. */
public final class Remedies {

  private Remedies() {}

  /**
   * What would make a job fit.
   *
   * @param cards that may be rented instead
   */
  public static Advice advise(FitEvaluator evaluator, FitCheck job, List<Gpu> cards) {
    return Advice.of(evaluator, job, all(evaluator, cards));
  }

  static List<Remedy> all(FitEvaluator evaluator, List<Gpu> cards) {
    List<Remedy> remedies = new ArrayList<>();
    remedies.add(KernelRemedies::optimizer);
    remedies.add(KernelRemedies::attention);
    remedies.add(KernelRemedies::loss);
    remedies.add(KernelRemedies::fusedKernels);
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
    remedies.add(TrainingRemedies::coarserOptimizer);
    remedies.add(TrainingRemedies::roundedBase);
    remedies.add(TrainingRemedies::quantisedBase);
    remedies.add(check -> TrainingRemedies.quantisedExperts(evaluator, check));
    remedies.add(TrainingRemedies::rank);
    remedies.add(TrainingRemedies::adapters);
    remedies.add(TrainingRemedies::sequence);
    remedies.add(StageRemedies::completion);
    remedies.add(new CardRemedies(cards)::moreCards);
    remedies.add(new CardRemedies(cards)::largerCard);
    return remedies;
  }
}
