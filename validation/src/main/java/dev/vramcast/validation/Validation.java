package dev.vramcast.validation;

import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.CaseReader;
import dev.vramcast.validation.cases.ShippedCases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs the estimate over cases and reports how far it is from what was measured. */
public final class Validation {

  private static final int BATCH = 256;

  private final List<Case> waiting = new ArrayList<>(BATCH);
  private final List<CaseResult> results = new ArrayList<>();

  private Validation() {}

  /**
   * The report over case files, one JSON object a line.
   *
   * @throws dev.vramcast.core.input.InputException when a file cannot be read or a line is no case;
   *     a case whose job cannot be estimated is counted as not supported, with the reason
   */
  public static Report run(List<Path> files) {
    CaseReader reader = new CaseReader();
    return run(sink -> files.forEach(file -> reader.read(file, sink)));
  }

  /** The report over cases that are part of the product. */
  public static Report shipped(ShippedCases... shipped) {
    return run(
        sink -> {
          for (ShippedCases cases : shipped) {
            cases.read(sink);
          }
        });
  }

  /** The report over the cases that {@code reading} hands to its sink. */
  static Report run(Consumer<Consumer<Case>> reading) {
    Validation validation = new Validation();
    reading.accept(validation::add);
    validation.evaluate();
    return Report.of(validation.results);
  }

  /** Cases are held only until a batch is full, so a file of any size passes. */
  private void add(Case next) {
    waiting.add(next);
    if (waiting.size() == BATCH) {
      evaluate();
    }
  }

  private void evaluate() {
    results.addAll(waiting.parallelStream().map(CaseEvaluator::evaluate).toList());
    waiting.clear();
  }
}
