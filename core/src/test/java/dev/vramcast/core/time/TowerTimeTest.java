package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.input.Remark;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A tower of two layers of 128 features, whose first one sees windows of 64 patches. */
class TowerTimeTest {

  private static final Architecture QWEN = Times.model("qwen2_5_vl", Configs.TOWER);

  private static final String IMAGES = " --image-size 448,448 --images ";

  private static final double PATCHES = 1024;
  private static final double LAYERS = 2 * (128 * 384 + 128 * 128 + 3 * 128 * 256);

  /** Of patches, pixels of two frames and three colours; of tokens, four patches each. */
  private static final double WEIGHTS =
      PATCHES * (3 * 2 * 14 * 14 * 128 + LAYERS) + 256 * (512 * 512 + 512 * 1024);

  private static final double REACHED = 70e12;
  private static final double PRODUCTS = 2 * WEIGHTS / REACHED;
  private static final double ATTENTION = 4 * PATCHES * 128 * (64 + PATCHES) / (REACHED * 0.565);
  private static final double MEMORY = 2 * 2 * (128 + 256) * PATCHES * 50 / 1000e9;

  private static double tower(String flags) {
    Duration tower = estimate(flags).parts().kernels().tower();
    return tower.toNanos() / 1e9;
  }

  private static TimeEstimate estimate(String flags) {
    return Times.estimate(QWEN, Times.card(), flags);
  }

  @Test
  void without_images_it_does_not_run() {
    assertThat(tower("--method full")).isZero();
  }

  @Test
  void a_frozen_tower_runs_forward_alone() {
    String frozen = "--method lora --targets k_proj" + IMAGES;

    assertThat(tower(frozen + 1)).isCloseTo(PRODUCTS + ATTENTION + MEMORY / 3, within(1e-8));
    assertThat(Remark.sentences(estimate(frozen + 1).assumptions()))
        .contains("The vision tower runs forward alone: nothing in it is trained.");
  }

  @Test
  void each_image_of_each_sequence_runs_as_long() {
    String full = "--method full --sequence-length 1024" + IMAGES;

    assertThat(tower(full + 2)).isCloseTo(2 * tower(full + 1), within(1e-8));
    assertThat(tower("--micro-batch 3 " + full + 2)).isCloseTo(6 * tower(full + 1), within(1e-8));
  }

  @Test
  void full_training_runs_it_backward_and_checkpoints_again() {
    String full = "--method full" + IMAGES + "1 --checkpointing ";

    assertThat(tower(full + "none"))
        .isCloseTo(3 * PRODUCTS + 3.5 * ATTENTION + MEMORY, within(1e-8));
    assertThat(tower(full + "full"))
        .isCloseTo(3.85 * PRODUCTS + 4.35 * ATTENTION + (1 + 0.85 / 3) * MEMORY, within(1e-8));
    assertThat(Remark.sentences(estimate(full + "none").assumptions()))
        .contains("The vision tower runs forward and backward on the patches of all images.");
  }

  @Test
  void adapters_in_it_need_no_gradients_of_its_weights() {
    assertThat(tower("--method lora --targets all-linear" + IMAGES + 1))
        .isCloseTo(2 * PRODUCTS + 3.5 * ATTENTION + MEMORY, within(1e-8));
  }

  @Test
  void two_linears_in_place_of_a_tower_take_time_too() {
    Architecture unified =
        Configs.read(
            "model_type=gemma4_unified vision_config={ mm_embed_dim=128 output_proj_dims=128 }"
                + " audio_config={ } text_config={ hidden_size=128 intermediate_size=256"
                + " num_hidden_layers=2 num_attention_heads=4 num_key_value_heads=4"
                + " vocab_size=8192 }");
    String flags = "--method full --transformers 5.24.0 --sequence-length 1024";
    TimeEstimate estimate = Times.estimate(unified, Times.card(), flags + IMAGES + 1);
    double patches = 280;
    double weights = patches * 3 * 48 * 48 * 128 + 256 * 128 * 128;

    assertThat(estimate.parts().kernels().tower().toNanos() / 1e9)
        .isCloseTo(3 * 2 * weights / REACHED, within(1e-8));
    assertThat(estimate.step()).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void images_make_a_step_and_an_evaluation_longer() {
    TimeEstimate text = estimate("--method lora --targets q_proj");
    TimeEstimate images = estimate("--method lora --targets q_proj" + IMAGES + 1);

    assertThat(images.step()).isGreaterThan(text.step());
    assertThat(images.run().evaluationSecondsPerToken())
        .isGreaterThan(text.run().evaluationSecondsPerToken());
  }
}
