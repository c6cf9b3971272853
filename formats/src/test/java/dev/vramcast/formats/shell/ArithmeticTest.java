package dev.vramcast.formats.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {

  private static Optional<String> value(String text) {
    Map<String, String> variables = Map.of("n", "8", "m", "many");
    return Arithmetic.value(text, name -> Optional.ofNullable(variables.get(name)))
        .map(String::valueOf);
  }

  @ParameterizedTest
  @CsvSource({
    "16 / 2 / 2, 4",
    "64 / $n / 2, 4",
    "64 / (n * 2), 4",
    "2 + 3 * 4 - 1, 13",
    "16 \\* ${n}, 128",
    "9 % 4, 1",
    "7 / 2, 3"
  })
  void whole_numbers_are_worked_out_from_the_left_with_products_first(String text, String value) {
    assertThat(value(text)).contains(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1 /", "1 / 0", "$m + 1", "$k", "1 2", "(1", "a b", "1 ? 2 : 3", "1.5"})
  void what_is_no_such_number_has_no_value(String text) {
    assertThat(value(text)).isEmpty();
  }

  @Test
  void brackets_and_numbers_without_end_have_no_value() {
    assertThat(value("(".repeat(100) + "1" + ")".repeat(100))).isEmpty();
    assertThat(value("9".repeat(18) + (" * " + "9".repeat(18)).repeat(12))).isEmpty();
  }
}
