package dev.vramcast.core.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityTest {

  @Test
  void ten_is_later_than_nine() {
    List<Capability> sorted =
        Stream.of("10.3", "9.0", "12.0", "8.9", "10.0")
            .map(text -> Capability.parse(text).orElseThrow())
            .sorted()
            .toList();

    assertThat(sorted)
        .extracting(Capability::label)
        .containsExactly("8.9", "9.0", "10.0", "10.3", "12.0");
  }

  @Test
  void a_capability_is_at_least_itself_and_what_came_before() {
    Capability blackwell = new Capability(10, 0);

    assertThat(blackwell.isAtLeast(9, 0)).isTrue();
    assertThat(blackwell.isAtLeast(10, 0)).isTrue();
    assertThat(blackwell.isAtLeast(10, 3)).isFalse();
    assertThat(new Capability(8, 9).isAtLeast(9, 0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"9.0", "12.1", "gfx90a", "gfx942", "n/a"})
  void targets_are_written_as_they_are_read(String text) {
    assertThat(Target.parse(text).map(Target::label)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "9", "9.", "sm_90", "9.0a", "100.0", "gfx", "gfx94_", "Hopper"})
  void other_texts_are_no_target(String text) {
    assertThat(Target.parse(text)).isEmpty();
  }
}
