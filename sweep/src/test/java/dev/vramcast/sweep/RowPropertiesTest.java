package dev.vramcast.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.property.JobProperty;
import dev.vramcast.core.range.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Laws between the figures of one answer, whatever is asked. */
@Tag("slow")
class RowPropertiesTest {

  private static final int JOBS = 12;

  private final RowEstimator rows = RowEstimator.open(RowSettings.usual());

  @Test
  void the_figures_of_an_answer_agree() {
    int[] estimated = new int[1];
    JobProperty.forAll(RandomRows::job)
        .jobs(JOBS)
        .check(
            job -> {
              SweepResult row = rows.estimate(SweepRow.of(job));
              isWholeOrSaysWhy(row);
              if (row.value(Column.HIGH_BYTES) != null) {
                estimated[0]++;
                isHeld(row);
                isJudgedByItsRange(row);
                isHoursTimesPrice(row);
              }
            });
    assertThat(estimated[0]).isPositive();
  }

  private static void isWholeOrSaysWhy(SweepResult row) {
    if (row.value(Column.VERDICT) == null) {
      assertThat(row.error()).isPresent();
    }
    row.error().ifPresent(why -> assertThat(why).doesNotContain("mistake", "\n"));
  }

  /**
   * A device holds what is needed, and what is reserved unless some was given back since, which the
   * allocator does where no room is left for a request; a range holds what is needed.
   */
  private static void isHeld(SweepResult row) {
    long needed = whole(row, Column.NEEDED_BYTES);
    long allocated = whole(row, Column.ALLOCATED_BYTES);
    long reserved = whole(row, Column.RESERVED_BYTES);
    boolean hasRoom = reserved + allocated <= whole(row, Column.USABLE_BYTES);

    assertThat(allocated).isPositive().isLessThanOrEqualTo(reserved).isLessThanOrEqualTo(needed);
    assertThat(whole(row, Column.DEVICE_BYTES))
        .isGreaterThanOrEqualTo(hasRoom ? reserved : needed)
        .isGreaterThanOrEqualTo(needed);
    assertThat(needed).isBetween(whole(row, Column.LOW_BYTES), whole(row, Column.HIGH_BYTES));
  }

  private static void isJudgedByItsRange(SweepResult row) {
    long usable = whole(row, Column.USABLE_BYTES);
    Object verdict = row.value(Column.VERDICT);

    if (verdict.equals(Verdict.FITS.words())) {
      assertThat(whole(row, Column.HIGH_BYTES)).isLessThanOrEqualTo(usable);
    }
    if (whole(row, Column.LOW_BYTES) > usable) {
      assertThat(verdict).isEqualTo(Verdict.DOES_NOT_FIT.words());
    }
    if (row.value(Column.CHANCE) instanceof Double chance) {
      assertThat(chance).isBetween(0.0, 1.0);
    }
  }

  private static void isHoursTimesPrice(SweepResult row) {
    if (row.value(Column.USD) instanceof Double usd) {
      double hours = (Double) row.value(Column.HOURS);
      double price = (Double) row.value(Column.USD_PER_HOUR);

      assertThat(usd).isEqualTo(hours * price, within(1e-9 * Math.max(1, usd)));
    }
  }

  private static long whole(SweepResult row, Column column) {
    return (Long) row.value(column);
  }
}
