package dev.vramcast.core.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.units.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code torch.promote_types}. */
class PromotionTest {

  @ParameterizedTest
  @CsvSource({
    "BF16, FP16, FP32",
    "FP16, BF16, FP32",
    "BF16, BF16, BF16",
    "BF16, FP32, FP32",
    "FP32, FP16, FP32"
  })
  void two_halves_of_different_kinds_make_fp32(DataType one, DataType other, DataType both) {
    assertThat(one.promotedWith(other)).isEqualTo(both);
  }
}
