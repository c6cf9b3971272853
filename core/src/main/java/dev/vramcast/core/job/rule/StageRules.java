package dev.vramcast.core.job.rule;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.ReferenceSource;
import dev.vramcast.core.job.objective.Stage;

/** What follows from a stage of training under every framework. */
final class StageRules {

  /**
   * Adapters that are off make the model as it was; where there are none it takes a copy. Stages
   * that weigh it by {@code objective.beta} have none where that is 0.
   */
  static final Rule REFERENCE =
      Rule.derived("objective.stage, method and objective.beta", StageRules::reference);

  /** Stages that train on completions have the model itself generate them. */
  static final Rule ENGINE = Rule.derived("objective.stage", StageRules::engine);

  /** What the trainer's code decides where nobody says it. */
  static final Rule OPEN = Rule.open("objective.stage");

  private StageRules() {}

  private static GenerationEngine engine(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class).generates()
        ? GenerationEngine.TRANSFORMERS
        : GenerationEngine.NONE;
  }

  private static ReferenceSource reference(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    boolean compares =
        stage.compares() || stage.penalises() && d.find(JobKey.BETA, Double.class).orElse(0.0) > 0;
    if (!compares) {
      return ReferenceSource.NONE;
    }
    return d.method().trainsAdapters() ? ReferenceSource.ADAPTER_OFF : ReferenceSource.COPY;
  }
}
