package dev.vramcast.core.architecture.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.vision.ImageGrid.Parts;
import dev.vramcast.core.architecture.vision.ImageGrid.Size;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles are those of {@code get_optimal_tiled_canvas} of Cohere2VisionImageProcessor. */
class CutCanvasTest {

  private static final CutCanvas COMMAND_A = new CutCanvas(512, 12, 1024, 256, true);

  @ParameterizedTest
  @CsvSource({"500, 500, 1", "500, 900, 3", "1024, 1024, 5", "1600, 1000, 9", "6000, 500, 13"})
  void an_image_is_cut_on_the_canvas_that_scales_it_up_least(int width, int height, int tiles) {
    Parts parts = COMMAND_A.of(1, Optional.of(new Size(width, height))).orElseThrow();

    assertThat(parts.tiles()).isEqualTo(tiles);
    assertThat(parts.tokens()).isEqualTo(256 * tiles);
    assertThat(parts.marks()).isEqualTo(2 + tiles);
  }
}
