package dev.vramcast.core.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "fsdp1, bf16-mixed, FP32",
    "fsdp1, bf16, BF16",
    "ddp, bf16-mixed, BF16",
  })
  void fsdp1_widens_saved_copies_where_a_dtype_is_mixed_in(
      String strategy, String precision, DataType expected) {
    String flags =
        "--sequence-length 8 --framework transformers --method lora --count 2 --strategy %s"
            + " --precision %s";
    StepSettings settings =
        new StepSettings(
            Jobs.resolve(flags.formatted(strategy, precision)).job(),
            Configs.read("llama 512 64 128 2 4 2 max_position_embeddings=128").traits());

    assertThat(settings.savedDtype(DataType.BF16)).isEqualTo(expected);
  }
}
