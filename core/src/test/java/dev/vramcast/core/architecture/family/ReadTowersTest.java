package dev.vramcast.core.architecture.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Configs;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.input.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which towers run on images, and which are held alone. */
class ReadTowersTest {

  private static final String TEXT =
      " hidden_size=64 intermediate_size=128 num_hidden_layers=2 num_attention_heads=4"
          + " num_key_value_heads=4 vocab_size=100";
  private static final String SIGLIP =
      "model_type=siglip_vision_model hidden_size=32 intermediate_size=64 num_hidden_layers=2"
          + " num_attention_heads=4 image_size=28 patch_size=14";
  private static final String CLIP =
      "vision_config={ model_type=clip_vision_model hidden_size=32 intermediate_size=64"
          + " num_hidden_layers=2 num_attention_heads=4 image_size=28 patch_size=14 }";
  private static final String CANVASES = " image_grid_pinpoints=[ [ 28 56 ] [ 56 28 ] ] ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_type=deepseek_vl vision_config={ " + SIGLIP + " vision_use_head=false }",
        "model_type=aya_vision vision_config={ " + SIGLIP + " vision_use_head=false }",
        "model_type=llava_next_video" + CANVASES + CLIP,
        "model_type=vipllava vision_feature_layer=[ -1 1 ] " + CLIP,
        "model_type=qianfan_ocr vision_config={ hidden_size=32 num_attention_heads=4 }",
        "model_type=janus vision_config={ hidden_size=32 num_attention_heads=4 image_size=32 }"
            + " vq_config={ }",
        "model_type=cohere_compass vision_config={ hidden_size=32 num_heads=4 }",
        "model_type=idefics2 vision_config={ hidden_size=32 num_attention_heads=4 image_size=28"
            + " patch_size=14 } perceiver_config={ }",
        "model_type=lfm2_vl vision_config={ hidden_size=32 num_attention_heads=4"
            + " vision_use_head=false }",
        "model_type=ovis2 vision_config={ hidden_size=32 num_attention_heads=4 }",
        "model_type=ovis2 vision_config={ hidden_size=32 num_attention_heads=4 hidden_stride=2 }",
        "model_type=gemma3n vision_config={ } audio_config={ }",
        "model_type=lighton_ocr vision_config={ hidden_size=32 num_attention_heads=4 }",
        "model_type=glm_ocr vision_config={ hidden_size=32 num_heads=4 }",
        "model_type=gemma4_unified vision_config={ mm_embed_dim=32 } audio_config={ }"
      })
  void a_tower_of_which_all_is_described_runs(String config) {
    assertThat(tower(config).encoder()).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model_type=deepseek_vl vision_config={ " + SIGLIP + " vision_use_head=true }",
        "model_type=aya_vision vision_config={ " + SIGLIP + " vision_use_head=true }",
        "model_type=aya_vision vision_feature_layer=-2 vision_config={ "
            + SIGLIP
            + " vision_use_head=false }",
        "model_type=llava_next_video spatial_pool_mode=conv" + CANVASES + CLIP,
        "model_type=llava_next_video vision_feature_layer=[ -2 -1 ]" + CANVASES + CLIP,
        "model_type=janus vision_config={ hidden_size=32 num_attention_heads=4 use_qk_norm=true }"
            + " vq_config={ }",
        "model_type=vipllava " + CLIP,
        "model_type=lfm2_vl vision_config={ hidden_size=32 num_attention_heads=4 }",
        "model_type=gemma3n vision_config={ architecture=mobilenetv5_base } audio_config={ }",
        "model_type=gemma3n vision_config={ hidden_size=1024 } audio_config={ }",
        "model_type=ovis2 vision_config={ tokenize_function=st_argmax }",
        "model_type=ovis2 vision_config={ image_size=42 hidden_stride=2 }",
        "model_type=qianfan_ocr vision_feature_layer=-2 vision_config={ hidden_size=32 }",
        "model_type=vipllava vision_feature_layer=-2 " + CLIP,
        "model_type=vipllava vision_feature_layer=[ -1 2 ] " + CLIP,
        "model_type=vipllava vision_feature_layer=[ 0 1 ] " + CLIP
      })
  void a_tower_with_more_than_is_described_is_held_alone(String config) {
    assertThat(tower(config).encoder()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "vision_feature_layers=[ 4294967297 2 ], vision_feature_layers has 4294967297",
    "vision_feature_layer=[ 1.5 2 ], vision_feature_layer has 1.5",
    "vision_feature_layer=[ 1 last ], vision_feature_layer has"
  })
  void layers_that_are_read_are_whole_numbers(String layers, String message) {
    assertThatThrownBy(() -> tower("model_type=vipllava " + layers + " " + CLIP))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("allowed: whole numbers");
  }

  @Test
  void what_makes_images_rests_beside_what_reads_them() {
    Architecture janus =
        read(
            "model_type=janus vision_config={ hidden_size=32 num_attention_heads=4 }"
                + " vq_config={ }");

    assertThat(janus.towers()).extracting(Tower::name).containsExactly("vision", "words");
    assertThat(janus.towers().get(1).encoder()).isEmpty();
  }

  @Test
  void images_of_the_unified_gemma_4_see_themselves_in_all_layers_and_have_no_tower_behind_them() {
    Encoder encoder =
        tower("model_type=gemma4_unified vision_config={ mm_embed_dim=32 } audio_config={ }")
            .encoder()
            .orElseThrow();

    assertThat(encoder.stack().layerCount()).isZero();
    assertThat(encoder.tokens().sight()).isEqualTo(Encoder.Sight.ALL);
  }

  @Test
  void tokens_of_gemma_3n_are_looked_up_among_the_words_of_both_encoders_too() {
    Architecture gemma = read("model_type=gemma3n vision_config={ } audio_config={ }");

    assertThat(gemma.towers())
        .extracting(tower -> tower.words().orElseThrow().table().shape().get(1))
        .containsExactly(2048L, 1536L);
  }

  @Test
  void glm_ocr_normalises_queries_and_keys_of_each_head() {
    VisionStack stack =
        tower("model_type=glm_ocr vision_config={ hidden_size=32 num_heads=4 }")
            .encoder()
            .orElseThrow()
            .stack();
    PatchAttention attention =
        (PatchAttention) stack.layers().read().get(0).period().get(0).mixer();

    assertThat(attention.norms()).extracting(each -> each.size()).containsExactly(8L, 8L);
  }

  private static Tower tower(String config) {
    return read(config).towers().get(0);
  }

  private static Architecture read(String config) {
    return Configs.read(config + " text_config={" + TEXT + " }");
  }
}
