package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws that hold for speeds of every job. */
class SpeedPropertiesTest {

  private static final double ROUNDING = 1 + 1e-12;

  @ParameterizedTest
  @CsvSource({
    "--method lora --micro-batch 64, --method full --micro-batch 64",
    "--method lora, --method qlora",
    "--method full, --method full --checkpointing full",
    "--method lora --micro-batch 8, --method lora --micro-batch 8 --checkpointing selective",
    "--method lora --attention flash, --method lora --attention eager",
    "--method full --optimizer adamw-8bit, --method full --optimizer adamw",
    "--method lora --precision bf16, --method lora --precision fp32",
    "--method lora, --method lora --modules-to-save lm_head",
  })
  void more_work_is_never_faster(String less, String more) {
    for (Architecture model : models()) {
      assertThat(Times.speed(model, Times.card(), more))
          .isLessThanOrEqualTo(Times.speed(model, Times.card(), less) * ROUNDING);
    }
  }

  @Test
  void a_larger_model_is_never_faster() {
    double before = Double.MAX_VALUE;
    for (int layers = 1; layers <= 64; layers *= 2) {
      Architecture model = Times.model("llama", Map.of("num_hidden_layers", layers));
      double speed = Times.speed(model, Times.card(), "--method full");
      assertThat(speed).isLessThan(before);
      before = speed;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.0", "8.6", "9.0", "12.0", "gfx942", "n/a"})
  void tokens_of_longer_sequences_take_longer_where_launching_hardly_matters(String kind) {
    Gpu card = Times.card("X", kind, 300, 1000, "NVLink");
    Architecture model = Times.model("llama", Map.of("num_hidden_layers", 8));
    double before = Double.MAX_VALUE;
    for (int length = 4096; length <= 131_072; length += 512) {
      double speed = Times.speed(model, card, "--framework megatron --sequence-length " + length);
      assertThat(speed).as("%d tokens", length).isLessThan(before);
      before = speed;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method full",
        "--method qlora --checkpointing full",
        "--method full --count 8 --strategy fsdp2",
        "--method full --count 8 --strategy megatron --tensor 2 --pipeline 4 --grad-accum 8",
      })
  void a_faster_card_of_its_kind_is_never_slower(String flags) {
    for (String kind : List.of("8.0", "8.6", "8.9", "9.0", "10.0", "12.0", "gfx942", "n/a")) {
      double before = 0;
      for (double factor = 1; factor <= 4; factor *= 1.25) {
        Gpu faster = Times.card("X", kind, 250 * factor, 1000 * factor, "NVLink");
        double speed = Times.speed(Times.llama(), faster, flags);
        assertThat(speed).as(kind).isGreaterThanOrEqualTo(before);
        before = speed;
      }
    }
  }

  /** Sharded states are updated faster the more share them, so the optimizer is left out. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method full --strategy ddp",
        "--method lora --strategy ddp",
        "--method full --strategy fsdp2 --optimizer none",
        "--method qlora --strategy fsdp1 --optimizer none",
        "--method full --strategy zero1 --optimizer none",
        "--method full --strategy zero2 --optimizer none",
        "--method full --strategy zero3 --optimizer none",
      })
  void more_gpus_are_faster_together_and_never_faster_each(String flags) {
    Gpu pcie = Times.desktop("8.6", 100, 1000);
    for (Gpu card : List.of(Times.card(), pcie)) {
      for (Architecture model : models()) {
        for (int gpus = 2; gpus <= 64; gpus *= 2) {
          String half = flags + " --micro-batch 4 --count " + gpus;
          String whole = flags + " --micro-batch 4 --count " + 2 * gpus;
          double few = Times.speed(model, card, half);
          double many = Times.speed(model, card, whole);
          assertThat(many).isGreaterThan(few).isLessThanOrEqualTo(2 * few * ROUNDING);
        }
      }
    }
  }

  @Test
  void more_micro_steps_between_updates_are_never_slower() {
    double before = 0;
    for (int steps = 1; steps <= 64; steps *= 2) {
      double speed =
          Times.speed(
              Times.llama(),
              Times.card(),
              "--method full --count 8 --strategy ddp --grad-accum " + steps);
      assertThat(speed).isGreaterThan(before);
      before = speed;
    }
  }

  @Test
  void the_range_holds_the_estimate() {
    for (String flags : List.of("--method full", "--method qlora", "--micro-batch 16")) {
      TimeEstimate time = Times.estimate(flags);
      assertThat(time.tokensPerSecond())
          .isBetween(time.throughput().range().low(), time.throughput().range().high());
    }
  }

  private static List<Architecture> models() {
    return List.of(
        Times.llama(),
        Times.model("qwen2", Map.of("num_hidden_layers", 24)),
        Times.model("gemma2", Map.of("head_dim", 128, "sliding_window", 128)),
        Times.model("mixtral", Map.of("num_local_experts", 8, "num_experts_per_tok", 2)));
  }
}
