package dev.vramcast.core.trace.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.allocator.Chunk;
import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryLimitTest {

  private static final long MIB = 1L << 20;

  private static final AllocatorSettings UNSPLIT_FROM_50_MIB =
      new AllocatorSettings(false, OptionalLong.of(50 * MIB));

  private CachingAllocator allocator = new CachingAllocator(AllocatorSettings.DEFAULT, 100 * MIB);

  @Test
  void free_segments_are_given_back_before_memory_runs_out() {
    free(allocate(60 * MIB));

    assertThat(allocate(80 * MIB)).isNotNull();
    assertThat(allocator.reserved()).isEqualTo(80 * MIB);
  }

  @Test
  void a_segment_in_use_is_not_given_back() {
    free(allocate(60 * MIB));
    Chunk half = allocate(30 * MIB);

    assertThat(allocate(50 * MIB)).isNull();
    free(half);
    assertThat(allocate(100 * MIB)).isNotNull();
  }

  @Test
  void what_was_given_back_is_gone_for_good() {
    free(allocate(60 * MIB));
    free(allocate(80 * MIB));

    assertThat(allocate(60 * MIB)).isNotNull();
    assertThat(allocator.reserved()).isEqualTo(80 * MIB);
  }

  @Test
  void segments_of_other_streams_are_given_back_too() {
    allocator.free(allocator.allocate(60 * MIB, Stream.POST_BACKWARD), Stream.POST_BACKWARD);
    free(allocate(1));

    assertThat(allocate(100 * MIB)).isNotNull();
    assertThat(allocator.reserved()).isEqualTo(100 * MIB);
  }

  @Test
  void a_segment_that_is_rounded_up_beyond_the_limit_is_not_to_be_had() {
    allocator = new CachingAllocator(AllocatorSettings.DEFAULT, 19 * MIB);

    assertThat(allocate(5 * MIB)).isNull();
    assertThat(allocate(18 * MIB)).isNotNull();
  }

  @Test
  void blocks_from_the_size_limit_on_are_not_split() {
    allocator = new CachingAllocator(UNSPLIT_FROM_50_MIB, 1000 * MIB);
    free(allocate(60 * MIB));

    allocate(20 * MIB);
    assertThat(allocator.reserved()).isEqualTo(80 * MIB);
    allocate(54 * MIB);
    assertThat(allocator.reserved()).isEqualTo(80 * MIB);
    allocate(1 * MIB + 1);
    assertThat(allocator.reserved()).isEqualTo(100 * MIB);
  }

  @Test
  void a_block_that_is_not_split_serves_what_is_less_than_20_mib_smaller() {
    allocator = new CachingAllocator(UNSPLIT_FROM_50_MIB, 1000 * MIB);
    free(allocate(80 * MIB));

    allocate(60 * MIB);
    assertThat(allocator.reserved()).isEqualTo(140 * MIB);
    allocate(62 * MIB);
    assertThat(allocator.reserved()).isEqualTo(140 * MIB);
  }

  @Test
  void blocks_that_are_not_split_make_way_first() {
    allocator = new CachingAllocator(UNSPLIT_FROM_50_MIB, 150 * MIB);
    free(allocate(20 * MIB));
    free(allocate(110 * MIB));

    assertThat(allocate(60 * MIB)).isNotNull();
    assertThat(allocator.reserved()).isEqualTo(80 * MIB);
  }

  private Chunk allocate(long bytes) {
    return allocator.allocate(bytes, Stream.COMPUTE);
  }

  private void free(Chunk chunk) {
    allocator.free(chunk, Stream.COMPUTE);
  }
}
