package dev.vramcast.answers.operation;

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
