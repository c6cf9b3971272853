package dev.vramcast.answers.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {

  @Test
  void maps_and_lists_are_indented_in_their_order() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("b", List.of(1, Map.of("x", true)));
    map.put("a", null);
    map.put("none", List.of());
    map.put("nothing", Map.of());

    assertThat(JsonText.of(map))
        .isEqualTo(
            """
            {
              "b": [
                1,
                {
                  "x": true
                }
              ],
              "a": null,
              "none": [],
              "nothing": {}
            }
            """);
  }

  @Test
  void numbers_are_whole_where_they_are_and_decimals_have_no_exponent() {
    assertThat(
            JsonText.of(
                Arrays.asList(
                    9_007_199_254_740_993L, 1.5, new BigDecimal("1E+3"), new BigDecimal("0.0400"))))
        .isEqualTo("[\n  9007199254740993,\n  1.5,\n  1000,\n  0.0400\n]\n");
  }

  @Test
  void whole_numbers_of_a_list_stand_in_one_line() {
    Map<String, Object> map = Map.of("timeline", List.of(1, 2L, 3));

    assertThat(JsonText.of(map)).isEqualTo("{\n  \"timeline\": [1, 2, 3]\n}\n");
    assertThat(JsonText.of(List.of(List.of(1, 2), List.of(3, 4))))
        .isEqualTo("[\n  [1, 2],\n  [3, 4]\n]\n");
    assertThat(JsonText.line(map)).isEqualTo("{\"timeline\":[1,2,3]}");
  }

  @Test
  void a_number_that_would_have_very_many_digits_keeps_its_exponent() {
    assertThat(
            JsonText.line(
                List.of(
                    new BigDecimal("1E+999999999"),
                    new BigDecimal("-2.5E-999999999"),
                    new BigDecimal("1E+300"))))
        .isEqualTo("[1E+999999999,-2.5E-999999999,1" + "0".repeat(300) + "]");
  }

  @Test
  void texts_are_escaped() {
    assertThat(JsonText.of("a \"b\"\n\\ \u0001 é")).isEqualTo("\"a \\\"b\\\"\\n\\\\ \\u0001 é\"\n");
  }
}
