package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoundChecksTest {

  private static final Architecture WHISPER =
      Estimates.model(
          "whisper",
          Map.of(
              "d_model", 64,
              "encoder_layers", 2,
              "encoder_attention_heads", 4,
              "encoder_ffn_dim", 256,
              "decoder_layers", 2,
              "decoder_attention_heads", 4,
              "decoder_ffn_dim", 256));

  private static long bytes(String flags) {
    return Estimates.of(WHISPER, flags).allocatedBytes();
  }

  @Test
  void every_sequence_has_the_states_of_a_segment_however_short_its_text_is() {
    long text = bytes("--method full --sequence-length 1");
    long states = 1500 * 64 * 4;

    assertThat(text).isGreaterThan(2 * states);
    assertThat(bytes("--method full --sequence-length 1 --micro-batch 2") - text)
        .isGreaterThan(2 * states);
  }

  @Test
  void a_frozen_encoder_keeps_nothing() {
    String job = "--method full --sequence-length 32 --micro-batch 4";
    assertThat(bytes(job + " --frozen towers")).isLessThan(bytes(job));
  }

  @Test
  void texts_are_as_long_as_the_decoder_has_positions() {
    assertThat(bytes("--sequence-length 448")).isPositive();
    assertThatThrownBy(() -> bytes("--sequence-length 449"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "batch.sequence_length is 449, but texts of a whisper model are shorter,"
                + " allowed: 1 to 448");
  }

  @Test
  void a_loss_of_its_own_and_another_stage_are_not_modelled() {
    assertThat(bytes("--sequence-length 32 --loss liger")).isEqualTo(bytes("--sequence-length 32"));
    assertThatThrownBy(() -> bytes("--sequence-length 32 --loss cce"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessage("loss cce for whisper is not modelled yet");
    assertThatThrownBy(() -> bytes("--sequence-length 32 --stage dpo --framework trl"))
        .isInstanceOf(UnsupportedJobException.class);
  }

  /**
   * Its forward pass calls torch's cross-entropy, which unsloth_zoo's compiler does not look for.
   */
  @Test
  void a_framework_that_rewrites_losses_leaves_its_own() {
    String job = "--sequence-length 32 --framework unsloth --method lora --checkpointing none ";
    assertThat(bytes(job)).isEqualTo(bytes(job + "--loss full"));
  }

  /**
   * Its layers get the encoder's states as a keyword, which a checkpoint closes over, until 5.0.
   */
  @Test
  void a_reentrant_checkpoint_gives_the_encoder_its_gradients_where_they_are_an_argument() {
    String job = "--method full --sequence-length 32 --checkpointing full";
    String reentrant = job + " --checkpointing-reentrant true --transformers ";

    assertThat(bytes(reentrant + "5.0.0")).isPositive();
    assertThat(bytes(reentrant + "4.52.4")).isPositive();
    assertThatThrownBy(() -> bytes(reentrant + "4.57.6"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("need its graph again");
  }

  @Test
  void it_sees_no_images() {
    assertThatThrownBy(() -> bytes("--sequence-length 32 --images 1"))
        .isInstanceOf(InputException.class)
        .hasMessage("batch.images is 1, but a whisper model reads no images, allowed: 0");
  }
}
