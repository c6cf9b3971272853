package dev.vramcast.core.allocator.flat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.allocator.FreeEvents;
import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.job.AllocatorSettings;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Segments and splits as in c10/cuda/CUDACachingAllocator.cpp, by hand. */
class FlatAllocatorTest {

  private static final long MIB = 1L << 20;

  private final FlatAllocator allocator = withoutEnd(AllocatorSettings.DEFAULT);

  @ParameterizedTest
  @CsvSource({
    "512, 2097152",
    "1048576, 2097152",
    "1049088, 20971520",
    "10485248, 20971520",
    "10485760, 10485760",
    "10486272, 12582912",
  })
  void a_first_block_takes_a_segment_of_its_kind(long bytes, long reserved) {
    allocate(bytes);

    assertThat(allocator.mostReserved()).isEqualTo(reserved);
  }

  /** Cut off 64 MiB are 20, 20 and 20; the last four MiB are no room for five. */
  @Test
  void blocks_are_cut_off_what_is_free() {
    free(allocate(64 * MIB), 64 * MIB);
    for (int i = 0; i < 3; i++) {
      allocate(20 * MIB);
    }
    allocate(4 * MIB);
    assertThat(allocator.mostReserved()).isEqualTo(64 * MIB);

    allocate(5 * MIB);
    assertThat(allocator.mostReserved()).isEqualTo(84 * MIB);
  }

  @Test
  void a_large_rest_up_to_one_mebibyte_is_not_cut_off() {
    free(allocate(32 * MIB), 32 * MIB);
    allocate(31 * MIB);
    allocate(MIB + 512);

    assertThat(allocator.mostReserved()).isEqualTo(52 * MIB);
  }

  @Test
  void a_block_that_is_given_back_is_handed_out_again() {
    int block = allocate(100 * MIB);
    free(block, 100 * MIB);

    assertThat(allocator.hasRoom(100 * MIB, pool(100 * MIB))).isTrue();
    assertThat(allocator.hasRoom(102 * MIB, pool(102 * MIB))).isFalse();
    assertThat(allocate(100 * MIB)).isEqualTo(block);
    assertThat(allocator.mostReserved()).isEqualTo(100 * MIB);
  }

  /** Three blocks that stay lie in one segment of 20 MiB, behind which 8 are free. */
  @Test
  void blocks_that_are_never_given_back_take_what_others_would() {
    int number = pool(4 * MIB);
    for (int i = 0; i < 3; i++) {
      allocator.allocate(4 * MIB, number, true);
    }
    allocate(8 * MIB);
    assertThat(allocator.mostReserved()).isEqualTo(20 * MIB);

    allocate(2 * MIB);
    assertThat(allocator.mostReserved()).isEqualTo(40 * MIB);
  }

  @Test
  void what_a_card_lacks_is_wanted_when_all_that_is_kept_has_been_given_back() {
    FlatAllocator small = new FlatAllocator(AllocatorSettings.DEFAULT, 100 * MIB);
    int kept = small.allocate(40 * MIB, pool(40 * MIB), false);
    small.free(small.allocate(50 * MIB, pool(50 * MIB), false), pool(50 * MIB));

    assertThat(small.allocate(60 * MIB, pool(60 * MIB), false)).isNotEqualTo(kept);
    assertThat(small.wanted()).isEqualTo(150 * MIB);
    assertThat(small.mostReserved()).isEqualTo(100 * MIB);
    assertThat(small.allocate(2 * MIB, pool(2 * MIB), false))
        .isEqualTo(FlatAllocator.OUT_OF_MEMORY);
  }

  @Test
  void a_copy_goes_on_apart_under_its_own_limit() {
    int block = allocate(40 * MIB);
    FlatAllocator copy = allocator.copy(60 * MIB, null);
    free(block, 40 * MIB);

    assertThat(copy.allocate(40 * MIB, pool(40 * MIB), false))
        .isEqualTo(FlatAllocator.OUT_OF_MEMORY);
    allocate(40 * MIB);
    assertThat(allocator.mostReserved()).isEqualTo(40 * MIB);
  }

  @Test
  void a_copy_in_the_room_of_another_has_nothing_of_it() {
    FlatAllocator other = new FlatAllocator(AllocatorSettings.DEFAULT, 100 * MIB);
    other.free(other.allocate(80 * MIB, pool(80 * MIB), false), pool(80 * MIB));
    allocate(40 * MIB);
    FlatAllocator copy = allocator.copy(60 * MIB, other);

    assertThat(copy.mostReserved()).isEqualTo(40 * MIB);
    assertThat(copy.allocate(40 * MIB, pool(40 * MIB), false))
        .isEqualTo(FlatAllocator.OUT_OF_MEMORY);
  }

  @Test
  void streams_have_memory_of_their_own() {
    int number = FlatAllocator.pool(100 * MIB, Stream.REDUCE_SCATTER);
    allocator.free(allocator.allocate(100 * MIB, number, false), number);
    allocate(100 * MIB);

    assertThat(allocator.mostReserved()).isEqualTo(200 * MIB);
  }

