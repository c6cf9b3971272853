package dev.vramcast.core.architecture.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.vision.ImageGrid.Parts;
import dev.vramcast.core.architecture.vision.SoundGrid.Way;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens are those of the processors' own functions, called with as many frames. */
class SoundGridTest {

  private static Parts parts(Way way, double seconds) {
    return new SoundGrid(way, 1500).of(1, Optional.of(SoundGrid.size(seconds))).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"30, 750", "12.5, 312", "1, 25", "0.99, 25", "0.1, 2"})
  void a_token_stands_for_two_states_of_one_segment(double seconds, int tokens) {
    assertThat(parts(Way.ONE_SEGMENT, seconds).tokens()).isEqualTo(tokens);
    assertThat(parts(Way.HALVED, seconds).tokens()).isEqualTo(tokens);
    assertThat(parts(Way.ONE_SEGMENT, seconds).patches()).isEqualTo(1500);
  }

  @ParameterizedTest
  @CsvSource({"30, 1, 375", "30.5, 2, 750", "45, 2, 750", "600, 20, 7500"})
  void segments_are_filled_up(double seconds, int segments, int tokens) {
    assertThat(parts(Way.SEGMENTS, seconds).tiles()).isEqualTo(segments);
    assertThat(parts(Way.SEGMENTS, seconds).tokens()).isEqualTo(tokens);
  }

  @ParameterizedTest
  @CsvSource({"32, 416", "20.5, 267", "1, 13", "0.5, 7", "0.03, 1"})
  void thirteen_tokens_stand_for_a_second_of_planes(double seconds, int tokens) {
    assertThat(parts(Way.PLANES, seconds).tokens()).isEqualTo(tokens);
    assertThat(parts(Way.PLANES, seconds).patches()).isEqualTo(tokens);
  }

  @Test
  void silence_behind_a_recording_is_no_part_of_it() {
    assertThat(parts(Way.ONE_SEGMENT, 30).padding()).isZero();
    assertThat(parts(Way.ONE_SEGMENT, 12.5).padding()).isEqualTo(1500 - 625);
  }

  @Test
  void nobody_says_how_long_a_recording_is_that_has_no_size() {
    assertThat(new SoundGrid(Way.HALVED, 0).of(1, Optional.empty())).isEmpty();
  }
}
