package dev.vramcast.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.RankEstimate;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * How many replays the least memory takes, and what they allocate: both are the same on every
 * machine, whatever else it does, where a clock is not.
 */
class ReplayMemoryTest {

  private static final int REPLAYS = 3;

  /** Some 1,280,000, interpreted or compiled, and a quarter of room. */
  private static final long BYTES = 1_600_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void the_least_memory_of_a_step_is_found_by_few_replays_in_little_memory() {
    needed(deep());
    RankEstimate rank = deep();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    needed(rank);
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - before;

    assertThat(rank.replay().replays()).isLessThanOrEqualTo(REPLAYS);
    assertThat(bytes).isLessThan(BYTES);
  }

  private static void needed(RankEstimate rank) {
    rank.neededBytes(rank.reservedBytes());
  }

  /** Thirty-two layers, trained in full without checkpointing. */
  private static RankEstimate deep() {
    return Estimates.of(
        Estimates.model("llama", Map.of("num_hidden_layers", 32)), "--method full --micro-batch 4");
  }
}
