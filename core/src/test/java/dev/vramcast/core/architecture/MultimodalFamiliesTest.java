package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Models with towers of small sizes, counted by instantiating the model in Transformers. */
class MultimodalFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.cases(
        """
        gemma3 381,024: gemma3 text_config={gemma3_text small head_dim=16}
          vision_config={siglip_vision_model hidden_size=32 intermediate_size=64
          num_hidden_layers=3 num_attention_heads=4 image_size=112 patch_size=14}
        siglip_nohead 372,512: gemma3 text_config={gemma3_text small head_dim=16}
          vision_config={siglip_vision_model hidden_size=32 intermediate_size=64
          num_hidden_layers=3 num_attention_heads=4 image_size=112 patch_size=14
          vision_use_head=false}
        gemma3n_a 976,803,976: gemma3n architectures=[Gemma3nForConditionalGeneration]
          text_config={gemma3n_text small intermediate_size=[160 160 160 160 160 160 160 160 160
          160] num_hidden_layers=10 head_dim=16 hidden_size_per_layer_input=8
          vocab_size_per_layer_input=1000 num_kv_shared_layers=3 laurel_rank=8
          activation_sparsity_pattern=[0.9 0.9 0.9 0.0 0.0 0.0 0.0 0.0 0.0 0.0]}
        gemma4 892,008: gemma4 text_config={gemma4_text small num_hidden_layers=12 head_dim=16
          global_head_dim=32 hidden_size_per_layer_input=8 vocab_size_per_layer_input=1000
          num_kv_shared_layers=2} vision_config={hidden_size=32 intermediate_size=64
          num_hidden_layers=3 num_attention_heads=4 num_key_value_heads=4 head_dim=8
          patch_size=14 position_embedding_size=50} audio_config={hidden_size=32
          num_hidden_layers=2 num_attention_heads=4 conv_kernel_size=5 output_proj_dims=48}
        gemma4_unified 654,448: gemma4_unified text_config={gemma4_unified_text small
          num_hidden_layers=12 head_dim=16 global_head_dim=32} vision_config={patch_size=8
          pooling_kernel_size=2 mm_embed_dim=48 mm_posemb_size=20 output_proj_dims=48}
          audio_config={audio_embed_dim=40 output_proj_dims=40}
        paligemma 380,864: paligemma text_config={gemma2 small head_dim=16}
          vision_config={siglip_vision_model hidden_size=32 intermediate_size=64
          num_hidden_layers=3 num_attention_heads=4 image_size=112 patch_size=14
          projection_dim=64} projection_dim=64
        llama4 1,194,848: llama4 text_config={llama4_text small intermediate_size_mlp=96
          num_local_experts=4 interleave_moe_layer_step=1 head_dim=16}
          vision_config={hidden_size=32 intermediate_size=128 num_hidden_layers=3
          num_attention_heads=4 image_size=56 patch_size=14 vision_output_dim=48
          projector_input_dim=48 projector_output_dim=48 pixel_shuffle_ratio=0.5}
        mllama 477,163: mllama text_config={mllama_text_model small cross_attention_layers=[1
          4]} vision_config={hidden_size=32 intermediate_size=64 num_hidden_layers=3
          num_global_layers=2 attention_heads=4 image_size=56 patch_size=14
          intermediate_layers_indices=[0 2] vision_output_dim=96 max_num_tiles=4
          supported_aspect_ratios=[[1 1] [1 2] [1 3] [1 4] [2 1] [2 2] [3 1] [4 1]]}
        mistral3 446,912: mistral3 text_config={mistral small head_dim=16}
          vision_config={pixtral hidden_size=32 intermediate_size=64 num_hidden_layers=3
          num_attention_heads=4 image_size=56 patch_size=14} spatial_merge_size=2
        llava_pixtral 442,912: llava text_config={mistral small head_dim=16}
          vision_config={pixtral hidden_size=32 intermediate_size=64 num_hidden_layers=3
          num_attention_heads=4 image_size=56 patch_size=14} vision_feature_layer=-1
        llava_clip 438,304: llava text_config={llama small} vision_config={clip_vision_model
          hidden_size=32 intermediate_size=64 num_hidden_layers=3 num_attention_heads=4
          image_size=56 patch_size=14 projection_dim=48}
        llava_next 438,368: llava_next text_config={mistral small}
          vision_config={clip_vision_model hidden_size=32 intermediate_size=64
          num_hidden_layers=3 num_attention_heads=4 image_size=56 patch_size=14
          projection_dim=48}
        llava_onevision 440,576: llava_onevision text_config={qwen2 small}
          vision_config={siglip_vision_model hidden_size=32 intermediate_size=64
          num_hidden_layers=3 num_attention_heads=4 image_size=112 patch_size=14
          vision_use_head=false}
        qwen2_vl 488,224: qwen2_vl small vision_config={depth=3 embed_dim=32 hidden_size=64
          mlp_ratio=4 num_heads=4 patch_size=14 spatial_merge_size=2 temporal_patch_size=2}
        qwen2_5_vl 484,208: qwen2_5_vl small vision_config={depth=3 hidden_size=32
          intermediate_size=72 out_hidden_size=64 num_heads=4 patch_size=14 spatial_merge_size=2
          temporal_patch_size=2}
        qwen3_vl 542,936: qwen3_vl text_config={qwen3_vl_text small head_dim=16}
          vision_config={depth=3 hidden_size=32 intermediate_size=72 out_hidden_size=64
          num_heads=4 patch_size=16 spatial_merge_size=2 temporal_patch_size=2
          num_position_embeddings=144 deepstack_visual_indexes=[0 1]}
        qwen3_vl_moe 507,608: qwen3_vl_moe text_config={qwen3_vl_moe_text small head_dim=16
          num_experts=4 moe_intermediate_size=32 num_experts_per_tok=2} vision_config={depth=3
          hidden_size=32 intermediate_size=72 out_hidden_size=64 num_heads=4 patch_size=16
          spatial_merge_size=2 temporal_patch_size=2 num_position_embeddings=144
          deepstack_visual_indexes=[0 1]}
        qwen3_5 553,944: qwen3_5 text_config={qwen3_5_text small linear_num_key_heads=2
          linear_num_value_heads=4 linear_key_head_dim=16 linear_value_head_dim=24 head_dim=16}
          vision_config={depth=3 hidden_size=32 intermediate_size=72 out_hidden_size=64
          num_heads=4 patch_size=16 spatial_merge_size=2 temporal_patch_size=2
          num_position_embeddings=144}
        qwen3_5_moe 574,296: qwen3_5_moe text_config={qwen3_5_moe_text small
          intermediate_size=absent linear_num_key_heads=2 linear_num_value_heads=4
          linear_key_head_dim=16 linear_value_head_dim=24 head_dim=16 num_experts=4
          moe_intermediate_size=32 shared_expert_intermediate_size=48 num_experts_per_tok=2}
          vision_config={depth=3 hidden_size=32 intermediate_size=72 out_hidden_size=64
          num_heads=4 patch_size=16 spatial_merge_size=2 temporal_patch_size=2
          num_position_embeddings=144}
        glm4v 482,336: glm4v text_config={glm4v_text small} vision_config={hidden_size=32
          intermediate_size=64 out_hidden_size=64 depth=3 num_heads=4 image_size=56
          patch_size=14}
        glm4v_moe 482,848: glm4v_moe text_config={glm4v_moe_text small n_routed_experts=4
          num_experts_per_tok=2 moe_intermediate_size=32 n_shared_experts=1 attention_bias=true
          head_dim=16} vision_config={hidden_size=32 intermediate_size=64 out_hidden_size=64
          depth=3 num_heads=4 image_size=56 patch_size=14}
        idefics3 440,128: idefics3 text_config={llama small} vision_config={hidden_size=32
          intermediate_size=64 num_hidden_layers=3 num_attention_heads=4 image_size=56
          patch_size=14} scale_factor=2
        smolvlm 440,128: smolvlm text_config={llama small} vision_config={hidden_size=32
          intermediate_size=64 num_hidden_layers=3 num_attention_heads=4 image_size=56
          patch_size=14} scale_factor=2
        internvl 445,280: internvl text_config={qwen2 small} vision_config={hidden_size=32
          intermediate_size=64 num_hidden_layers=3 num_attention_heads=4 image_size=[56 56]
          patch_size=[14 14]}
        lfm2_vl 511,120: lfm2_vl text_config={lfm2 small layer_types=[conv full_attention conv
          full_attention conv full_attention]} vision_config={siglip2_vision_model
          hidden_size=32 intermediate_size=64 num_hidden_layers=3 num_attention_heads=4
          patch_size=14 num_patches=64} projector_hidden_size=48
        paddleocr_vl 392,768: paddleocr_vl text_config={paddleocr_vl_text small head_dim=16}
          vision_config={hidden_size=32 intermediate_size=64 num_hidden_layers=3
          num_attention_heads=4 image_size=56 patch_size=14}
        whisper 37,760,640: whisper d_model=384 encoder_layers=4 encoder_attention_heads=6
          encoder_ffn_dim=1536 decoder_layers=4 decoder_attention_heads=6 decoder_ffn_dim=1536
          num_mel_bins=80 vocab_size=51865 architectures=[WhisperForConditionalGeneration]
        t5 60,506,624: t5 d_model=512 d_kv=64 d_ff=2048 num_layers=6 num_heads=8 vocab_size=32128
          architectures=[T5ForConditionalGeneration]
        flan_t5 247,577,856: t5 d_model=768 d_kv=64 d_ff=2048 num_layers=12 num_heads=12
          vocab_size=32128 feed_forward_proj=gated-gelu tie_word_embeddings=false
        mt5 300,176,768: mt5 d_model=512 d_kv=64 d_ff=1024 num_layers=8 num_heads=6
          vocab_size=250112 feed_forward_proj=gated-gelu
        bart 139,420,416: bart d_model=768 encoder_layers=6 decoder_layers=6
          encoder_attention_heads=12 decoder_attention_heads=12 encoder_ffn_dim=3072
          decoder_ffn_dim=3072 vocab_size=50265 max_position_embeddings=1024
        mbart 610,879,488: mbart d_model=1024 encoder_layers=12 decoder_layers=12
          encoder_attention_heads=16 decoder_attention_heads=16 encoder_ffn_dim=4096
          decoder_ffn_dim=4096 vocab_size=250054 max_position_embeddings=1024
        nllb 615,073,792: m2m_100 d_model=1024 encoder_layers=12 decoder_layers=12
          encoder_attention_heads=16 decoder_attention_heads=16 encoder_ffn_dim=4096
          decoder_ffn_dim=4096 vocab_size=256206 max_position_embeddings=1024
        pegasus 570,797,056: pegasus d_model=1024 encoder_layers=16 decoder_layers=16
          encoder_attention_heads=16 decoder_attention_heads=16 encoder_ffn_dim=4096
          decoder_ffn_dim=4096 vocab_size=96103 max_position_embeddings=1024
        marian 74,410,496: marian d_model=512 encoder_layers=6 decoder_layers=6
          encoder_attention_heads=8 decoder_attention_heads=8 encoder_ffn_dim=2048
          decoder_ffn_dim=2048 vocab_size=58101 max_position_embeddings=512
        umt5 306,601,984: umt5 d_model=512 d_kv=64 d_ff=1024 num_layers=8 num_heads=6
          vocab_size=256384 feed_forward_proj=gated-gelu tie_word_embeddings=false
        voxtral 428,544: voxtral text_config={llama small head_dim=16}
          audio_config={hidden_size=32 intermediate_size=64 num_hidden_layers=3
          num_attention_heads=4 max_source_positions=100 num_mel_bins=16}
        qwen2_audio 423,232: qwen2_audio text_config={qwen2 small}
          audio_config={qwen2_audio_encoder d_model=32 encoder_layers=3
          encoder_attention_heads=4 encoder_ffn_dim=64 num_mel_bins=16 max_source_positions=100}
          architectures=[Qwen2AudioForConditionalGeneration]
        qwen2_5_omni_thinker 516,720: qwen2_5_omni_thinker text_config={qwen2_5_omni_text small}
          vision_config={depth=3 hidden_size=32 intermediate_size=72 out_hidden_size=64
          num_heads=4 patch_size=14 spatial_merge_size=2 temporal_patch_size=2}
          audio_config={d_model=32 encoder_layers=3 encoder_attention_heads=4 encoder_ffn_dim=64
          num_mel_bins=16 max_source_positions=100 output_dim=64}
        qwen3_omni_moe_thinker 548,664: qwen3_omni_moe_thinker text_config={qwen3_omni_moe_text
          small head_dim=16 num_experts=4 moe_intermediate_size=32 num_experts_per_tok=2}
          vision_config={depth=3 hidden_size=32 intermediate_size=72 out_hidden_size=64
          num_heads=4 patch_size=16 spatial_merge_size=2 temporal_patch_size=2
          num_position_embeddings=144 deepstack_visual_indexes=[0 1]} audio_config={d_model=32
          encoder_layers=3 encoder_attention_heads=4 encoder_ffn_dim=64 num_mel_bins=16
          max_source_positions=100 output_dim=64 downsample_hidden_size=24}
        """);
  }
}
