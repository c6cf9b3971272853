package dev.vramcast.core.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.replay.AllocatorReplay;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Laws of the replay over traces up to the random choices. */
@Tag("slow")
class RandomTracesTest {

  private static final List<AllocatorSettings> SETTINGS =
      List.of(
          AllocatorSettings.DEFAULT,
          new AllocatorSettings(true, OptionalLong.empty()),
          new AllocatorSettings(false, OptionalLong.of(64L << 20)),
          new AllocatorSettings(true, OptionalLong.of(64L << 20)));

  @Test
  void what_is_reserved_holds_what_is_needed_and_that_what_is_allocated() {
    forAll(
        (trace, settings) -> {
          long allocated = TraceReading.of(trace).peakBytes();
          long reserved = new AllocatorReplay(trace, settings).reservedBytes();
          long needed = new AllocatorReplay(trace, settings).neededBytes(allocated, reserved);

          assertThat(needed).isBetween(allocated, reserved);
        });
  }

  @Test
  void the_step_runs_in_what_it_needs_and_not_in_less_than_it_allocates() {
    forAll(
        (trace, settings) -> {
          long allocated = TraceReading.of(trace).peakBytes();
          long reserved = new AllocatorReplay(trace, settings).reservedBytes();
          long needed = new AllocatorReplay(trace, settings).neededBytes(allocated, reserved);

          assertThat(new AllocatorReplay(trace, settings).runs(needed)).isTrue();
          assertThat(new AllocatorReplay(trace, settings).runs(reserved)).isTrue();
          assertThat(new AllocatorReplay(trace, settings).runs(allocated - 512)).isFalse();
        });
  }

  @Test
  void limits_that_are_not_replayed_are_decided_as_a_replay_would() {
    forAll(
        (trace, settings) -> {
          long allocated = TraceReading.of(trace).peakBytes();
          long reserved = new AllocatorReplay(trace, settings).reservedBytes();

          assertThat(new AllocatorReplay(trace, settings).neededBytes(allocated, reserved))
              .isEqualTo(new AllocatorReplay(trace, settings).neededInFull(allocated, reserved));
        });
  }

  @Test
  void a_search_is_given_up_only_where_more_is_needed_than_matters() {
    forAll(
        (trace, settings) -> {
          long allocated = TraceReading.of(trace).peakBytes();
          long reserved = new AllocatorReplay(trace, settings).reservedBytes();
          long needed = new AllocatorReplay(trace, settings).neededBytes(allocated, reserved);

          for (long most : List.of(allocated, (allocated + needed) / 2, needed - 1)) {
            OptionalLong found =
                new AllocatorReplay(trace, settings)
                    .neededBytes(allocated, reserved, bytes -> bytes <= most);
            assertThat(found.orElse(needed)).isEqualTo(needed);
            assertThat(found.isPresent() || most < needed).isTrue();
            assertThat(new AllocatorReplay(trace, settings).needsNoMore(allocated, reserved, most))
                .isEqualTo(needed <= most);
          }
          assertThat(
                  new AllocatorReplay(trace, settings)
                      .neededBytes(allocated, reserved, bytes -> bytes <= needed))
              .hasValue(needed);
        });
  }

  @Test
  void a_replay_that_begins_where_others_went_the_same_way_ends_as_one_in_full() {
    forAll(
        (trace, settings) -> {
          long allocated = TraceReading.of(trace).peakBytes();
          AllocatorReplay shared = new AllocatorReplay(trace, settings);
          long reserved = shared.reservedBytes();

          assertThat(shared.inFull(Long.MAX_VALUE)).hasValue(reserved);
          for (int i = 0; i <= 8; i++) {
            long limit = allocated + (reserved - allocated) * (i * 5 % 9) / 8;
            assertThat(shared.reservedBytes(limit)).isEqualTo(shared.inFull(limit));
          }
        });
  }

  private static void forAll(BiConsumer<AllocationTrace, AllocatorSettings> law) {
    qt().withExamples(200)
        .forAll(longs().all())
        .checkAssert(
            seed -> SETTINGS.forEach(settings -> law.accept(trace(new Random(seed)), settings)));
  }

  /** Weights, and a step in which blocks on three streams come and go, and some are left over. */
  private static AllocationTrace trace(Random random) {
    AllocationTrace.Writer writer = new AllocationTrace.Writer();
    writer.phase(Phase.LOAD);
    for (int i = 0; i < 5; i++) {
      writer.allocate(block("weights", Category.WEIGHTS, random, Stream.COMPUTE));
      writer.allocate(block("states", Category.OPTIMIZER, random, Stream.COMPUTE));
    }
    writer.phase(Phase.FORWARD_LAYERS);
    List<Block> living = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      if (living.isEmpty() || random.nextInt(5) < 3) {
        Stream[] streams = {
          Stream.COMPUTE,
          Stream.COMPUTE,
          Stream.COMPUTE_READ_ASIDE,
          Stream.REDUCE_SCATTER,
          Stream.PRE_UNSHARD_READ_ASIDE,
          Stream.UNSHARD
        };
        Block block =
            block(
                "tensor " + i,
                Category.ACTIVATIONS,
                random,
                streams[random.nextInt(streams.length)]);
        writer.allocate(block);
        living.add(block);
      } else {
        writer.free(living.remove(random.nextInt(living.size())));
      }
    }
    living.forEach(writer::free);
    writer.phase(Phase.STEP);
    return writer.finish();
  }

  private static Block block(String name, Category category, Random random, Stream stream) {
    return new Block(
        name,
        category,
        DataType.UINT8,
        1 + random.nextInt(1 << random.nextInt(28)),
        stream,
        MemorySpace.DEVICE,
        ModuleScope.MODEL,
        Operation.NONE);
  }
}
