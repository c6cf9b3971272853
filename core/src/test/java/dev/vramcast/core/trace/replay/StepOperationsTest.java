package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.replay.program.Loading;
import dev.vramcast.core.trace.replay.program.ReplayProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StepOperationsTest {

  private static final List<AllocatorSettings> SETTINGS =
      List.of(
          AllocatorSettings.DEFAULT,
          new AllocatorSettings(true, OptionalLong.empty()),
          new AllocatorSettings(false, OptionalLong.of(64L << 20)));

  private static final Stream[] STREAMS = {
    Stream.COMPUTE,
    Stream.COMPUTE_READ_ASIDE,
    Stream.REDUCE_SCATTER,
    Stream.PRE_UNSHARD_READ_ASIDE,
    Stream.UNSHARD,
    Stream.ALL_GATHER,
    Stream.ALL_GATHER_READ_ASIDE
  };

  private static final Stream[] MARKS = {Stream.REDUCED, Stream.WAITED};

  private static final HeldBeside GROWING =
      new HeldBeside(Optional.of(new VaryingLengths(2, 64)), 0, Loading.PLAIN);

  @Test
  void steps_of_growing_length_hold_what_replays_in_full_do() {
    for (int seed = 0; seed < 40; seed++) {
      AllocationTrace trace = trace(new Random(seed));
      for (AllocatorSettings settings : SETTINGS) {
        AllocatorReplay replay = new AllocatorReplay(trace, settings, GROWING);
        long held = replay.heldBytes(Long.MAX_VALUE).orElseThrow();

        assertThat(replay.heldInFull(Long.MAX_VALUE)).hasValue(held);
        for (int percent = 60; percent < 100; percent += 13) {
          long limit = held / 100 * percent;
          assertThat(replay.heldBytes(limit)).isEqualTo(replay.heldInFull(limit));
        }
      }
    }
  }

  @Test
  void steps_that_are_too_long_to_be_kept_go_as_those_that_are() {
    for (int seed = 0; seed < 40; seed++) {
      ReplayProgram program = new ReplayProgram(trace(new Random(seed)), Loading.PLAIN);
      StepOperations kept = new StepOperations(program);
      StepOperations found = new StepOperations(program, 0);
      List<long[]> lengths =
          GrowingLengths.of(program, GROWING.lengths().orElseThrow()).subList(3, 6);
      long held = outcome(kept, Long.MAX_VALUE, lengths).held();

      assertThat(found.areKept()).isFalse();
      for (long limit : new long[] {Long.MAX_VALUE, held, held - 1, held / 2}) {
        assertThat(outcome(found, limit, lengths)).isEqualTo(outcome(kept, limit, lengths));
        assertThat(outcome(found, limit)).isEqualTo(outcome(kept, limit));
      }
    }
  }

  private static Replay.Outcome outcome(StepOperations steps, long limit, List<long[]> lengths) {
    return FlatReplay.of(steps, AllocatorSettings.DEFAULT, limit, lengths);
  }

  private static Replay.Outcome outcome(StepOperations steps, long limit) {
    return FlatReplay.of(steps, AllocatorSettings.DEFAULT, limit, SavedReplays.of(steps));
  }

  @Test
  void a_step_is_as_the_one_before_though_each_leaves_something_that_nobody_frees() {
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    Block loss = block("loss", 512, Stream.COMPUTE);
    Block scalar = block("scalar", 512, Stream.COMPUTE);
    Block output = block("output", 3 << 20, Stream.COMPUTE);
    writer.phase(Phase.FORWARD_LAYERS);
    writer.allocate(loss);
    writer.allocate(output);
    writer.allocate(scalar);
    writer.free(scalar);
    writer.free(output);
    writer.phase(Phase.STEP);
    StepOperations operations =
        new StepOperations(new ReplayProgram(writer.finish(), Loading.PLAIN));

    assertThat(numbers(operations.step(2))).isEqualTo(numbers(operations.step(1)));
    assertThat(operations.step(5)).isSameAs(operations.step(2));
  }

  @Test
  void a_step_goes_on_as_the_one_before_if_what_it_frees_lies_where_that_lay() {
    Instances.State before = state(new int[] {3, 2, 1}, 0);

    assertThat(state(new int[] {3, 2, 1}, 2).goesOnAs(before)).isTrue();
    assertThat(state(new int[] {3, 2, 7, 1}, 2).goesOnAs(before)).isTrue();
    assertThat(state(new int[] {3, 7, 2, 1}, 2).goesOnAs(before)).isFalse();
    assertThat(state(new int[] {3, 2}, 2).goesOnAs(before)).isFalse();
    assertThat(state(new int[] {3}, 2).goesOnAs(before)).isFalse();
  }

  private static Instances.State state(int[] chain, int taken) {
    return new Instances.State(new int[][] {chain}, new int[] {taken});
  }

  private static List<Integer> numbers(List<int[]> pieces) {
    return pieces.stream().flatMapToInt(Arrays::stream).boxed().toList();
  }

  @Test
  void steps_that_are_foreseen_beside_other_replays_hold_what_replays_in_full_do() {
    for (int seed = 0; seed < 40; seed++) {
      AllocationTrace trace = trace(new Random(seed));
      for (AllocatorSettings settings : SETTINGS) {
        AllocatorReplay alone = new AllocatorReplay(trace, settings, GROWING);
        long held = alone.heldBytes(Long.MAX_VALUE).orElseThrow();
        for (long limit : new long[] {held, held / 100 * 80, Long.MAX_VALUE}) {
          AllocatorReplay replay = new AllocatorReplay(trace, settings, GROWING);
          CompletableFuture<Void> foreseen =
              CompletableFuture.runAsync(() -> replay.foresee(limit));

          assertThat(replay.reservedBytes()).isEqualTo(alone.reservedBytes());
          assertThat(replay.heldBytes(limit)).isEqualTo(replay.heldInFull(limit));
          foreseen.join();
        }
      }
    }
  }

  /** Nobody knows how far it is then, so it is interrupted sooner and later. */
  @Test
  void a_replay_that_was_interrupted_is_begun_anew_when_it_is_asked_for_again() throws Exception {
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    writer.phase(Phase.FORWARD_LAYERS);
    writer.repeat(20_000, () -> writer.allocate(block("kept", 1 << 20, Stream.COMPUTE)));
    writer.phase(Phase.STEP);
    AllocationTrace trace = writer.finish();
    long held = replay(trace).reservedBytes();
    for (int micros = 0; micros < 4000; micros += 50) {
      AllocatorReplay replay = replay(trace);
      Thread thread = new Thread(replay::reservedBytes);
      thread.setUncaughtExceptionHandler((ended, why) -> {});
      thread.start();
      TimeUnit.MICROSECONDS.sleep(micros);
      thread.interrupt();
      thread.join();

      assertThat(replay.reservedBytes()).as("after %d µs", micros).isEqualTo(held);
    }
  }

  private static AllocatorReplay replay(AllocationTrace trace) {
    return new AllocatorReplay(trace, AllocatorSettings.DEFAULT);
  }

  /** Weights, then a step in which blocks come and go, and some are left. */
  private static AllocationTrace trace(Random random) {
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    writer.phase(Phase.LOAD);
    for (int i = 0; i < 4; i++) {
      writer.allocate(block("weights", 1 << random.nextInt(26), Stream.COMPUTE));
    }
    writer.phase(Phase.FORWARD_LAYERS);
    List<Block> living = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      if (random.nextInt(8) == 0) {
        Block mark = block("mark", 0, MARKS[random.nextInt(MARKS.length)]);
        writer.allocate(mark);
        writer.free(mark);
      } else if (living.isEmpty() || random.nextInt(5) < 3) {
        int bytes = 1 + random.nextInt(1 << random.nextInt(27));
        Block block = block("tensor " + i % 20, bytes, STREAMS[random.nextInt(STREAMS.length)]);
        writer.allocate(block);
        living.add(block);
      } else {
        writer.free(living.remove(random.nextInt(living.size())));
      }
    }
    living.stream().skip(2).forEach(writer::free);
    writer.phase(Phase.STEP);
    return writer.finish();
  }

  private static Block block(String name, int bytes, Stream stream) {
    return StreamBlocks.block(name, Category.ACTIVATIONS, bytes, stream);
  }
}
