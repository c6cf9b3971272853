package dev.vramcast.answers.registry;

import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.guide.GuideOperation;
import dev.vramcast.answers.lint.LintOperation;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.models.ModelsOperation;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.prices.PricesOperation;
import dev.vramcast.answers.write.WriteOperation;
import java.util.List;

/** What there is to ask for. */
public final class Operations {

  /** All operations, in the order of the command line's help. */
  public static final List<Operation> ALL =
      List.of(
          new EstimateOperation(),
          new FitOperation(),
          new MaxOperation(),
          new PlanOperation(),
          new LintOperation(),
          new ModelsOperation(),
          new GpusOperation(),
          new PricesOperation(),
          new CostOperation(),
          new WriteOperation(),
          new GuideOperation());

  private Operations() {}
}
