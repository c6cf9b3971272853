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

  @ParameterizedTest
  @CsvSource({
    "8 H100, H100, 8",
    "8 h100s, h100, 8",
    "16 NVIDIA A100 80GB, NVIDIA A100 80GB, 16",
    "4 L40S, L40S, 4",
    "2 RTX 4090s, RTX 4090, 2",
    "8xH100s, H100, 8",
    "2 3090, 3090, 2",
    "4 4090s, 4090, 4",
    "2 4090 laptop, 4090 laptop, 2",
    "8 v100s 32GB, v100 32GB, 8",
    "4 A100s with 80 GB, A100 with 80 GB, 4",
    "8 L40S 48GB, L40S 48GB, 8",
  })
  void a_number_before_a_card_is_its_count(String text, String name, int count) {
    assertThat(CountedGpu.of(text).name()).isEqualTo(name);
    assertThat(CountedGpu.of(text).count()).hasValue(count);
  }

  @ParameterizedTest
  @CsvSource({"24 GB", "3060 12GB", "1080 Ti", "40 series", "RTX 2000 Ada", "80 gb a100"})
  void a_number_of_a_name_is_no_count(String text) {
    assertThat(CountedGpu.of(text).count()).isEmpty();
  }
}
