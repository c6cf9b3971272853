package dev.vramcast.core.time.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.time.Times;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CustomAllReduceTest {

  private static final Links NVLINK = Links.of(Times.card(), false);

  /**
   * Microseconds of ai-dynamo/aiconfigurator 095f58a, custom_allreduce_perf of vLLM 0.19 on an H100
   * and of 0.14 on an A100, whose links carry 450 and 300 GB/s.
   */
  @ParameterizedTest
  @CsvSource({
    "450, 2, 1024, 4.2",
    "450, 2, 1048576, 12.4",
    "450, 4, 262144, 11.2",
    "450, 4, 1048576, 18.5",
    "450, 8, 65536, 7.8",
    "450, 8, 262144, 11.9",
    "450, 8, 1048576, 19.4",
    "300, 2, 1048576, 15.2",
    "300, 4, 131072, 9.9",
    "300, 4, 1048576, 26.0",
    "300, 8, 131072, 17.1",
    "300, 8, 1048576, 27.9",
  })
  void it_takes_as_long_as_measured_within_a_fifth(
      double gigabytes, int ranks, double bytes, double micro) {
    double alone = 1e9 * Coefficients.NVLINK_ALONE * gigabytes;
    assertThat(1e6 * new CustomAllReduce(ranks, alone).seconds(bytes).orElseThrow())
        .isCloseTo(micro, withinPercentage(20));
  }

  @Test
  void many_bytes_are_left_to_nccl() {
    CustomAllReduce kernel = CustomAllReduce.of(8, 1, NVLINK).orElseThrow();

    assertThat(kernel.seconds(8 << 20)).isEmpty();
    assertThat(kernel.seconds((8 << 20) - 1)).isPresent();
  }

  @Test
  void it_takes_even_numbers_of_cards_of_one_machine_that_nvlink_joins() {
    Gpu desktop = Times.desktop("8.9", 100, 1000);

    assertThat(CustomAllReduce.of(3, 1, NVLINK)).isEmpty();
    assertThat(CustomAllReduce.of(16, 1, NVLINK)).isEmpty();
    assertThat(CustomAllReduce.of(8, 2, NVLINK)).isEmpty();
    assertThat(CustomAllReduce.of(2, 1, Links.of(desktop, false))).isEmpty();
  }
}
