package dev.vramcast.formats.training.axolotl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.values;
import static dev.vramcast.formats.training.axolotl.AxolotlReaderTest.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import org.junit.jupiter.api.Test;

class TiledMlpKeysTest {

  @Test
  void a_tiled_mlp_is_read_with_its_pieces() {
    assertThat(values(with("tiled_mlp: true~tiled_mlp_num_shards: 4")))
        .containsEntry("tiled_mlp", true)
        .containsEntry("mlp_tiles", 4);
    assertThat(values(with("tiled_mlp: true"))).doesNotContainKey("mlp_tiles");
    assertThat(values(with("tiled_mlp: false~tiled_mlp_num_shards: 4")))
        .containsEntry("tiled_mlp", false)
        .doesNotContainKey("mlp_tiles");
    assertThat(
            keys(
                with("tiled_mlp: true~tiled_mlp_use_original_mlp: false"), FindingCode.NOT_COUNTED))
        .contains("tiled_mlp_use_original_mlp");
  }
}
