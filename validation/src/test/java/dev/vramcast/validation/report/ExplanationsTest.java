package dev.vramcast.validation.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationsTest {

  private final Explanations explanations =
      new Explanations(Map.of("swift-*", "all", "swift-07*", "some", "swift-075", "one"));

  @Test
  void the_longest_match_counts() {
    assertThat(explanations.of("swift-001")).contains("all");
    assertThat(explanations.of("swift-078")).contains("some");
    assertThat(explanations.of("swift-075")).contains("one");
  }

  @Test
  void other_cases_have_none() {
    assertThat(explanations.of("qwen-001")).isEmpty();
    assertThat(explanations.of("swift")).isEmpty();
  }
}
