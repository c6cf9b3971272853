package dev.vramcast.core.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.AllocatorSettings;
import org.junit.jupiter.api.Test;

class StreamPoolsTest {

  private static final long MIB = 1L << 20;

  private final CachingAllocator allocator =
      new CachingAllocator(AllocatorSettings.DEFAULT, Long.MAX_VALUE);

  @Test
  void what_one_stream_freed_is_not_handed_out_on_another() {
    use(100 * MIB, Stream.COMPUTE);
    use(100 * MIB, Stream.REDUCE_SCATTER);
    assertThat(allocator.reserved()).isEqualTo(200 * MIB);

    use(100 * MIB, Stream.COMPUTE);
    use(100 * MIB, Stream.REDUCE_SCATTER);
    assertThat(allocator.reserved()).isEqualTo(200 * MIB);
  }

  @Test
  void small_tensors_of_a_side_stream_have_a_segment_of_their_own() {
    allocator.allocate(512, Stream.COMPUTE);
    allocator.allocate(512, Stream.REDUCE_SCATTER);

    assertThat(allocator.reserved()).isEqualTo(4 * MIB);
  }

  /** The third gather waits for the first to be over; two are kept that nobody reads. */
  @Test
  void fsdp1_reuses_a_gathered_parameter_when_two_are_waiting() {
    for (int unit = 0; unit < 10; unit++) {
      use(100 * MIB, Stream.UNSHARD);
    }

    assertThat(allocator.reserved()).isEqualTo(200 * MIB);
  }

  /** Stage 3 of ZeRO reduces the fourth time when the first is over. */
  @Test
  void what_zero_gathers_waits_for_the_oldest_of_three_reductions() {
    for (int module = 0; module < 10; module++) {
      use(100 * MIB, Stream.ALL_GATHER_READ_ASIDE);
      allocator.reduced();
    }

    assertThat(allocator.reserved()).isEqualTo(400 * MIB);
  }

  @Test
  void nothing_that_zero_gathers_in_a_forward_pass_is_handed_out_again() {
    for (int module = 0; module < 10; module++) {
      use(100 * MIB, Stream.ALL_GATHER_READ_ASIDE);
    }

    assertThat(allocator.reserved()).isEqualTo(1000 * MIB);
  }

  /** Two MiB are the compute stream's own. */
  @Test
  void a_thousand_launches_behind_a_module_what_it_gathered_is_free() {
    for (int module = 0; module < 10; module++) {
      use(100 * MIB, Stream.ALL_GATHER_READ_ASIDE);
      for (int launch = 0; launch < FreeEvents.LAUNCHES / 4; launch++) {
        use(512, Stream.COMPUTE);
      }
    }

    assertThat(allocator.reserved()).isEqualTo(402 * MIB);
  }

  @Test
  void a_gather_ahead_takes_a_third_place() {
    Chunk current = allocator.allocate(100 * MIB, Stream.UNSHARD);
    for (int unit = 0; unit < 10; unit++) {
      Chunk ahead = allocator.allocate(100 * MIB, Stream.UNSHARD);
      allocator.free(current, Stream.UNSHARD);
      current = ahead;
    }

    assertThat(allocator.reserved()).isEqualTo(300 * MIB);
  }

  /** A shard was read by the gather before the event of the parameter gathered from it. */
  @Test
  void cast_shards_come_back_with_the_parameter_that_was_gathered_from_them() {
    for (int unit = 0; unit < 10; unit++) {
      Chunk shard = allocator.allocate(50 * MIB, Stream.PRE_UNSHARD_READ_ASIDE);
      Chunk whole = allocator.allocate(100 * MIB, Stream.UNSHARD);
      allocator.free(shard, Stream.PRE_UNSHARD_READ_ASIDE);
      allocator.free(whole, Stream.UNSHARD);
    }

    assertThat(allocator.reserved()).isEqualTo((3 * 50 + 2 * 100) * MIB);
  }

  @Test
  void what_the_compute_stream_gave_up_waits_for_the_same_events() {
    use(100 * MIB, Stream.COMPUTE_READ_ASIDE);
    use(100 * MIB, Stream.COMPUTE);
    assertThat(allocator.reserved()).isEqualTo(200 * MIB);

    for (int unit = 0; unit < 3; unit++) {
      use(2 * MIB, Stream.UNSHARD);
    }
    use(100 * MIB, Stream.COMPUTE_READ_ASIDE);
    use(100 * MIB, Stream.COMPUTE);
    assertThat(allocator.reserved()).isEqualTo(220 * MIB);
  }

  @Test
  void out_of_memory_it_waits_for_all_streams() {
    CachingAllocator small = new CachingAllocator(AllocatorSettings.DEFAULT, 150 * MIB);
    small.free(small.allocate(100 * MIB, Stream.UNSHARD), Stream.UNSHARD);

    assertThat(small.allocate(100 * MIB, Stream.UNSHARD)).isNotNull();
    assertThat(small.reserved()).isEqualTo(100 * MIB);
  }

  private void use(long bytes, Stream stream) {
    allocator.free(allocator.allocate(bytes, stream), stream);
  }
}