  /** FSDP1 waits for the first of three that it gathered. */
  @Test
  void what_another_stream_reads_is_handed_out_when_two_are_waiting() {
    for (int unit = 0; unit < 5; unit++) {
      use(Stream.UNSHARD);
    }

    assertThat(allocator.mostReserved()).isEqualTo(200 * MIB);
  }

  /** Three blocks wait for reductions, of which the process lets two run. */
  @Test
  void what_zero_gathers_is_handed_out_behind_the_third_reduction() {
    for (int module = 0; module < 10; module++) {
      use(Stream.ALL_GATHER_READ_ASIDE);
      allocator.reduced();
    }

    assertThat(allocator.mostReserved()).isEqualTo(400 * MIB);
  }

  @Test
  void what_waits_is_handed_out_once_the_process_has_waited_for_all_streams() {
    use(Stream.ALL_GATHER_READ_ASIDE);
    use(Stream.ALL_GATHER_READ_ASIDE);
    allocator.waitForStreams();
    use(Stream.ALL_GATHER_READ_ASIDE);

    assertThat(allocator.mostReserved()).isEqualTo(200 * MIB);
  }

  @Test
  void what_waits_is_free_so_many_launches_later() {
    use(Stream.ALL_GATHER_READ_ASIDE);
    for (int launch = 0; launch < FreeEvents.LAUNCHES; launch++) {
      allocator.launched(pool(512));
    }
    use(Stream.ALL_GATHER_READ_ASIDE);

    assertThat(allocator.mostReserved()).isEqualTo(100 * MIB);
  }

  /** Pages of 20 MiB: 30 of 40 are used, so that 10 more need none and 12 one more. */
  @Test
  void a_growing_segment_takes_whole_pages_behind_what_it_has() {
    FlatAllocator growing = withoutEnd(new AllocatorSettings(true, OptionalLong.empty()));
    growing.allocate(30 * MIB, pool(30 * MIB), false);
    assertThat(growing.mostReserved()).isEqualTo(40 * MIB);

    int ten = growing.allocate(10 * MIB, pool(10 * MIB), false);
    assertThat(growing.mostReserved()).isEqualTo(40 * MIB);

    growing.free(ten, pool(10 * MIB));
    growing.allocate(12 * MIB, pool(12 * MIB), false);
    assertThat(growing.mostReserved()).isEqualTo(60 * MIB);
  }

  /** With {@code max_split_size_mb} 64 a block of 100 MiB is no room for one of 40. */
  @Test
  void a_block_that_is_too_large_to_be_split_stays_whole() {
    FlatAllocator whole = withoutEnd(new AllocatorSettings(false, OptionalLong.of(64 * MIB)));
    whole.free(whole.allocate(100 * MIB, pool(100 * MIB), false), pool(100 * MIB));
    whole.allocate(40 * MIB, pool(40 * MIB), false);
    assertThat(whole.mostReserved()).isEqualTo(140 * MIB);

    whole.allocate(90 * MIB, pool(90 * MIB), false);
    assertThat(whole.mostReserved()).isEqualTo(140 * MIB);
  }

  /** Two blocks, of which the first is given back, a third in its place, and one that passes. */
  @Test
  void operations_are_played_as_calls_would_do_them() {
    int number = pool(20 * MIB);
    long[] sizes = {30 * MIB, 20 * MIB};
    int[] operations = {0, 0, 1, 1, ~0, 0, 2, 1, FlatAllocator.AT_ONCE, 1};
    assertThat(allocator.plays(number)).isTrue();

    int[] living = allocator.play(number, operations, 0, operations.length, sizes, new int[0]);

    FlatAllocator called = withoutEnd(AllocatorSettings.DEFAULT);
    int first = called.allocate(30 * MIB, number, false);
    int second = called.allocate(20 * MIB, number, false);
    called.free(first, number);
    int third = called.allocate(20 * MIB, number, false);
    called.free(called.allocate(20 * MIB, number, false), number);
    assertThat(new int[] {living[1], living[2]}).containsExactly(second, third);
    assertThat(allocator.mostReserved()).isEqualTo(called.mostReserved()).isEqualTo(70 * MIB);
  }

  @Test
  void pools_that_wait_or_end_are_not_played() {
    assertThat(allocator.plays(FlatAllocator.pool(MIB, Stream.UNSHARD))).isFalse();
    assertThat(allocator.copy(100 * MIB, null).plays(pool(MIB))).isFalse();
  }

  private void use(Stream stream) {
    int number = FlatAllocator.pool(100 * MIB, stream);
    allocator.free(allocator.allocate(100 * MIB, number, false), number);
  }

  private static FlatAllocator withoutEnd(AllocatorSettings settings) {
    return new FlatAllocator(settings, Long.MAX_VALUE);
  }

  private static int pool(long bytes) {
    return FlatAllocator.pool(bytes, Stream.COMPUTE);
  }

  private int allocate(long bytes) {
    return allocator.allocate(bytes, pool(bytes), false);
  }

  private void free(int block, long bytes) {
    allocator.free(block, pool(bytes));
  }
}
