package dev.vramcast.sweep.run;

import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.SweepResult;
import java.util.HashMap;
import java.util.Map;

/** Counts what becomes of rows. Of one thread. */
final class RowCounts {

  /** Reasons beyond which all others are counted as one. */
  private static final int MOST_REASONS = 1_000;

  private static final String OTHERS = "other reasons";

  private final Map<String, Long> verdicts = new HashMap<>();
  private final Map<String, Long> reasons = new HashMap<>();
  private long unanswered;

  void count(SweepResult row) {
    Object verdict = row.value(Column.VERDICT);
    if (verdict != null) {
      verdicts.merge((String) verdict, 1L, Long::sum);
    }
    row.reason().ifPresent(this::reason);
    unanswered += row.value(Column.NEEDED_BYTES) == null ? 1 : 0;
  }

  private void reason(String error) {
    boolean room = reasons.size() < MOST_REASONS || reasons.containsKey(error);
    reasons.merge(room ? error : OTHERS, 1L, Long::sum);
  }

  void add(RowCounts other) {
    unanswered += other.unanswered;
    other.verdicts.forEach((verdict, count) -> verdicts.merge(verdict, count, Long::sum));
    other.reasons.forEach((reason, count) -> reasons.merge(reason, count, Long::sum));
  }

  /** Rows without an estimate. */
  long unanswered() {
    return unanswered;
  }

  Map<String, Long> verdicts() {
    return verdicts;
  }

  Map<String, Long> reasons() {
    return reasons;
  }
}
