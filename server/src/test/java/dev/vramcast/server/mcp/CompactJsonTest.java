package dev.vramcast.server.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactJsonTest {

  @Test
  void what_is_short_and_explains_nothing_stays_as_it_is() {
    Map<String, Object> whole = Map.of("kind", "fit", "job", Map.of("lora", Map.of("rank", 8)));

    assertThat(CompactJson.of(whole)).isEqualTo(whole);
  }

  @Test
  void of_a_long_list_the_first_stay_and_the_others_are_counted() {
    Map<String, Object> whole = Map.of("a", Map.of("b", IntStream.range(0, 25).boxed().toList()));

    Map<String, Object> compact = CompactJson.of(whole);

    assertThat(compact)
        .containsEntry("a", Map.of("b", List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)))
        .containsEntry("left_out_items", Map.of("a.b", 15));
  }

  @Test
  void sources_are_left_out_everywhere_and_ages_where_they_are_not_of_the_whole() {
    Map<String, Object> whole =
        Map.of(
            "source",
            "x",
            "age_days_least",
            3,
            "offers",
            List.of(Map.of("age_days_least", 4, "gpu", "L4", "source", "y")));

    assertThat(CompactJson.of(whole))
        .isEqualTo(Map.of("age_days_least", 3, "offers", List.of(Map.of("gpu", "L4"))));
  }
}
