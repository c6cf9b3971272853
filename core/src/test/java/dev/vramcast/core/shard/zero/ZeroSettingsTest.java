package dev.vramcast.core.shard.zero;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.run.Estimates;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes of the DeepSpeed configurations that frameworks publish. */
class ZeroSettingsTest {

  private static final long HIDDEN = 4096;

  @ParameterizedTest
  @CsvSource({
    "transformers, zero2, 200000000, true",
    "axolotl, zero1, 500000000, true",
    "axolotl, zero2, 500000000, true",
    "axolotl, zero3, 16777216, true",
    "trl, zero2, 500000000, false",
    "peft, zero2, 500000000, false",
  })
  void a_bucket_is_as_large_as_the_file_of_the_framework_says(
      String framework, String strategy, long elements, boolean overlaps) {
    String flags = "--method full --count 8 --framework " + framework + " --strategy " + strategy;
    ZeroSettings settings = ZeroSettings.of(Estimates.job(flags), HIDDEN);

    assertThat(settings.reduceBucket()).isEqualTo(elements);
    assertThat(settings.overlaps()).isEqualTo(overlaps);
  }
}
