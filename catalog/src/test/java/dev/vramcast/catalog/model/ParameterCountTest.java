package dev.vramcast.catalog.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterCountTest {

  @ParameterizedTest
  @CsvSource({
    "7B, 7000000000",
    "7.6b, 7600000000",
    "350M, 350000000",
    "1.5T, 1500000000000",
    "0.5B, 500000000",
    "1M, 1000000",
    "100T, 100000000000000",
    " 8 B, 8000000000",
    "8030261248, 8030261248",
    "13 billion, 13000000000",
    "13bn parameters, 13000000000",
    "350 Million params, 350000000",
  })
  void reads_counts_with_a_unit(String text, long count) {
    assertThat(ParameterCount.parse(text).value()).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.9M", "101T", "7", "0B", "999999", "999999999999999T"})
  void refuses_counts_out_of_range(String text) {
    assertThatThrownBy(() -> ParameterCount.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(text)
        .hasMessageContaining("allowed: 1M to 100T");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "B", "-7B", "7K", "7 zillion", "1e9", "7..5B", "NaN", "٧B", "0x7B"})
  void refuses_what_is_no_count(String text) {
    assertThatThrownBy(() -> ParameterCount.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("--params is ");
  }
}
