package dev.vramcast.core.architecture.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.vision.ImageGrid.Parts;
import dev.vramcast.core.architecture.vision.ImageGrid.Size;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Random images against what the processors of Transformers made of them. */
class ImageGridTest {

  private static final Map<String, ImageGrid> GRIDS =
      Map.ofEntries(
          Map.entry("llava_next", new AnyResolution(nextCanvases(), 336, 24, 1, 0, false)),
          Map.entry("llava_onevision", new AnyResolution(onevisionCanvases(), 384, 27, 0, 9, true)),
          Map.entry("internvl", new TiledCanvas(448, 12, 1025, 256)),
          Map.entry("idefics3", new SplitTiles(364, 1456, 676, 169)),
          Map.entry("smolvlm", new SplitTiles(512, 2048, 1024, 64)),
          Map.entry("lfm2_vl", new CutWhenLarge(16, 2, new CutWhenLarge.Bounds(64, 256), 512, 10)),
          Map.entry("ovis2", new CoveredTiles(448, 12, 1024, 256)),
          Map.entry("pixtral", new OwnSize(16, 1, 1024)),
          Map.entry("mistral3", new OwnSize(14, 2, 1540)),
          Map.entry("gemma4", new PooledSize(16, 3, 280)),
          Map.entry("paddleocr_vl", new RoundedSize(14, 2, 384 * 384, 1536 * 1536)),
          Map.entry("glm4v", new RoundedSize(14, 2, 112 * 112 / 2, 28 * 28 * 15_000 / 2)),
          Map.entry("llama4", new CutCanvas(336, 16, 577, 144)));

  private static List<Size> nextCanvases() {
    return List.of(
        new Size(672, 336),
        new Size(336, 672),
        new Size(672, 672),
        new Size(336, 1008),
        new Size(1008, 336));
  }

  private static List<Size> onevisionCanvases() {
    List<Size> canvases = new ArrayList<>();
    for (int height = 1; height <= 6; height++) {
      for (int width = 1; width <= 6; width++) {
        canvases.add(new Size(384 * width, 384 * height));
      }
    }
    return canvases;
  }

  /** An image, and what a processor made of it. */
  record Processed(String model, int count, Size size, int tiles, int tokens) {}

  @ParameterizedTest
  @MethodSource("images")
  void has_as_many_tiles_and_tokens_as_the_processor_makes(Processed image) {
    Parts parts =
        Objects.requireNonNull(GRIDS.get(image.model()))
            .of(image.count(), Optional.of(image.size()))
            .orElseThrow();

    assertThat(parts.tiles()).isEqualTo(image.tiles());
    assertThat(parts.tokens()).isEqualTo(image.tokens());
  }

  static Stream<Processed> images() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ImageGridTest.class.getResourceAsStream("image-grids.tsv"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().filter(line -> !line.startsWith("#")).map(ImageGridTest::read);
    }
  }

  private static Processed read(String line) {
    String[] cells = line.split("\t");
    return new Processed(
        cells[0],
        Integer.parseInt(cells[1]),
        new Size(Integer.parseInt(cells[2]), Integer.parseInt(cells[3])),
        Integer.parseInt(cells[4]),
        Integer.parseInt(cells[5]));
  }

  @Test
  void asks_for_a_size_where_it_decides() {
    assertThat(new TiledCanvas(448, 12, 1025, 256).of(1, Optional.empty())).isEmpty();
  }

  @Test
  void each_tile_of_aya_vision_has_a_mark_of_its_own() {
    Parts parts =
        new TiledCanvas(364, 12, 676, 169, true)
            .of(1, Optional.of(new Size(500, 900)))
            .orElseThrow();

    assertThat(parts.tiles()).isEqualTo(3);
    assertThat(parts.marks()).isEqualTo(5);
  }

  /** By Idefics2ImageProcessorPil of transformers 5.24, which splits images. */
  @ParameterizedTest
  @CsvSource({
    "500, 400, 980, 251, 7920",
    "300, 300, 729, 0, 0",
    "1200, 900, 3640, 2296, 6860",
    "700, 1200, 2800, 1666, 10780",
    "2000, 300, 1890, 0, 0",
    "301, 777, 1485, 756, 2646",
    "979, 1961, 2450, 70, 0",
    "2601, 1096, 2030, 0, 6860",
    "168, 1957, 1890, 27, 0",
    "513, 1572, 1890, 378, 0"
  })
  void quarters_and_the_whole_image_are_filled_up_to_the_largest_of_them(
      int width, int height, int patches, int padding, int beyond) {
    Parts parts =
        new Quartered(14, 378, 980, 64).of(1, Optional.of(new Size(width, height))).orElseThrow();

    assertThat(parts)
        .isEqualTo(new Parts(5, patches, 5 * 64, 6, Optional.empty(), padding, beyond));
  }

  @Test
  void a_small_copy_of_a_large_image_is_filled_up_beside_its_tiles() {
    CutWhenLarge grid = new CutWhenLarge(16, 2, new CutWhenLarge.Bounds(64, 256), 512, 10);

    Parts large = grid.of(1, Optional.of(new Size(900, 700))).orElseThrow();
    Parts whole = grid.of(1, Optional.of(new Size(512, 512))).orElseThrow();

    assertThat(large).isEqualTo(new Parts(7, 1024, 1788, 9, Optional.empty(), 1024 - 4 * 252));
    assertThat(whole).isEqualTo(new Parts(1, 1024, 256, 2, Optional.empty(), 0));
  }

  @Test
  void tiles_of_a_canvas_have_marks_between_and_behind_them() {
    Parts parts =
        new CutCanvas(336, 16, 577, 144).of(1, Optional.of(new Size(672, 300))).orElseThrow();

    assertThat(parts.tiles()).isEqualTo(3);
    assertThat(parts.marks()).isEqualTo(5);
  }

  @Test
  void tiles_that_cover_an_image_have_marks_between_them() {
    Parts parts =
        new CoveredTiles(448, 12, 1024, 256).of(1, Optional.of(new Size(800, 500))).orElseThrow();

    assertThat(parts).isEqualTo(new Parts(5, 1024, 5 * 256, 6, Optional.empty()));
  }

  @Test
  void rows_of_an_image_in_its_own_size_end_with_a_mark() {
    Parts parts = new OwnSize(14, 2, 1540).of(1, Optional.of(new Size(640, 500))).orElseThrow();

    assertThat(parts.tokens()).isEqualTo(23 * 18);
    assertThat(parts.marks()).isEqualTo(18);
  }
}
