package dev.vramcast.core.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.trace.replay.VaryingLengths;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class VaryingLengthsTest {

  private static final String LORA =
      "--model-dtype bf16 --method lora --precision bf16 --sequence-length 2048";

  private static RankEstimate padded(String padding, String more) {
    String flags = LORA + " --padding " + padding + " " + more;
    return Estimates.of(Estimates.llama(false), flags.strip());
  }

  @Test
  void batches_that_grow_leave_pieces_that_no_longer_ones_fit() {
    RankEstimate steady = padded("packed", "");
    RankEstimate varying = padded("longest", "");

    assertThat(varying.allocatedBytes()).isEqualTo(steady.allocatedBytes());
    assertThat(varying.reservedBytes())
        .isGreaterThan(steady.reservedBytes() + (steady.allocatedBytes() >> 2));
  }

  @Test
  void pieces_are_given_back_before_memory_runs_out() {
    RankEstimate steady = padded("packed", "");
    RankEstimate varying = padded("longest", "");

    assertThat(varying.neededBytes(varying.reservedBytes()))
        .isEqualTo(steady.neededBytes(steady.reservedBytes()));
  }

  @Test
  void what_is_needed_follows_from_what_is_reserved_on_cards_of_any_size() {
    RankEstimate varying = padded("longest", "");
    long reserved = varying.reservedBytes();

    for (int tenth = 3; tenth <= 12; tenth++) {
      long card = reserved / 10 * tenth;
      RankEstimate there = varying.on(new RankEstimate.Outside(0, 0, OptionalLong.of(card)));
      assertThat(there.neededDeviceBytes()).isEqualTo(there.neededBytes(there.reservedBytes()));
    }
  }

  @Test
  void a_cache_that_is_emptied_keeps_none_of_them() {
    assertThat(padded("longest", "--empty-cache-steps 10").reservedBytes())
        .isEqualTo(padded("packed", "").reservedBytes());
  }

  @Test
  void growing_segments_take_longer_batches_where_the_shorter_ones_were() {
    long steady = padded("packed", "--expandable-segments true").reservedBytes();

    assertThat(padded("longest", "--expandable-segments true").reservedBytes())
        .isBetween(steady, steady + steady / 10);
  }

  @Test
  void each_record_is_one_mean_length_longer() {
    List<Double> single = new VaryingLengths(1, 2048).lengths();
    List<Double> four = new VaryingLengths(4, 2048).lengths();

    assertThat(single.get(0)).isCloseTo(1 / 7.0, within(1e-12));
    assertThat(single.get(1) - single.get(0)).isCloseTo(1 / 7.0, within(1e-12));
    assertThat(four.get(0)).isCloseTo(25 / 12.0 / (25 / 12.0 + 6), within(1e-12));
  }
}
