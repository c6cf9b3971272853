package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.family.Families;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Published models with towers. */
class PublishedMultimodalModelsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void has_its_number_of_parameters(String name, long parameters, Map<String, Object> config) {
    Architecture architecture = Families.read(new ModelConfig(name, config));

    assertThat(Tensors.count(architecture)).isEqualTo(parameters);
  }

  static Stream<Arguments> models() {
    return Configs.cases(
        """
        Gemma-3-4b 4,300,079,472: gemma3 text_config={gemma3_text hidden_size=2560
          intermediate_size=10240 num_hidden_layers=34 sliding_window=1024}
          vision_config={siglip_vision_model hidden_size=1152 image_size=896
          intermediate_size=4304 num_attention_heads=16 num_hidden_layers=27 patch_size=14
          vision_use_head=false}
        Gemma-3-12b 12,187,325,040: gemma3 text_config={gemma3_text hidden_size=3840
          intermediate_size=15360 num_attention_heads=16 num_hidden_layers=48
          num_key_value_heads=8 sliding_window=1024} vision_config={siglip_vision_model
          hidden_size=1152 image_size=896 intermediate_size=4304 num_attention_heads=16
          num_hidden_layers=27 patch_size=14 vision_use_head=false}
        Gemma-3-27b 27,432,406,640: gemma3 text_config={gemma3_text head_dim=128
          hidden_size=5376 intermediate_size=21504 num_attention_heads=32 num_hidden_layers=62
          num_key_value_heads=16 sliding_window=1024} vision_config={siglip_vision_model
          hidden_size=1152 image_size=896 intermediate_size=4304 num_attention_heads=16
          num_hidden_layers=27 patch_size=14 vision_use_head=false}
        Qwen2.5-VL-3B 3,754,622,976: qwen2_5_vl 151936 2048 11008 36 16 2
          tie_word_embeddings=true vision_config={depth=32 hidden_size=1280
          intermediate_size=3420 num_heads=16 in_chans=3 out_hidden_size=2048 patch_size=14
          spatial_merge_size=2 temporal_patch_size=2}
        Qwen2.5-VL-7B 8,292,166,656: qwen2_5_vl 152064 3584 18944 28 28 4
          tie_word_embeddings=false vision_config={depth=32 hidden_size=1280
          intermediate_size=3420 num_heads=16 in_chans=3 out_hidden_size=3584 patch_size=14
          spatial_merge_size=2 temporal_patch_size=2}
        Qwen2-VL-7B 8,291,375,616: qwen2_vl 152064 3584 18944 28 28 4 tie_word_embeddings=false
          vision_config={depth=32 embed_dim=1280 mlp_ratio=4 num_heads=16 in_chans=3
          hidden_size=3584 patch_size=14 spatial_merge_size=2}
        Qwen3-VL-8B 8,767,123,696: qwen3_vl tie_word_embeddings=false text_config={qwen3_vl_text
          151936 4096 12288 36 32 8 head_dim=128} vision_config={depth=27 hidden_size=1152
          intermediate_size=4304 num_heads=16 in_channels=3 out_hidden_size=4096 patch_size=16
          spatial_merge_size=2 temporal_patch_size=2 num_position_embeddings=2304
          deepstack_visual_indexes=[8 16 24]}
        Qwen3-VL-30B-A3B 31,070,754,032: qwen3_vl_moe tie_word_embeddings=false
          text_config={qwen3_vl_moe_text 151936 2048 6144 48 32 4 head_dim=128
          moe_intermediate_size=768 num_experts=128 num_experts_per_tok=8}
          vision_config={depth=27 hidden_size=1152 intermediate_size=4304 num_heads=16
          in_channels=3 out_hidden_size=2048 patch_size=16 spatial_merge_size=2
          temporal_patch_size=2 num_position_embeddings=2304 deepstack_visual_indexes=[8 16 24]}
        Qwen3.5-35B-A3B 35,107,181,936: qwen3_5_moe tie_word_embeddings=false
          text_config={qwen3_5_moe_text vocab_size=248320 hidden_size=2048 num_hidden_layers=40
          num_attention_heads=16 num_key_value_heads=2 head_dim=256 moe_intermediate_size=512
          shared_expert_intermediate_size=512 num_experts=256 num_experts_per_tok=8
          linear_num_key_heads=16 linear_num_value_heads=32 linear_key_head_dim=128
          linear_value_head_dim=128} vision_config={depth=27 hidden_size=1152
          intermediate_size=4304 num_heads=16 in_channels=3 out_hidden_size=2048 patch_size=16
          spatial_merge_size=2 temporal_patch_size=2 num_position_embeddings=2304}
        Qwen3.5-4B 4,539,265,536: qwen3_5 tie_word_embeddings=true text_config={qwen3_5_text
          248320 2560 9216 32 16 4 head_dim=256 tie_word_embeddings=true linear_num_key_heads=16
          linear_num_value_heads=32 linear_key_head_dim=128 linear_value_head_dim=128}
          vision_config={depth=24 hidden_size=1024 intermediate_size=4096 num_heads=16
          in_channels=3 out_hidden_size=2560 patch_size=16 spatial_merge_size=2
          temporal_patch_size=2 num_position_embeddings=2304}
        Mistral-Small-3.1-24B 24,011,361,280: mistral3 text_config={mistral 131072 5120 32768 40
          32 8 head_dim=128 tie_word_embeddings=false} vision_config={pixtral hidden_size=1024
          intermediate_size=4096 num_hidden_layers=24 num_attention_heads=16 image_size=1540
          patch_size=14} spatial_merge_size=2
        pixtral-12b 12,682,739,712: llava text_config={mistral 131072 5120 14336 40 32 8
          head_dim=128} vision_config={pixtral hidden_size=1024 intermediate_size=4096
          num_hidden_layers=24 num_attention_heads=16 image_size=1024 patch_size=16}
        llava-1.5-7b 7,063,427,072: llava text_config={llama vocab_size=32064}
          vision_config={clip_vision_model hidden_size=1024 image_size=336
          intermediate_size=4096 num_attention_heads=16 num_hidden_layers=24 patch_size=14
          projection_dim=768}
        Llama-3.2-11B-Vision 10,670,220,835: mllama text_config={mllama_text_model 128256 4096
          14336 40 32 8 cross_attention_layers=[3 8 13 18 23 28 33 38]
          tie_word_embeddings=false} vision_config={hidden_size=1280 intermediate_size=5120
          num_hidden_layers=32 num_global_layers=8 attention_heads=16 image_size=560
          patch_size=14 vision_output_dim=7680 max_num_tiles=4}
        SmolVLM2-2.2B 2,246,784,880: smolvlm scale_factor=3 tie_word_embeddings=false
          text_config={llama 49280 2048 8192 24 32 32 head_dim=64}
          vision_config={hidden_size=1152 image_size=384 intermediate_size=4304
          num_attention_heads=16 num_hidden_layers=27 patch_size=14}
        gemma-3n-E2B 5,439,438,272: gemma3n text_config={gemma3n_text vocab_size=262400
          vocab_size_per_layer_input=262144 hidden_size=2048 hidden_size_per_layer_input=256
          intermediate_size=[8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192
          8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192 8192]
          num_hidden_layers=30 num_attention_heads=8 num_key_value_heads=2 head_dim=256
          num_kv_shared_layers=10 laurel_rank=64 activation_sparsity_pattern=[0.95 0.95 0.95
          0.95 0.95 0.95 0.95 0.95 0.95 0.95 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0
          0.0 0.0 0.0 0.0 0.0 0.0 0.0]} vision_config={} audio_config={}
        voxtral-mini-3b 4,676,271,104: voxtral text_config={llama 131072 3072 8192 30 32 8
          head_dim=128} audio_config={hidden_size=1280 intermediate_size=5120
          num_hidden_layers=32 num_attention_heads=20 num_mel_bins=128
          max_source_positions=1500}
        """);
  }
}
