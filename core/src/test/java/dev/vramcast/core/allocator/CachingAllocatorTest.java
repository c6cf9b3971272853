package dev.vramcast.core.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.vramcast.core.job.AllocatorSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CachingAllocatorTest {

  private static final long MIB = 1L << 20;

  private final CachingAllocator allocator =
      new CachingAllocator(AllocatorSettings.DEFAULT, Long.MAX_VALUE);

  @ParameterizedTest
  @CsvSource({
    "1, 2097152",
    "1048576, 2097152",
    "1048577, 20971520",
    "10485248, 20971520",
    "10485249, 10485760",
    "10485760, 10485760",
    "10485761, 12582912",
    "104857601, 106954752",
  })
  void a_first_allocation_takes_a_segment_of_its_kind(long bytes, long reserved) {
    allocate(bytes);

    assertThat(allocator.reserved()).isEqualTo(reserved);
  }

  @Test
  void small_allocations_share_a_segment_until_it_is_full() {
    for (int i = 0; i < 4096; i++) {
      allocate(1);
    }
    assertThat(allocator.reserved()).isEqualTo(2 * MIB);

    allocate(1);
    assertThat(allocator.reserved()).isEqualTo(4 * MIB);
  }

  @Test
  void small_and_large_pools_do_not_help_each_other() {
    free(allocate(4 * MIB));
    allocate(MIB);
    assertThat(allocator.reserved()).isEqualTo(22 * MIB);

    allocate(MIB + 1);
    assertThat(allocator.reserved()).isEqualTo(22 * MIB);
  }

  @Test
  void a_large_rest_up_to_one_mebibyte_is_not_split_off() {
    free(allocate(32 * MIB));
    allocate(31 * MIB);
    allocate(2 * MIB);
    assertThat(allocator.reserved()).isEqualTo(52 * MIB);
  }

  @Test
  void a_larger_rest_is_used() {
    free(allocate(32 * MIB));
    allocate(29 * MIB);
    allocate(3 * MIB);
    assertThat(allocator.reserved()).isEqualTo(32 * MIB);
  }

  @Test
  void the_smallest_free_part_that_is_large_enough_is_taken() {
    Chunk large = allocate(64 * MIB);
    Chunk middle = allocate(48 * MIB);
    Chunk small = allocate(32 * MIB);
    free(large);
    free(middle);
    free(small);

    assertThat(allocate(40 * MIB)).isSameAs(middle);
    assertThat(allocate(32 * MIB)).isSameAs(small);
    assertThat(allocate(64 * MIB)).isSameAs(large);
    assertThat(allocator.reserved()).isEqualTo(144 * MIB);
  }

  @Test
  void free_neighbours_are_merged_on_both_sides() {
    free(allocate(60 * MIB));
    Chunk first = allocate(20 * MIB);
    Chunk second = allocate(20 * MIB);
    Chunk third = allocate(20 * MIB);
    free(first);
    free(third);
    free(second);

    assertThat(allocate(60 * MIB)).isSameAs(first);
    assertThat(allocator.reserved()).isEqualTo(60 * MIB);
  }

  @Test
  void a_hole_that_is_too_small_leads_to_a_new_segment() {
    free(allocate(60 * MIB));
    Chunk first = allocate(20 * MIB);
    allocate(20 * MIB);
    allocate(20 * MIB);
    free(first);
    allocate(22 * MIB);

    assertThat(allocator.reserved()).isEqualTo(82 * MIB);
  }

  @Test
  void reserved_is_never_below_what_is_allocated_and_never_shrinks() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              Sequence sequence = new Sequence(seed);
              long reserved = 0;
              for (int i = 0; i < 300; i++) {
                sequence.step();
                assertThat(sequence.allocator.reserved())
                    .isGreaterThanOrEqualTo(Math.max(reserved, sequence.allocated));
                reserved = sequence.allocator.reserved();
              }
            });
  }

  @Test
  void what_is_freed_is_merged_back_into_whole_segments() {
    qt().forAll(longs().all())
        .checkAssert(
            seed -> {
              Sequence sequence = new Sequence(seed);
              List<Long> segments = sequence.run(300);
              sequence.freeAll();
              long reserved = sequence.allocator.reserved();
              for (long segment : segments) {
                boolean small = segment == CachingAllocator.SMALL_SEGMENT;
                for (int i = small ? 2 : 1; i > 0; i--) {
                  sequence.allocator.allocate(small ? segment / 2 : segment, Stream.COMPUTE);
                }
              }

              assertThat(sequence.allocator.reserved()).isEqualTo(reserved);
            });
  }

  private Chunk allocate(long bytes) {
    return allocator.allocate(bytes, Stream.COMPUTE);
  }

  private void free(Chunk chunk) {
    allocator.free(chunk, Stream.COMPUTE);
  }

  /** Allocations and frees up to the random choices, from bytes to a gibibyte. */
  private static final class Sequence {

    private final Random random;
    private final CachingAllocator allocator =
        new CachingAllocator(AllocatorSettings.DEFAULT, Long.MAX_VALUE);
    private final List<Chunk> living = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private long allocated;

    Sequence(long seed) {
      random = new Random(seed);
    }

    /** The segments that were taken from the driver. */
    List<Long> run(int steps) {
      List<Long> segments = new ArrayList<>();
      for (int i = 0; i < steps; i++) {
        long before = allocator.reserved();
        step();
        if (allocator.reserved() > before) {
          segments.add(allocator.reserved() - before);
        }
      }
      return segments;
    }

    void step() {
      if (living.isEmpty() || random.nextInt(5) < 3) {
        long bytes = 1 + random.nextInt(1 << random.nextInt(31));
        living.add(allocator.allocate(bytes, Stream.COMPUTE));
        sizes.add(bytes);
        allocated += bytes;
      } else {
        free(random.nextInt(living.size()));
      }
    }

    void freeAll() {
      while (!living.isEmpty()) {
        free(living.size() - 1);
      }
      assertThat(allocated).isZero();
    }

    private void free(int index) {
      allocator.free(living.remove(index), Stream.COMPUTE);
      allocated -= sizes.remove(index);
    }
  }
}
