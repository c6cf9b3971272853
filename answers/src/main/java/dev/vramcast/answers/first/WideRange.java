package dev.vramcast.answers.first;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.range.RangeRow;
import java.util.Optional;

/**
 * Why a range is wide, and what would narrow it.
 *
 * <p>One is wide that goes on beyond one and a half times the estimate: those of dense models on
 * one GPU by frameworks with runs of their own end between 1.15 and 1.4 times.
 */
final class WideRange {

  private static final double WIDE = 1.5;

  private WideRange() {}

  /** Empty where the range is no wider than most, or is not what decides. */
  static Optional<Notice> reason(Outcome outcome) {
    boolean wide =
        outcome.range().filter(it -> it.highBytes() > WIDE * outcome.neededBytes()).isPresent();
    return outcome
        .errors()
        .filter(row -> wide && outcome.needs().shortage().isEmpty())
        .map(WideRange::reason);
  }

  private static Notice reason(RangeRow row) {
    String rests =
        row.met()
            ? (row.runs() == 1
                    ? "the error of the one run that it rests on is ("
                    : "errors of the " + row.runs() + " runs that it rests on are (")
                + row.words()
                + ")"
            : "fewer than "
                + RangeRow.ENOUGH_RUNS
                + " measured runs of "
                + row.framework()
                + " are known: it rests on "
                + row.runs()
                + " of all frameworks";
    return Notice.of("The range is wide, as ", rests, ". A run of yours corrects the estimate")
        .and(
            " (vramcast calibrate) and, as a case (vramcast receipt of the Python package), narrows"
                + " the range.");
  }
}
