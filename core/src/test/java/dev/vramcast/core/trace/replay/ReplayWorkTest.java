package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.flat.FlatAllocator;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.replay.program.Loading;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How much replays go through, counted: a clock would measure the machine. */
class ReplayWorkTest {

  /** Some 6,700, and a quarter of room. */
  private static final int OPERATIONS = 8_400;

  private static RankEstimate deep() {
    return Estimates.of(
        Estimates.model("llama", Map.of("num_hidden_layers", 32)), "--method full --micro-batch 4");
  }

  @Test
  void steps_ask_no_more_of_an_allocator_than_they_must() {
    StepOperations steps = operations(deep());
    int numbers = steps.step(1).stream().mapToInt(piece -> piece.length).sum();

    assertThat(numbers / 2).isLessThanOrEqualTo(OPERATIONS);
  }

  private static StepOperations operations(RankEstimate rank) {
    return new StepOperations(new ReplayProgram(rank.replay().trace(), Loading.PLAIN));
  }

  /** Others may be freed between the two, in whichever order. */
  @Test
  void what_is_freed_before_another_is_allocated_is_freed_at_once() {
    for (int[] piece : operations(deep()).step(1)) {
      int last = FlatAllocator.FOR_GOOD;
      for (int i = 0; i < piece.length; i += 2) {
        assertThat(piece[i]).isNotEqualTo(~last);
        last = piece[i] >= 0 ? piece[i] : last;
      }
    }
  }
}
