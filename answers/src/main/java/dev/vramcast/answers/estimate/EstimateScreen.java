package dev.vramcast.answers.estimate;

import dev.vramcast.answers.correction.CorrectedFigures;
import dev.vramcast.answers.first.Caveats;
import dev.vramcast.answers.first.FirstScreen;
import dev.vramcast.answers.first.Outcome;
import dev.vramcast.answers.first.Outcome.OnCard;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.Expectation;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.prices.NamedMarket;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Remedies;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.life.MachineNeeds;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.Verdict;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What an estimate begins with.
 *
 * @param corrected what a correction makes of it, where one is used
 */
record EstimateScreen(
    Call call,
    EstimateRequest request,
    EstimateReport report,
    Optional<CorrectedFigures> corrected) {

  FirstScreen first() {
    Outcome outcome = outcome();
    return new FirstScreen(outcome, () -> advice(outcome), this::rent, report.assumptions());
  }

  private Outcome outcome() {
    ExpectedMemory expected = report.expected();
    long needed =
        corrected
            .map(figures -> figures.memory().neededBytes())
            .orElseGet(() -> expected.needed().bytes());
    Expectation expectation = new Expectation(needed, expected.needed().row());
    MachineNeeds needs = report.needs();
    return new Outcome(
        report.model().id(),
        report.resolution(),
        report.memory().worst(),
        needed,
        expectation.row(),
        Caveats.of(report.model().architecture(), report.resolution(), report.gpu()),
        needs,
        report.gpu().map(gpu -> onCard(gpu, expectation, needs)));
  }

  private static OnCard onCard(Gpu gpu, Expectation needed, MachineNeeds needs) {
    long usable = gpu.allocatableBytes();
    ByteRange range = needed.range().orElseGet(() -> new ByteRange(needed.bytes(), needed.bytes()));
    return needs.shortage().isPresent()
        ? new OnCard(gpu, usable, Verdict.DOES_NOT_FIT, OptionalDouble.empty())
        : new OnCard(gpu, usable, range.verdict(usable), needed.chance(gpu));
  }

  /** Changes that save memory, which are looked for where the job does not fit for certain. */
  private Optional<Advice> advice(Outcome outcome) {
    return outcome
        .card()
        .filter(card -> card.verdict() != Verdict.FITS)
        .map(
            card -> {
              RequestedJob job = request.settle();
              FitEvaluator evaluator =
                  FitEvaluator.of(job.model().architecture(), card.gpu(), 0, RangeFile.embedded())
                      .knowing(request.steps())
                      .corrected(corrected.map(figures -> figures.correction().correction()));
              Architecture architecture = job.model().architecture();
              return Remedies.advise(
                  evaluator,
                  evaluator.check(job.document()),
                  PriceLists.rented(GpuCatalog.embedded().all()),
                  other -> Rent.dollars(architecture, other, call.market()));
            });
  }

  private Optional<Rent> rent() {
    return report
        .time()
        .flatMap(
            time ->
                report
                    .gpu()
                    .map(
                        gpu ->
                            Rent.of(
                                time,
                                report.run(),
                                report.resolution(),
                                gpu,
                                report::life,
                                () -> Stored.of(report.model().architecture(), report.resolution()),
                                NamedMarket.of(call.market(), request.document()))));
  }
}
