package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.replay.program.Loading;
import dev.vramcast.core.units.DataType;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadedAheadTest {

  private static final long MIB = 1L << 20;

  /** Ten layers of 20 MiB are received in 320; a step of 100 MiB, for which no piece is enough. */
  @Test
  void what_waits_while_a_model_loads_stays_in_the_cache() {
    assertThat(replay(10).heldBytes(Long.MAX_VALUE)).hasValue((200 + 320 + 100) * MIB);
  }

  @Test
  void a_rank_waits_for_what_it_has_received_where_memory_runs_short() {
    AllocatorReplay replay = replay(10);

    assertThat(replay.heldBytes(400 * MIB)).hasValue(400 * MIB);
    assertThat(replay.neededBytes(300 * MIB, 620 * MIB)).isEqualTo(300 * MIB);
  }

  @Test
  void no_more_waits_than_launches_wait_in_their_queue() {
    assertThat(LoadedAhead.of(trace(1024, true)).mostBytes()).isEqualTo(1024 * 32 * MIB);
    assertThat(LoadedAhead.of(trace(2048, true)).mostBytes()).isEqualTo(1024 * 32 * MIB);
  }

  private static AllocatorReplay replay(int layers) {
    return new AllocatorReplay(
        trace(layers, false),
        AllocatorSettings.DEFAULT,
        new HeldBeside(
            Optional.empty(), 0, Loading.PLAIN, Optional.of(LoadedAhead.of(trace(layers, true)))));
  }

  private static AllocationTrace trace(int layers, boolean ahead) {
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    writer.phase(Phase.LOAD);
    writer.repeat(
        layers,
        () -> {
          Block received =
              StreamBlocks.block("received", Category.WEIGHTS, 32 * MIB, Stream.COMPUTE_READ_ASIDE);
          if (ahead) {
            writer.allocate(received);
            writer.free(received);
          }
          writer.allocate(new Block("weights", Category.WEIGHTS, DataType.INT8, 20 * MIB));
        });
    Block activations = new Block("activations", Category.ACTIVATIONS, DataType.INT8, 100 * MIB);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(activations);
    writer.free(activations);
    writer.phase(Phase.STEP);
    return writer.finish();
  }
}
