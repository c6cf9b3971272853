package dev.vramcast.core.module.head;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.loss.LabelledLinear.Piece;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearPiecesTest {

  /** What {@code _tiled_layout} and {@code fused_linear_rows} of unsloth_zoo 2026.10.9 give. */
  @ParameterizedTest
  @CsvSource({
    "true, 2560, 151936, 2048, 2048, 16384, 10",
    "true, 2560, 151936, 6144, 4096, 16384, 10",
    "true, 4096, 128256, 1024, 1024, 16384, 8",
    "true, 4096, 32000, 3000, 2048, 32000, 0",
    "true, 1152, 262144, 800, 800, 16384, 16",
    "true, 896, 151936, 100, 100, 16384, 10",
    "false, 2560, 151936, 2048, 512, 151936, 0",
    "false, 2560, 151936, 4096, 4096, 16384, 10",
    "false, 4096, 128256, 1024, 512, 128256, 0",
    "false, 4096, 32000, 3000, 2048, 32000, 0",
    "false, 1152, 262144, 800, 512, 262144, 0",
    "false, 896, 151936, 100, 100, 151936, 0",
    "false, 2048, 128256, 30000, 4096, 16384, 8"
  })
  void pieces_are_as_large_as_unsloth_makes_them(
      boolean small, long width, long words, long labels, long rows, long columns, long splits) {
    assertThat(LinearPieces.of(width, words, labels, labels, small, DataType.BF16))
        .isEqualTo(new Piece(labels, labels, rows, columns, splits, DataType.BF16));
  }
}
