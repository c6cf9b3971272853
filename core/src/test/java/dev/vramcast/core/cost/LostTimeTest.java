package dev.vramcast.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class LostTimeTest {

  private static final double MINUTE = 60;
  private static final double HOUR = 3600;

  /**
   * Overheads in %: to first order and exactly at the best interval, and to first order with hourly
   * checkpoints.
   */
  @ParameterizedTest
  @CsvSource({
    "2, 5, 10, 4.5, 12, 13, 34",
    "8, 5, 10, 9, 4, 4, 8.5",
    "24, 5, 10, 16, 1.8, 1.8, 2.9",
    "24, 300, 15, 120, 9.4, 10, 11.5",
    "168, 60, 15, 142, 1.6, 1.6, 2.1",
  })
  void intervals_and_overheads_are_those_of_young_and_daly(
      double hours,
      double checkpoint,
      double restart,
      double minutes,
      double first,
      double exact,
      double hourly) {
    double between = hours * HOUR;
    double interval = SpotRun.young(between, checkpoint);

    assertThat(interval / MINUTE).isCloseTo(minutes, within(0.55));
    assertThat(overhead(between, checkpoint, restart * MINUTE, interval))
        .isCloseTo(exact, within(0.5));
    assertFirstOrder(between, checkpoint, restart * MINUTE, interval, first);
    assertFirstOrder(between, checkpoint, restart * MINUTE, HOUR, hourly);
  }

  /** To first order δ/τ + τ/2M + R/M, which the exact overhead exceeds by its square at most. */
  private static void assertFirstOrder(
      double between, double checkpoint, double restart, double interval, double percent) {
    double order = checkpoint / interval + interval / (2 * between) + restart / between;

    assertThat(100 * order).isCloseTo(percent, within(0.6));
    assertThat(overhead(between, checkpoint, restart, interval) / 100)
        .isBetween(order, order + order * order);
  }

  private static double overhead(
      double between, double checkpoint, double restart, double interval) {
    long intervals = 1000;
    double withCheckpoint = interval + checkpoint;
    double time =
        intervals * withCheckpoint
            + new LostTime(intervals, withCheckpoint, between, restart).mean();
    double exact =
        between / interval * Math.exp(restart / between) * Math.expm1(withCheckpoint / between) - 1;

    assertThat(time / (intervals * interval) - 1).isCloseTo(exact, withinPercentage(1e-6));
    return 100 * exact;
  }

  /** 20 to 200 intervals of a quarter of an hour, and one that is as long as the mean time. */
  @ParameterizedTest
  @CsvSource({
    "20, 0.25, 24, 0.1",
    "40, 0.25, 24, 0.2",
    "200, 0.25, 24, 0.2",
    "200, 0.25, 4, 0.2",
    "50, 1, 4, 0.5",
    "1, 24, 24, 0.2",
    "5, 6, 12, 1",
    "2000, 0.25, 2, 0.1",
  })
  void mean_and_p90_are_those_of_simulated_runs(
      long intervals, double withCheckpoint, double between, double restart) {
    LostTime lost = new LostTime(intervals, withCheckpoint, between, restart);
    double[] simulated = simulate(lost, 20_000);
    double undisturbed = intervals * withCheckpoint;

    assertThat(undisturbed + lost.mean())
        .isCloseTo(
            undisturbed + Arrays.stream(simulated).average().orElseThrow(), withinPercentage(1));
    assertThat(undisturbed + lost.p90())
        .isCloseTo(undisturbed + simulated[18_000], withinPercentage(3));
  }

  private static double[] simulate(LostTime lost, int runs) {
    SplittableRandom random = new SplittableRandom(7);
    double[] times = new double[runs];
    for (int i = 0; i < runs; i++) {
      for (long done = 0; done < lost.intervals(); done++) {
        times[i] += tries(random, lost.interval(), lost);
      }
    }
    Arrays.sort(times);
    return times;
  }

  private static double tries(SplittableRandom random, double work, LostTime lost) {
    double spent = 0;
    double next = next(random, lost.between());
    while (next < work) {
      spent += next;
      double restarting = next(random, lost.between());
      while (restarting < lost.restart()) {
        spent += restarting;
        restarting = next(random, lost.between());
      }
      spent += lost.restart();
      next = next(random, lost.between());
    }
    return spent;
  }

  private static double next(SplittableRandom random, double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }

  @ParameterizedTest
  @CsvSource({"1e-9", "1e-6", "0.000999", "0.001001"})
  void short_intervals_lose_half_of_themselves(double share) {
    LostTime lost = new LostTime(1, share, 1, 0);

    assertThat(lost.mean() / lost.failures()).isCloseTo(share / 2, withinPercentage(0.1));
  }
}
