package dev.vramcast.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.market.UsdPerHour;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class SpotRunTest {

  private static final UsdPerHour PRICE = UsdPerHour.of("2.91");

  private static Work work(double hours, double startMinutes, double checkpointSeconds) {
    Duration busy = Duration.ofNanos((long) (hours * 3.6e12));
    Duration start = Duration.ofNanos((long) (startMinutes * 6e10));
    Duration checkpoint = Duration.ofNanos((long) (checkpointSeconds * 1e9));
    Duration total = start.plus(busy).plus(checkpoint);
    return new Work(1e9, start, busy, checkpoint, total, total, total);
  }

  private static SpotTerms every(double hours) {
    return new SpotTerms(
        Duration.ofNanos((long) (hours * 3.6e12)), Optional.empty(), Optional.empty());
  }

  private static SpotTerms saving(SpotTerms terms, Duration interval) {
    return new SpotTerms(terms.between(), Optional.of(interval), terms.restart());
  }

  private static Work anyWork(SplittableRandom random) {
    return work(
        Math.exp(random.nextDouble(-4, 7)), random.nextDouble(0, 30), random.nextDouble(0, 900));
  }

  @Test
  void a_run_is_cut_into_equal_parts_of_at_most_the_interval() {
    SpotRun run = SpotRun.of(work(10, 5, 60), saving(every(24), Duration.ofHours(3))).orElseThrow();

    assertThat(run.checkpoints()).isEqualTo(4);
    assertThat(run.interval()).isEqualTo(Duration.ofMinutes(150));
    assertThat(run.undisturbed()).isEqualTo(Duration.ofMinutes(5 + 600 + 4));
  }

  /** sqrt(2 × 86400 s × 60 s) is 54 minutes, which 10 hours hold 11.2 times. */
  @Test
  void checkpoints_come_as_young_and_daly_have_them() {
    SpotRun run = SpotRun.of(work(10, 5, 60), SpotTerms.USUAL).orElseThrow();

    assertThat(run.checkpoints()).isEqualTo(12);
    assertThat(run.interval()).isEqualTo(Duration.ofMinutes(50));
  }

  @Test
  void checkpoints_that_take_as_long_as_machines_last_are_as_far_apart() {
    assertThat(SpotRun.young(100, 50)).isEqualTo(100);
    assertThat(SpotRun.young(100, 49.999)).isCloseTo(100, within(0.01));
  }

  @Test
  void a_restart_takes_as_long_as_the_start_unless_it_is_said() {
    SpotTerms quick =
        new SpotTerms(Duration.ofHours(4), Optional.empty(), Optional.of(Duration.ofSeconds(1)));

    assertThat(SpotRun.of(work(40, 15, 5), quick).orElseThrow().expected())
        .isLessThan(SpotRun.of(work(40, 15, 5), every(4)).orElseThrow().expected());
  }

  @Test
  void interruptions_are_expected_as_often_as_the_exposed_time_says() {
    SpotRun run = SpotRun.of(work(240, 0, 5), every(24)).orElseThrow();

    assertThat(run.interruptions()).isCloseTo(10, within(0.3));
  }

  /** What a run costs on average is never less than what it costs undisturbed, nor is its p90. */
  @Test
  void interruptions_never_make_a_run_cheaper() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 2000; i++) {
      Work work = anyWork(random);
      SpotTerms terms = every(Math.exp(random.nextDouble(-2, 7)));
      Optional<SpotRun> run = SpotRun.of(work, terms);
      if (run.isPresent()) {
        SpotCost cost = SpotCost.of(run.get(), Bill.of(PRICE));
        assertThat(cost.undisturbed()).isGreaterThanOrEqualTo(Usd.of(PRICE, work.total()));
        assertThat(cost.expected()).isGreaterThanOrEqualTo(cost.undisturbed());
        assertThat(cost.p90()).isGreaterThanOrEqualTo(cost.undisturbed());
      }
    }
  }

  /** The chance of no interruption is e^(-exposed time / mean time), and 0.9 at 0.105. */
  @Test
  void p90_is_above_the_mean_unless_nine_of_ten_runs_are_left_alone() {
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 2000; i++) {
      Work work = anyWork(random);
      SpotTerms terms = every(Math.exp(random.nextDouble(-2, 7)));
      Optional<SpotRun> run = SpotRun.of(work, terms);
      if (run.isPresent()) {
        Duration exposed = run.get().undisturbed().minus(work.startup());
        boolean alone = exposed.toNanos() < 0.1 * terms.between().toNanos();
        boolean some = exposed.toNanos() > 0.12 * terms.between().toNanos();
        if (alone) {
          assertThat(run.get().p90()).isEqualTo(run.get().undisturbed());
        } else if (some) {
          assertThat(run.get().p90()).as("%s %s", work, terms).isGreaterThan(run.get().expected());
        }
      }
    }
  }

  /** A hopeless run costs more than any that is not. */
  @Test
  void more_interruptions_are_never_cheaper() {
    SplittableRandom random = new SplittableRandom(13);
    for (int i = 0; i < 2000; i++) {
      Work work = anyWork(random);
      double hours = Math.exp(random.nextDouble(-2, 7));
      SpotTerms often = every(hours);
      SpotTerms seldom = every(hours * random.nextDouble(1, 3));
      Duration interval = Duration.ofMinutes(random.nextInt(1, 600));

      assertThat(expected(work, seldom)).isLessThanOrEqualTo(expected(work, often));
      assertThat(expected(work, saving(seldom, interval)))
          .isLessThanOrEqualTo(expected(work, saving(often, interval)));
    }
  }

  private static Duration expected(Work work, SpotTerms terms) {
    return SpotRun.of(work, terms).map(SpotRun::expected).orElse(Work.LONGEST.multipliedBy(100));
  }

  @Test
  void no_other_interval_is_much_better_than_that_of_young_and_daly() {
    Work work = work(1000, 10, 30);
    Duration best = expected(work, every(24));
    for (int minutes = 1; minutes < 600; minutes++) {
      assertThat(expected(work, saving(every(24), Duration.ofMinutes(minutes))))
          .isGreaterThan(best.multipliedBy(999).dividedBy(1000));
    }
  }

  @Test
  void a_run_that_hardly_gets_on_has_no_figures() {
    assertThat(SpotRun.of(work(100, 60, 5), every(0.25))).isEmpty();
    assertThat(SpotRun.of(work(100, 5, 3600), every(0.25))).isEmpty();
    assertThat(SpotRun.of(work(240, 5, 5), saving(every(24), Duration.ofDays(30)))).isEmpty();
    assertThat(SpotRun.of(work(8_000_000, 30, 900), every(1 / 3600.0))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "P3651D", "PT2562047788015215H"})
  void times_that_cannot_be_are_refused(Duration time) {
    Optional<Duration> none = Optional.empty();

    assertThatIllegalArgumentException().isThrownBy(() -> new SpotTerms(time, none, none));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SpotTerms(Duration.ofHours(1), Optional.of(time), none));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SpotTerms(Duration.ofHours(1), none, Optional.of(time)));
  }

  @Test
  void runs_beyond_a_thousand_years_are_refused() {
    Duration ages = Duration.ofSeconds(Long.MAX_VALUE);
    Duration none = Duration.ZERO;

    assertThatThrownBy(() -> new Work(1e18, none, ages, none, none, none, none))
        .isInstanceOf(InputException.class)
        .hasMessage("the run of 1.00e+18 tokens would take more than 1,000 years, allowed: less");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Work(Double.NaN, none, none, none, none, none, none));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Work(1, Duration.ofSeconds(-1), none, none, none, none, none));
  }
}
