package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.trace.replay.Replay.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** Limits in MiB under which steps run or not. */
class LeastLimitTest {

  private static final long MIB = 1 << 20;

  private final List<Long> tried = new ArrayList<>();

  @Test
  void it_is_found_to_within_a_thousandth() {
    assertThat(needed(10_000, 40_000, limit -> limit >= 31_234)).isBetween(31_234L, 31_274L);
  }

  /** An 8B's gradients in pieces that a larger cache keeps apart. */
  @Test
  void limits_between_which_steps_fail_are_not_stepped_over_where_they_are_near_the_most() {
    LongPredicate runs = limit -> limit >= 26_400 && (limit < 26_500 || limit >= 30_200);

    assertThat(needed(20_000, 31_000, runs)).isBetween(30_200L, 30_231L);
  }

  @Test
  void what_is_too_little_for_certain_is_not_tried() {
    assertThat(needed(30_000, 30_100, limit -> true)).isBetween(30_000L, 30_030L);
    assertThat(tried).allMatch(limit -> limit >= 30_000 && limit < 30_100);
  }

  @Test
  void limits_under_which_all_goes_the_same_are_not_tried() {
    LeastLimit limit =
        new LeastLimit(
            each -> new Outcome(each >= 500 * MIB, 500 * MIB, 500 * MIB), 100 * MIB, 1000 * MIB);
    limit.look();

    assertThat(limit.runs()).isEqualTo(500 * MIB);
    limit.look();
    assertThat(limit.fails()).isEqualTo(500 * MIB - 1);
    assertThat(limit.isFound()).isTrue();
  }

  private long needed(long least, long most, LongPredicate runs) {
    LeastLimit limit =
        new LeastLimit(
            bytes -> {
              tried.add(bytes / MIB);
              return new Outcome(runs.test(bytes / MIB), bytes, bytes + 1);
            },
            least * MIB,
            most * MIB);
    while (!limit.isFound()) {
      limit.look();
    }
    return limit.runs() / MIB;
  }
}
