package dev.vramcast.core.module.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Cosines and sines that Unsloth's attention of each layer keeps; before April 2024 it was that of
 * Transformers, whose layers kept those of all positions.
 */
class LayerTablesTest {

  private static final int LAYERS = 2;
  private static final int FEATURES = 128;

  /** What versions of other libraries change in small tensors. */
  private static final long SMALL = 1 << 16;

  /** Mistral 7B v0.3 held 0.5 GiB more than its weights on a T4 in May 2024: 32 layers' tables. */
  @ParameterizedTest
  @CsvSource({
    "2024.3, 131072, 131072",
    "2024.5, 8192, 8192",
    "2024.5, 131072, 131072",
    "2024.8, 8192, 8192",
    "2024.8, 131072, 32768",
    "2025.1, 131072, 32768",
    "2025.2, 131072, 0",
  })
  void each_layer_has_tables_until_the_model_has_one(String version, long positions, long rows) {
    assertThat(tables(version, positions, 512)).isCloseTo(bytes(rows), within(SMALL));
  }

  @ParameterizedTest
  @CsvSource({"65536, 65536", "1048576, 131072"})
  void tables_grow_with_longer_sequences(long positions, long length) {
    assertThat(tables("2024.8", positions, length)).isCloseTo(bytes(length), within(SMALL));
  }

  private static long bytes(long rows) {
    return LAYERS * 2 * rows * FEATURES * 2;
  }

  /** What is loaded beyond what a version loads that has one table for all layers. */
  private static long tables(String version, long positions, long length) {
    return loaded(version, positions, length) - loaded("2025.7", positions, length);
  }

  private static long loaded(String version, long positions, long length) {
    String flags =
        "--framework unsloth --framework-version "
            + version
            + " --method lora --model-dtype bf16 --sequence-length "
            + length;
    return Estimates.of(
            Estimates.model("llama", Map.of("max_position_embeddings", positions)), flags)
        .phasePeaks()
        .get(Phase.LOAD);
  }
}
