package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountedGpuTest {

  @ParameterizedTest
  @CsvSource({
    "two T4s, T4",
    "two A10s, A10",
    "two 3090 Tis, 3090 Ti",
    "two RTX 4090s, RTX 4090",
    "two L40S, L40S"
  })
  void a_plural_is_no_part_of_a_name(String text, String name) {
    assertThat(CountedGpu.of(text).name()).isEqualTo(name);
    assertThat(CountedGpu.of(text).count()).hasValue(2);
  }
}
