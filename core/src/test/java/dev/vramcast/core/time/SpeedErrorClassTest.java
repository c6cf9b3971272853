package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpeedErrorClassTest {

  private static final Gpu A100 = Times.card("A100", "8.0", 312, 2039, "NVLink3 + NVSwitch");
  private static final Gpu DESKTOP = Times.desktop("8.9", 165, 1008);

  /** Some 4 billion parameters. */
  private static final Architecture LARGE =
      Times.model("llama", Map.of("hidden_size", 8192, "intermediate_size", 65_536));

  @ParameterizedTest
  @CsvSource({
    "--framework megatron --micro-batch 4, TUNED",
    "--method lora --micro-batch 8, LARGE",
    "--method lora --micro-batch 4, SMALL",
    "--method qlora --micro-batch 8, QLORA",
    "--method qlora --micro-batch 2, TINY",
    "--framework megatron --micro-batch 2, TINY",
    "--method full --offload optimizer --micro-batch 8, ROUGH",
  })
  void ranges_go_by_software_and_by_tokens_of_a_micro_step(String flags, SpeedErrorClass errors) {
    assertThat(kind(LARGE, A100, flags)).isEqualTo(words(errors));
  }

  @Test
  void small_models_vary_more() {
    assertThat(kind(Times.llama(), A100, "--micro-batch 64"))
        .isEqualTo(words(SpeedErrorClass.SMALL));
  }

  @Test
  void little_is_known_of_new_devices_and_of_desktops_that_share_a_model() {
    assertThat(kind(LARGE, Times.card(), "--micro-batch 8"))
        .isEqualTo(words(SpeedErrorClass.ROUGH));
    assertThat(kind(LARGE, DESKTOP, "--micro-batch 8")).isEqualTo(words(SpeedErrorClass.LARGE));
    assertThat(kind(LARGE, DESKTOP, "--micro-batch 8 --count 2"))
        .isEqualTo(words(SpeedErrorClass.ROUGH));
  }

  @Test
  void experts_in_a_loop_are_slow_and_little_is_known_of_them() {
    Architecture model =
        Times.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2));
    String flags = "--micro-batch 16 --transformers ";

    assertThat(kind(model, A100, flags + "5.0.0")).isEqualTo(words(SpeedErrorClass.EXPERTS));
    assertThat(kind(model, A100, flags + "4.57.0")).isEqualTo(words(SpeedErrorClass.ROUGH));
    double grouped = Times.speed(model, A100, flags + "5.0.0");
    double looped = Times.speed(model, A100, flags + "4.57.0");
    assertThat(grouped / looped).isBetween(9 / 2.5, 9.0);
  }

  @Test
  void slow_runs_bound_the_range_below() {
    SpeedRange range = SpeedErrorClass.TUNED.about(1430);

    assertThat(range.low()).isCloseTo(1000, within(1e-9));
    assertThat(range.high()).isCloseTo(1430 / 0.76, within(1e-9));
    assertThat(range.runs()).isEqualTo(466);
  }

  private static String kind(Architecture model, Gpu card, String flags) {
    return Times.estimate(model, card, flags).throughput().range().kind();
  }

  private static String words(SpeedErrorClass errors) {
    return errors.about(1).kind();
  }
}
