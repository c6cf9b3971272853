package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.input.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhisperTest {

  private static final String WHOLE =
      "whisper vocab_size=100 d_model=64 decoder_layers=2 decoder_attention_heads=4"
          + " decoder_ffn_dim=256 encoder_layers=2 encoder_attention_heads=4 encoder_ffn_dim=256";

  @Test
  void an_encoder_of_which_all_is_said_is_read() {
    assertThat(Configs.read(WHOLE).encoder()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"encoder_layers", "encoder_attention_heads", "encoder_ffn_dim"})
  void a_size_that_its_encoder_lacks_is_missing(String key) {
    String config = WHOLE.replaceAll(" " + key + "=\\d+", "");
    assertThatThrownBy(() -> Configs.read(config))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(key + " is missing");
  }
}
