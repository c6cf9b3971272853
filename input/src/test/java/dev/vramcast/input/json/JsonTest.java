package dev.vramcast.input.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void reads_every_kind_of_value() {
    Map<String, Object> object =
        read("{\"a\": 1, \"b\": 1.5, \"c\": \"x\", \"d\": [true, null], \"e\": {\"f\": -2}}");
    assertThat(object)
        .containsEntry("a", 1L)
        .containsEntry("b", 1.5)
        .containsEntry("c", "x")
        .containsEntry("e", Map.of("f", -2L));
    assertThat((List<?>) object.get("d")).hasSize(2).containsNull();
  }

  @Test
  void reads_infinity_which_published_configs_contain() {
    assertThat(read("{\"time_step_limit\": [0.0, Infinity]}").get("time_step_limit"))
        .isEqualTo(List.of(0.0, Double.POSITIVE_INFINITY));
  }

  @Test
  void names_source_and_position_of_a_mistake() {
    assertThatThrownBy(() -> read("{\"a\": 1,\n \"a\": 2}"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json:2:")
        .hasMessageContaining("Duplicate")
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "1",
        "{",
        "{\"a\":",
        "{\"a\": [1, 2",
        "{\"a\": NaN}",
        "{\"a\": 1} {}",
        "{\"a\": 1}x",
        "{\"a\": 0x10}",
        "{\"a\": 9223372036854775808}",
        "{'a': 1}",
        "{\"a\": 1,}",
        "<html></html>",
        "{\"a\": 1, \"b\": {\"c\": 1, \"c\": 1}}",
      })
  void refuses_anything_but_one_clean_object(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("config.json");
  }

  @Test
  void a_truncated_file_is_one_clear_line() {
    assertThatThrownBy(() -> read("{\"a\": 1"))
        .hasMessageStartingWith("config.json:1:")
        .hasMessageEndingWith("expected close marker for Object");
  }

  @Test
  void refuses_another_encoding_than_utf_8() {
    byte[] text = "{\"a\": 1}".getBytes(StandardCharsets.UTF_16);
    assertThatThrownBy(() -> Json.object("config.json", text))
        .hasMessage("config.json: is not UTF-8 text; save it as UTF-8");
  }

  @Test
  void refuses_deep_nesting() {
    String text = "{\"a\":" + "[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH) + "}";
    assertThatThrownBy(() -> read(text)).isInstanceOf(InputException.class);
  }

  @Test
  void refuses_numbers_of_endless_digits() {
    assertThatThrownBy(() -> read("{\"a\": " + "9".repeat(5000) + "}"))
        .isInstanceOf(InputException.class);
  }

  private static Map<String, Object> read(String text) {
    return Json.object("config.json", text.getBytes(StandardCharsets.UTF_8));
  }
}
