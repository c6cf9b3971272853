package dev.vramcast.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class LongestFitTest {

  /** Weights, and activations that grow with the length, as memory does. */
  private static long line(int tokens) {
    return 8_000_000_000L + 3_000_000L * tokens;
  }

  /** Attention scores, which grow with its square. */
  private static long square(int tokens) {
    return line(tokens) + 64L * tokens * tokens;
  }

  /** All or nothing: no line helps. */
  private static IntToLongFunction step(int at) {
    return tokens -> tokens <= at ? 0 : 1_000_000;
  }

  private static int search(int most, long limit, IntToLongFunction bytes, int mostQuestions) {
    AtomicInteger questions = new AtomicInteger();
    int found =
        LongestFit.search(
            most,
            limit,
            tokens -> {
              questions.incrementAndGet();
              return bytes.applyAsLong(tokens);
            });
    assertThat(questions.get()).isLessThanOrEqualTo(mostQuestions);
    return found;
  }

  @Test
  void the_longest_fit_is_found_on_a_line_by_a_few_questions() {
    qt().forAll(integers().between(1, 1_000_000), integers().between(0, 1_000_000))
        .checkAssert(
            (most, fits) -> {
              int exact = Math.min(most, fits);
              assertThat(search(most, line(fits), LongestFitTest::line, 7))
                  .isBetween(exact - exact / 100, exact);
            });
  }

  @Test
  void the_longest_fit_is_found_on_a_curve_and_on_a_step() {
    qt().forAll(integers().between(1, 1_000_000), integers().between(0, 1_000_000))
        .checkAssert(
            (most, fits) -> {
              int exact = Math.min(most, fits);
              assertThat(search(most, square(fits), LongestFitTest::square, 62))
                  .isBetween(exact - exact / 100, exact);
              assertThat(search(most, 10, step(fits), 62)).isBetween(exact - exact / 100, exact);
            });
  }

  @Test
  void a_larger_card_survives_no_less() {
    qt().forAll(integers().between(0, 50_000), integers().between(0, 50_000))
        .checkAssert(
            (card, more) -> {
              int small = LongestFit.search(60_000, square(card), LongestFitTest::square);
              int large = LongestFit.search(60_000, square(card + more), LongestFitTest::square);
              assertThat(large).isGreaterThanOrEqualTo(small - small / 100);
            });
  }

  @Test
  void nothing_fits_and_everything_fits() {
    assertThat(LongestFit.search(100, line(0), LongestFitTest::line)).isZero();
    assertThat(LongestFit.search(100, line(100), LongestFitTest::line)).isEqualTo(100);
    assertThat(LongestFit.search(1, line(0), LongestFitTest::line)).isZero();
    assertThat(LongestFit.search(2, line(1), LongestFitTest::line)).isEqualTo(1);
  }
}
