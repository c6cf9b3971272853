package dev.vramcast.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleOfThumbTest {

  private static final double GB = 1e9;

  @ParameterizedTest
  @CsvSource({
    "B7, FULL, 88", "B7, LORA, 19", "B7, QLORA, 8",
    "B14, FULL, 174", "B14, LORA, 35", "B14, QLORA, 14",
    "B32, FULL, 394", "B32, LORA, 76", "B32, QLORA, 28",
    "B70, FULL, 860", "B70, LORA, 159", "B70, QLORA, 52",
    "MOE_30, FULL, 105", "MOE_30, LORA, 69", "MOE_30, QLORA, 21"
  })
  void totals_of_the_guide_are_met_within_a_gigabyte_or_three_per_cent(
      SizeClass sizeClass, RuleMethod method, double printed) {
    double total = RuleOfThumb.of(sizeClass.size(), method).totalBytes() / GB;

    assertThat(Math.abs(total - printed)).isLessThanOrEqualTo(Math.max(1, 0.03 * printed));
  }

  @Test
  void full_training_of_7b_takes_12_bytes_a_parameter_and_4_gigabytes() {
    RuleOfThumb rule = RuleOfThumb.of(ModelSize.dense(7_000_000_000L), RuleMethod.FULL);

    assertThat(rule.weightBytes()).isEqualTo(14_000_000_000L);
    assertThat(rule.gradientBytes()).isEqualTo(14_000_000_000L);
    assertThat(rule.optimizerBytes()).isEqualTo(56_000_000_000L);
    assertThat(rule.activationBytes()).isEqualTo(4_000_000_000L);
    assertThat(rule.adapterBytes()).isZero();
  }

  @Test
  void experts_have_gradients_and_states_for_active_parameters_only() {
    RuleOfThumb rule =
        RuleOfThumb.of(new ModelSize(30_000_000_000L, 3_000_000_000L), RuleMethod.FULL);

    assertThat(rule.weightBytes()).isEqualTo(60_000_000_000L);
    assertThat(rule.gradientBytes()).isEqualTo(6_000_000_000L);
    assertThat(rule.optimizerBytes()).isEqualTo(24_000_000_000L);
  }

  @Test
  void adapters_scale_with_size() {
    RuleOfThumb whole = RuleOfThumb.of(ModelSize.dense(7_000_000_000L), RuleMethod.LORA);
    RuleOfThumb half = RuleOfThumb.of(ModelSize.dense(3_500_000_000L), RuleMethod.LORA);

    assertThat(whole.adapterBytes()).isEqualTo(200_000_000L);
    assertThat(half.adapterBytes()).isEqualTo(100_000_000L);
    assertThat(half.optimizerBytes()).isEqualTo(whole.optimizerBytes() / 2);
    assertThat(half.activationBytes()).isEqualTo(whole.activationBytes());
  }

  @ParameterizedTest
  @EnumSource(RuleMethod.class)
  void a_larger_model_never_needs_less(RuleMethod method) {
    long previous = 0;
    for (long billions = 1; billions < 500; billions++) {
      long total = RuleOfThumb.of(ModelSize.dense(billions * 1_000_000_000L), method).totalBytes();
      assertThat(total).as("%sB", billions).isGreaterThanOrEqualTo(previous);
      previous = total;
    }
  }

  @ParameterizedTest
  @CsvSource({"1, B7", "8, B7", "13, B14", "24, B32", "72, B70", "400, B70"})
  void the_class_is_the_nearest_by_ratio(long billions, SizeClass expected) {
    assertThat(SizeClass.nearest(ModelSize.dense(billions * 1_000_000_000L))).isEqualTo(expected);
  }

  @Test
  void active_parameters_beyond_the_model_are_refused() {
    assertThatThrownBy(() -> new ModelSize(10, 11))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("11");
  }
}
