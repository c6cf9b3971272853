package dev.vramcast.core.job.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.Knob.Panel;
import dev.vramcast.core.job.value.ValueKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnobTest {

  @ParameterizedTest
  @EnumSource(JobKey.class)
  void a_slider_stops_at_values_that_its_key_may_have(JobKey key) {
    key.knob()
        .ifPresent(
            knob ->
                assertThat(knob.stops())
                    .isSorted()
                    .allSatisfy(stop -> assertThat(key.kind().read(stop)).isPresent()));
  }

  @ParameterizedTest
  @EnumSource(JobKey.class)
  void a_knob_has_a_slider_where_its_key_is_a_number_and_words_else(JobKey key) {
    boolean number =
        key.kind() instanceof ValueKind.Whole || key.kind() instanceof ValueKind.Decimal;
    key.knob().ifPresent(knob -> assertThat(knob.stops().isEmpty()).isNotEqualTo(number));
  }

  @Test
  void stops_double_or_go_by_one_two_and_five() {
    assertThat(Knob.doubled(Panel.TRAINING, "", 4, 33).stops()).containsExactly(4L, 8L, 16L, 32L);
    assertThat(Knob.oneTwoFive(Panel.TOKENS, 10, 200).stops())
        .containsExactly(10L, 20L, 50L, 100L, 200L);
  }
}
