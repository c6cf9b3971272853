package dev.vramcast.core.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.AllocatorSettings;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** {@code max_split_size_mb} of 64: CUDACachingAllocator.cpp, get_free_block and should_split. */
class MaxSplitTest {

  private static final long MIB = 1L << 20;

  private CachingAllocator allocator = limitedTo(Long.MAX_VALUE);

  private static CachingAllocator limitedTo(long bytes) {
    return new CachingAllocator(new AllocatorSettings(false, OptionalLong.of(64 * MIB)), bytes);
  }

  private Chunk allocate(long mebibytes) {
    return allocator.allocate(mebibytes * MIB, Stream.COMPUTE);
  }

  private void cache(long mebibytes) {
    allocator.free(allocate(mebibytes), Stream.COMPUTE);
  }

  private long reserved() {
    return allocator.reserved() / MIB;
  }

  @Test
  void a_block_from_the_limit_on_is_not_split() {
    cache(100);
    allocate(90);
    assertThat(reserved()).isEqualTo(100);

    // What is left of it is lost.
    allocate(5);
    assertThat(reserved()).isEqualTo(120);
  }

  @Test
  void a_small_request_gets_no_large_block() {
    cache(100);
    allocate(30);

    assertThat(reserved()).isEqualTo(130);
  }

  @Test
  void smaller_blocks_are_split_as_ever() {
    cache(60);
    allocate(30);
    allocate(30);

    assertThat(reserved()).isEqualTo(60);
  }

  @Test
  void no_request_wastes_20_mebibytes_of_a_large_block() {
    cache(100);
    allocate(81);
    assertThat(reserved()).isEqualTo(100);

    cache(200);
    allocate(180);
    assertThat(reserved()).isEqualTo(480);
  }

  @Test
  void out_of_memory_a_large_block_makes_way_and_smaller_ones_stay() {
    allocator = limitedTo(150 * MIB);
    cache(30);
    cache(100);
    allocate(80);

    assertThat(reserved()).isEqualTo(110);
  }

  @Test
  void out_of_memory_the_largest_blocks_make_way_until_there_is_room() {
    allocator = limitedTo(150 * MIB);
    Chunk first = allocate(70);
    Chunk second = allocate(72);
    allocator.free(first, Stream.COMPUTE);
    allocator.free(second, Stream.COMPUTE);

    assertThat(allocate(120)).isNotNull();
    assertThat(reserved()).isEqualTo(120);
  }

  @Test
  void what_cannot_fit_is_refused_with_the_limit_that_would_do() {
    allocator = limitedTo(150 * MIB);
    allocate(100);

    assertThat(allocate(80)).isNull();
    assertThat(allocator.wanted()).isEqualTo(180 * MIB);
  }
}
