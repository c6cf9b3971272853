package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.input.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CohereVisionTest {

  /** With 32 by 32 patches. */
  private static String model(String image, String more) {
    return "cohere2_vision text_config={cohere2 small} vision_config={siglip_vision_model"
        + " hidden_size=32 intermediate_size=64 num_hidden_layers=1 num_attention_heads=4"
        + " patch_size=16 vision_use_head=false "
        + image
        + "} "
        + more;
  }

  @Test
  void patches_are_merged_by_what_divides_a_side() {
    assertThat(Configs.read(model("image_size=512", "downsample_factor=4")).encoder()).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image_size=512 | downsample_factor=3 | not a multiple of downsample_factor 3",
        "image_size=512 | downsample_factor=1000 | not a multiple of downsample_factor 1000",
        "image_size=1 | downsample_factor=2 | image_size is 1, which is less than a patch",
        "image_size=512 | alignment_intermediate_size=1 | one half gates the other"
      })
  void sides_that_its_code_cannot_reshape_are_refused(String image, String more, String message) {
    assertThatThrownBy(() -> Configs.read(model(image, more)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }
}
