package dev.vramcast.core.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.vramcast.core.job.AllocatorSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrowingSegmentTest {

  private static final long MIB = 1L << 20;

  private static final AllocatorSettings GROWING =
      new AllocatorSettings(true, OptionalLong.empty());

  private CachingAllocator allocator = new CachingAllocator(GROWING, Long.MAX_VALUE);

  @ParameterizedTest
  @CsvSource({
    "1, 2",
    "1048576, 2",
    "1048577, 20",
    "20971520, 20",
    "20971521, 40",
    "104857601, 120",
  })
  void memory_is_mapped_in_pages_of_2_and_20_mib(long bytes, long mebibytes) {
    allocate(bytes);

    assertThat(allocator.reserved()).isEqualTo(mebibytes * MIB);
  }

  @Test
  void a_larger_tensor_takes_the_place_of_a_smaller_one_that_is_free() {
    free(allocate(60 * MIB));
    allocate(80 * MIB);

    assertThat(allocator.reserved()).isEqualTo(80 * MIB);
  }

  /** Without growing segments the 70 MiB need a second segment, and the 60 MiB stay behind. */
  @Test
  void growing_batches_leave_no_pieces() {
    for (long bytes = 60; bytes <= 100; bytes += 10) {
      free(allocate(bytes * MIB));
    }

    assertThat(allocator.reserved()).isEqualTo(100 * MIB);
  }

  /** get_free_block refuses a free block from max_split_size on, growing or not. */
  @Test
  void a_small_tensor_does_not_take_the_place_of_an_oversized_one() {
    allocator =
        new CachingAllocator(
            new AllocatorSettings(true, OptionalLong.of(64 * MIB)), Long.MAX_VALUE);
    Chunk oversized = allocate(100 * MIB);
    allocate(20 * MIB);
    free(oversized);
    allocate(20 * MIB);

    assertThat(allocator.reserved()).isEqualTo(140 * MIB);
  }

  /** map_block gives one gap after the other, and none of them back when the last is refused. */
  @Test
  void gaps_that_were_mapped_before_a_refusal_stay_so() {
    allocator = new CachingAllocator(GROWING, 100 * MIB);
    Chunk first = allocate(20 * MIB);
    Chunk second = allocate(20 * MIB);
    Chunk third = allocate(20 * MIB);
    free(first);
    free(third);
    assertThat(allocator.allocate(80 * MIB, Stream.COMPUTE)).isNotNull();
    free(second);
    assertThat(allocator.allocate(40 * MIB, Stream.COMPUTE)).isNull();
    assertThat(allocator.mostReserved()).isEqualTo(100 * MIB);
  }

  @Test
  void a_rest_of_any_size_is_used() {
    allocate(19 * MIB + 512);
    allocate(MIB + 512);
    assertThat(allocator.reserved()).isEqualTo(40 * MIB);

    free(allocate(19 * MIB - 1024));
    assertThat(allocator.reserved()).isEqualTo(40 * MIB);
  }

  /** A hole is as large as the end, but the end could grow. */
  @Test
  void the_growing_end_is_used_last() {
    Chunk hole = allocate(20 * MIB);
    allocate(20 * MIB);
    Chunk end = allocate(15 * MIB);
    free(hole);
    free(end);

    assertThat(allocate(15 * MIB).address).isZero();
  }

  @Test
  void pages_in_the_middle_are_given_back_before_memory_runs_out() {
    allocator = new CachingAllocator(GROWING, 100 * MIB);
    allocate(10 * MIB);
    Chunk middle = allocate(60 * MIB);
    Chunk last = allocate(10 * MIB);
    free(middle);

    // Pages 1 and 2 of 0 to 3 lie within the free part.
    assertThat(allocate(70 * MIB)).isNull();
    assertThat(allocator.reserved()).isEqualTo(40 * MIB);
    free(last);
    assertThat(allocate(70 * MIB).address).isEqualTo(10 * MIB);
  }

  @Test
  void each_stream_grows_a_segment_of_its_own() {
    allocate(30 * MIB);
    allocator.allocate(30 * MIB, Stream.REDUCE_SCATTER);

    assertThat(allocator.reserved()).isEqualTo(80 * MIB);
  }

  @Test
  void living_parts_never_overlap_and_lie_in_what_is_reserved() {
    qt().withExamples(50)
        .forAll(longs().all())
        .checkAssert(
            seed -> {
              Random random = new Random(seed);
              CachingAllocator limited = new CachingAllocator(GROWING, 400 * MIB);
              List<Chunk> living = new ArrayList<>();
              for (int i = 0; i < 200; i++) {
                if (living.isEmpty() || random.nextInt(5) < 3) {
                  Chunk chunk = limited.allocate(1 + random.nextInt(1 << 26), Stream.COMPUTE);
                  if (chunk != null) {
                    living.add(chunk);
                  }
                } else {
                  limited.free(living.remove(random.nextInt(living.size())), Stream.COMPUTE);
                }
                checkApart(living);
                assertThat(limited.reserved())
                    .isBetween(living.stream().mapToLong(c -> c.bytes).sum(), 400 * MIB);
              }
            });
  }

  private static void checkApart(List<Chunk> living) {
    List<Chunk> large = living.stream().filter(c -> !c.pool.small).toList();
    for (Chunk a : large) {
      for (Chunk b : large) {
        boolean apart = a.address + a.bytes <= b.address || b.address + b.bytes <= a.address;
        assertThat(a == b || apart).isTrue();
      }
    }
  }

  private Chunk allocate(long bytes) {
    return allocator.allocate(bytes, Stream.COMPUTE);
  }

  private void free(Chunk chunk) {
    allocator.free(chunk, Stream.COMPUTE);
  }
}
