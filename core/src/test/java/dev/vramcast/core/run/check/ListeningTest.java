package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.run.Estimates;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sound among the tokens of a text. */
class ListeningTest {

  private static final Map<String, Object> TEXT =
      Map.of(
          "hidden_size", 64,
          "intermediate_size", 128,
          "num_hidden_layers", 2,
          "num_attention_heads", 4,
          "num_key_value_heads", 2,
          "vocab_size", 1000,
          "max_position_embeddings", 32768);

  private static final Map<String, Object> AUDIO =
      Map.of(
          "d_model", 64, "encoder_layers", 2, "encoder_attention_heads", 4, "encoder_ffn_dim", 256);

  private static final Architecture QWEN2_AUDIO =
      Estimates.model("qwen2_audio", Map.of("text_config", TEXT, "audio_config", AUDIO));

  private static final Architecture VOXTRAL =
      Estimates.model(
          "voxtral",
          Map.of(
              "text_config",
              TEXT,
              "audio_config",
              Map.of(
                  "hidden_size", 64,
                  "num_hidden_layers", 2,
                  "num_attention_heads", 4,
                  "intermediate_size", 256)));

  private static final Architecture OMNI =
      Estimates.model(
          "qwen3_omni_moe_thinker",
          Map.of(
              "text_config",
              with(
                  TEXT,
                  Map.of("moe_intermediate_size", 32, "num_experts", 4, "num_experts_per_tok", 2)),
              "audio_config",
              AUDIO,
              "vision_config",
              Map.of("depth", 2, "hidden_size", 64, "intermediate_size", 128, "num_heads", 4)));

  private static final String JOB = "--method lora --sequence-length 2048 --targets q_proj ";

  private static Map<String, Object> with(Map<String, Object> config, Map<String, Object> more) {
    Map<String, Object> all = new HashMap<>(config);
    all.putAll(more);
    return all;
  }

  private static long bytes(Architecture model, String flags) {
    return Estimates.of(model, JOB + flags).allocatedBytes();
  }

  @Test
  void pieces_of_an_mlp_beside_sound_are_not_modelled() {
    assertThatThrownBy(() -> bytes(QWEN2_AUDIO, "--audio-seconds 10 --tiled-mlp true"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("tiled_mlp with sound");
  }

  @Test
  void a_longer_recording_takes_more_where_it_is_not_filled_up() {
    assertThat(bytes(VOXTRAL, "--audio-seconds 31"))
        .isEqualTo(bytes(VOXTRAL, "--audio-seconds 60"))
        .isGreaterThan(bytes(VOXTRAL, "--audio-seconds 30"));
    assertThat(bytes(OMNI, "--audio-seconds 60")).isGreaterThan(bytes(OMNI, "--audio-seconds 30"));
  }

  @Test
  void a_recording_has_room_in_its_sequence_beside_the_images() {
    assertThatThrownBy(() -> Estimates.of(QWEN2_AUDIO, "--sequence-length 700 --audio-seconds 30"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "batch.sequence_length is 700, but batch.audio_seconds 30 take 750 tokens,"
                + " allowed: at least 750");
    assertThatThrownBy(
            () ->
                Estimates.of(
                    OMNI,
                    "--sequence-length 600 --audio-seconds 30 --images 1 --image-size 640,480"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("take 690 tokens with the images, allowed: at least 690");
  }

  @Test
  void more_than_a_processor_reads_is_refused() {
    assertThatThrownBy(() -> bytes(QWEN2_AUDIO, "--audio-seconds 31"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "batch.audio_seconds is 31, but a qwen2_audio model hears 30 seconds at once,"
                + " allowed: 0 to 30");
  }

  @Test
  void a_model_without_an_encoder_of_sound_hears_none() {
    assertThatThrownBy(() -> bytes(Estimates.llama(false), "--audio-seconds 3"))
        .isInstanceOf(InputException.class)
        .hasMessage("batch.audio_seconds is 3, but a llama model hears no sound, allowed: 0");
  }

  @Test
  void other_stages_and_ranks_that_divide_sequences_are_not_modelled() {
    assertThatThrownBy(() -> bytes(VOXTRAL, "--audio-seconds 3 --framework trl --stage dpo"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("batch.audio_seconds 3 at objective.stage dpo for voxtral");
    assertThatThrownBy(
            () -> bytes(VOXTRAL, "--audio-seconds 3 --strategy fsdp2 --count 2 --context 2"))
        .isInstanceOf(UnsupportedJobException.class);
  }

  @Test
  void planes_in_fp32_need_autocast_until_they_are_cast() {
    String older = "--audio-seconds 3 --transformers 5.7.0 --precision ";
    assertThat(bytes(OMNI, older + "bf16-mixed")).isPositive();
    assertThatThrownBy(() -> bytes(OMNI, older + "bf16"))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("without autocast on sound of a qwen3_omni_moe_thinker model");
  }

  @Test
  void sound_and_images_are_read_together() {
    String sound = "--audio-seconds 20 ";
    String images = "--images 1 --image-size 640,480 ";
    assertThat(bytes(OMNI, sound + images))
        .isGreaterThan(bytes(OMNI, sound))
        .isGreaterThan(bytes(OMNI, images));
  }
}
