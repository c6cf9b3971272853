package dev.vramcast.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.answers.cost.CostReport;
import dev.vramcast.answers.cost.CostRequest;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.prices.PricesRequest;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.machine.CostRow;
import dev.vramcast.core.property.JobProperty;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.Seconds;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows held against the code of {@code vramcast estimate}, {@code fit} and {@code cost}. */
@Tag("slow")
@Order(1)
class SameAsCommandsTest {

  private static final Sources SOURCES = new Sources.NamesOnly(Optional.empty(), Network.FORBIDDEN);

  private static final RowEstimator ROWS = RowEstimator.open(RowSettings.usual());

  /** Of the same jobs, which each law is held against. */
  private static final Map<JobDocument, Answer> ANSWERS = new ConcurrentHashMap<>();

  /**
   * What a row says of a job, and what the command does.
   *
   * @param report of the command; empty where it refuses
   */
  private record Answer(
      SweepResult row, Optional<EstimateReport> report, Optional<RuntimeException> refusal) {

    static Answer of(JobDocument job) {
      SweepResult row = ROWS.estimate(SweepRow.of(job));
      try {
        EstimateReport report = request(job).report(RunExtras.USUAL);
        return new Answer(row, Optional.of(report), Optional.empty());
      } catch (RuntimeException e) {
        return new Answer(row, Optional.empty(), Optional.of(e));
      }
    }
  }

  @Test
  void a_row_says_what_estimate_says() {
    forAll(
        (job, row, report) -> {
          ExpectedMemory expected = report.expected();
          assertThat(row.value(Column.ALLOCATED_BYTES))
              .isEqualTo(report.memory().worst().allocatedBytes());
          assertThat(row.value(Column.RESERVED_BYTES)).isEqualTo(expected.reserved().bytes());
          assertThat(row.value(Column.DEVICE_BYTES)).isEqualTo(expected.device().bytes());
          assertThat(row.value(Column.NEEDED_BYTES)).isEqualTo(expected.needed().bytes());
          assertThat(row.value(Column.TOKENS_PER_SECOND))
              .isEqualTo(report.time().map(time -> time.tokensPerSecond()).orElse(null));
          assertThat(row.value(Column.HOURS))
              .isEqualTo(report.run().map(run -> Seconds.of(run.total()) / 3600).orElse(null));
          assertThat(row.value(Column.SEQUENCE_LENGTH))
              .isEqualTo((long) report.resolution().job().batch().sequenceLength());
        });
  }

  @Test
  void a_row_says_what_fit_says() {
    forAll(
        (job, row, report) -> {
          RequestedJob settled = request(job).settle();
          FitCheck check =
              FitEvaluator.of(
                      settled.model().architecture(),
                      settled.gpu().orElseThrow(),
                      0,
                      RangeFile.embedded())
                  .check(settled.document());
          assertThat(row.value(Column.VERDICT)).isEqualTo(check.verdict().words());
          assertThat(row.value(Column.NEEDED_BYTES)).isEqualTo(check.deviceBytes());
          assertThat(row.value(Column.LOW_BYTES)).isEqualTo(check.range().lowBytes());
          assertThat(row.value(Column.HIGH_BYTES)).isEqualTo(check.range().highBytes());
          assertThat(row.value(Column.USABLE_BYTES)).isEqualTo(check.usableBytes());
          assertThat(Optional.ofNullable(row.value(Column.CHANCE)))
              .isEqualTo(check.chance().stream().boxed().findFirst());
        });
  }

  /**
   * Where the job says how it is spread, since {@code cost} would try more than one way, and on how
   * much it trains, since a table assumes no size.
   */
  @Test
  void a_row_says_what_cost_says() {
    forAll(
        (job, row, report) -> {
          boolean open = job.has(JobKey.GPU_COUNT) && !job.has(JobKey.STRATEGY);
          boolean sized =
              Stream.of(JobKey.TOKENS, JobKey.STEPS, JobKey.EXAMPLES).anyMatch(job::has);
          Optional<CostRow> priced = open || !sized ? Optional.empty() : priced(job);
          if (priced.isPresent() && priced.get().count() == (Long) row.value(Column.GPU_COUNT)) {
            double usd = priced.get().onDemandCost().orElseThrow().total().amount().doubleValue();
            assertThat((Double) row.value(Column.USD)).isEqualTo(usd, within(0.0));
          } else if (!open && job.has(JobKey.GPU_COUNT)) {
            assertThat(row.value(Column.USD)).isNull();
          }
        });
  }

  /** The cheapest machine of the job's GPUs on which it runs. */
  private static Optional<CostRow> priced(JobDocument job) {
    try {
      String gpu = job.text(JobKey.GPU).orElseThrow();
      CostRequest request =
          new CostRequest(
              new PricesRequest(
                      List.of(PriceLists.MARKET),
                      Optional.empty(),
                      Optional.of(gpu),
                      List.of(),
                      List.of(),
                      Purchase.ON_DEMAND)
                  .report(LocalDate.of(2026, 11, 25)),
              job.value(JobKey.GPU_COUNT, Integer.class).or(() -> Optional.of(1)),
              SpotTerms.USUAL);
      CostReport report = request.of(request(job.without(List.of(JobKey.GPU))), RunExtras.USUAL);
      return report.search().rows().stream()
          .filter(found -> found.gpu().name().equals(gpu))
          .filter(found -> found.onDemand().isPresent())
          .findFirst();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private static EstimateRequest request(JobDocument job) {
    return new EstimateRequest(ProfileChoice.ofSettings(job), SOURCES, GpuCatalog.embedded());
  }

  private interface Law {
    void hold(JobDocument job, SweepResult row, EstimateReport report);
  }

  private void forAll(Law law) {
    int[] estimated = new int[1];
    int[] tried = new int[1];
    JobProperty.forAll(RandomRows::job)
        .jobs(60)
        .check(
            job -> {
              tried[0]++;
              estimated[0] += hold(law, job) ? 1 : 0;
            });
    assertThat(estimated[0]).isGreaterThan(tried[0] / 3);
  }

  /** A job that the command refuses is a row with the same words. */
  private boolean hold(Law law, JobDocument job) {
    Answer answer = ANSWERS.computeIfAbsent(job, Answer::of);
    SweepResult row = answer.row();
    if (answer.refusal().isPresent()) {
      // Behind the place, where the row knows it.
      String reason = RowEstimator.reason(answer.refusal().get());
      assertThat(row.error()).hasValueSatisfying(told -> assertThat(told).endsWith(reason));
      return false;
    }
    law.hold(job, row, answer.report().orElseThrow());
    return true;
  }
}
