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
    "transformers --transformers 4.36, zero1, 200000000, false",
    "transformers --transformers 4.37, zero1, 200000000, true",
    "transformers --transformers 4.36, zero2, 200000000, true",
    "axolotl, zero3, 16777216, true",
    "trl, zero2, 500000000, false",
    "peft, zero2, 500000000, false",
    "llama-factory, zero2, 500000000, false",
    "llama-factory, zero3, 16777216, false",
    "llama-factory --framework-version 0.9.2, zero2, 500000000, true",
    "ms-swift, zero2, 200000000, false",
    "ms-swift, zero3, 16777216, false",
    "ms-swift --framework-version 3.2.2, zero2, 200000000, true",
    "colossalai, zero2, 12582912, false",
  })
  void a_bucket_is_as_large_as_the_file_of_the_framework_says(
      String framework, String strategy, long elements, boolean overlaps) {
    String flags = "--method full --count 8 --framework " + framework + " --strategy " + strategy;
    ZeroSettings settings = ZeroSettings.of(Estimates.job(flags), HIDDEN);

    assertThat(settings.reduceBucket()).isEqualTo(elements);
    assertThat(settings.overlaps()).isEqualTo(overlaps);
  }

  @ParameterizedTest
  @CsvSource({
    "--zero-sizes default, 500000000, true, 50000000, 100000",
    "--zero-sizes auto, 16777216, true, 15099494, 40960",
    "--zero-sizes auto --overlap-comm false, 16777216, false, 15099494, 40960",
    "--zero-sizes default --reduce-bucket-size 7 --prefetch-bucket-size 0"
        + " --param-persistence-threshold 5, 7, true, 0, 5",
  })
  void what_the_job_states_comes_before_the_file_of_the_framework(
      String stated, long reduce, boolean overlaps, long prefetch, long persistent) {
    String flags = "--method full --count 8 --framework axolotl --strategy zero3 " + stated;
    ZeroSettings settings = ZeroSettings.of(Estimates.job(flags), HIDDEN);

    assertThat(settings.reduceBucket()).isEqualTo(reduce);
    assertThat(settings.overlaps()).isEqualTo(overlaps);
    assertThat(settings.prefetchBucket()).isEqualTo(prefetch);
    assertThat(settings.persistenceThreshold()).isEqualTo(persistent);
  }
}
