package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Decoders with routed experts of small sizes, counted by instantiating the model in Transformers.
 */
class SparseFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.cases(
        """
        phimoe 944,360: phimoe small num_local_experts=4 attention_bias=true lm_head_bias=true
        mixtral 941,376: mixtral small num_local_experts=4
        qwen2_moe 394,432: qwen2_moe small num_experts=4 moe_intermediate_size=32
          shared_expert_intermediate_size=48 num_experts_per_tok=2 mlp_only_layers=[1]
          decoder_sparse_step=2
        qwen3_moe 351,744: qwen3_moe small num_experts=4 moe_intermediate_size=32
          num_experts_per_tok=2 head_dim=16
        deepseek_v2 523,712: deepseek_v2 small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=40
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12 first_k_dense_replace=2 n_group=1
          topk_group=1
        deepseek_v3 523,712: deepseek_v3 small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=40
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12 first_k_dense_replace=2 n_group=1
          topk_group=1
        deepseek_v2_lite 522,512: deepseek_v2 small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=null
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12 first_k_dense_replace=2 n_group=1
          topk_group=1 attention_bias=true
        gpt_oss 951,792: gpt_oss small num_local_experts=4 num_experts_per_tok=2 head_dim=16
        llama4_text 719,424: llama4_text small intermediate_size_mlp=96 num_local_experts=4
          interleave_moe_layer_step=2 head_dim=16
        glm4_moe 426,464: glm4_moe small n_routed_experts=4 num_experts_per_tok=2
          moe_intermediate_size=32 head_dim=24 attention_bias=true use_qk_norm=true
        glm4_moe_lite 554,944: glm4_moe_lite small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=40
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12 n_group=1 topk_group=1
        mistral4 523,712: mistral4 small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=40
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12 first_k_dense_replace=2
          head_dim=24
        olmoe 941,952: olmoe small num_experts=4 num_experts_per_tok=2
        granitemoe 941,376: granitemoe small num_local_experts=4
        granitemoeshared 996,672: granitemoeshared small num_local_experts=4
          shared_intermediate_size=48
        ernie4_5_moe 354,900: ernie4_5_moe small moe_num_experts=4 moe_k=2
          moe_intermediate_size=32 moe_num_shared_experts=2 moe_layer_start_index=1
        hunyuan_v1_moe 1,125,888: hunyuan_v1_moe small head_dim=16 num_experts=4 moe_topk=2
        minimax_m2 941,952: minimax_m2 small num_local_experts=4 num_experts_per_tok=2
          head_dim=16
        dbrx 387,264: dbrx vocab_size=1000 d_model=64 n_heads=4 n_layers=3 max_seq_len=128
          attn_config={kv_n_heads=2 clip_qkv=8 rope_theta=10000.0}
          ffn_config={ffn_hidden_size=96 moe_num_experts=4 moe_top_k=2}
        gemma4_moe 480,568: gemma4_text small head_dim=16 global_head_dim=32
          hidden_size_per_layer_input=0 num_global_key_value_heads=1 attention_k_eq_v=true
          enable_moe_block=true num_experts=4 top_k_experts=2 moe_intermediate_size=32
        lfm2_moe 312,288: lfm2_moe small num_experts=4 moe_intermediate_size=32
          num_experts_per_tok=2 num_dense_layers=2 layer_types=[conv full_attention conv
          full_attention conv full_attention]
        qwen3_next 468,480: qwen3_next small linear_num_key_heads=2 linear_num_value_heads=4
          linear_key_head_dim=16 linear_value_head_dim=24 head_dim=16 num_experts=4
          moe_intermediate_size=32 shared_expert_intermediate_size=48 num_experts_per_tok=2
        granitemoehybrid 1,059,872: granitemoehybrid small num_local_experts=4
          shared_intermediate_size=48 layers_block_type=[mamba mamba attention mamba mamba
          attention] mamba_n_heads=8 mamba_d_state=16 mamba_d_head=16 mamba_n_groups=1
        jamba 992,728: jamba small num_hidden_layers=8 num_experts=4 mamba_dt_rank=8
        nemotron_h 253,576: nemotron_h small hybrid_override_pattern=M-M*-M head_dim=16
          mamba_num_heads=8 mamba_head_dim=12 n_groups=2 ssm_state_size=16
        nemotron_h_moe 234,160: nemotron_h small hybrid_override_pattern=MEM*E head_dim=16
          mamba_num_heads=8 mamba_head_dim=12 n_groups=2 ssm_state_size=16 n_routed_experts=4
          moe_intermediate_size=32 moe_shared_expert_intermediate_size=48 num_experts_per_tok=2
        nemotron_h_latent 219,824: nemotron_h small hybrid_override_pattern=MEM*E
          moe_latent_size=24 head_dim=16 mamba_num_heads=8 mamba_head_dim=12 n_groups=2
          ssm_state_size=16 n_routed_experts=4 moe_intermediate_size=32
          moe_shared_expert_intermediate_size=48 num_experts_per_tok=2
        afmoe 444,436: afmoe small num_experts=4 num_experts_per_tok=2 moe_intermediate_size=32
          head_dim=16
        dots1 419,072: dots1 small n_routed_experts=4 n_shared_experts=2 num_experts_per_tok=2
          moe_intermediate_size=32 first_k_dense_replace=1
        exaone_moe 388,352: exaone_moe small num_experts=4 num_experts_per_tok=2
          moe_intermediate_size=32
        flex_olmo 941,952: flex_olmo small num_experts=4 num_experts_per_tok=2
        hy_v3 388,352: hy_v3 small num_experts=4 num_experts_per_tok=2 moe_intermediate_size=32
          head_dim=16
        solar_open 388,416: solar_open small n_routed_experts=4 n_shared_experts=1
          num_experts_per_tok=2 moe_intermediate_size=32 head_dim=16
        axk1 555,264: axk1 small n_routed_experts=8 num_experts_per_tok=2 moe_intermediate_size=32
          n_shared_experts=2 kv_lora_rank=24 q_lora_rank=40 qk_rope_head_dim=8
          qk_nope_head_dim=16 v_head_dim=12 n_group=1 topk_group=1
        bamba 450,080: bamba small mamba_n_heads=8 mamba_d_state=16 attn_layer_indices=[2 5]
        cohere2_moe 925,888: cohere2_moe small num_experts=4 num_experts_per_tok=2
          num_shared_experts=1 first_k_dense_replace=1 prefix_dense_intermediate_size=96
          head_dim=16
        deepseek_v32 507,264: deepseek_v32 small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=40
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12 n_group=1 topk_group=1
          index_n_heads=2 index_head_dim=16
        glm_moe_dsa 507,264: glm_moe_dsa small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=40
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12 n_group=1 topk_group=1
          index_n_heads=2 index_head_dim=16
        laguna 405,268: laguna small num_experts=4 num_experts_per_tok=2
          moe_intermediate_size=32 shared_expert_intermediate_size=48 head_dim=16
        mellum 351,744: mellum small num_local_experts=4 num_experts_per_tok=2
          moe_intermediate_size=32 head_dim=16
        sarvam_mla 553,168: sarvam_mla small n_routed_experts=8 num_experts_per_tok=2
          moe_intermediate_size=32 n_shared_experts=2 kv_lora_rank=24 q_lora_rank=null
          qk_rope_head_dim=8 qk_nope_head_dim=16 v_head_dim=12
        sarvam_moe 425,312: sarvam_moe small n_routed_experts=4 num_experts_per_tok=2
          moe_intermediate_size=32 head_dim=24
        granitemoe_swa 996,696: granitemoe_swa small num_local_experts=4 shared_intermediate_size=48
        kolibri1 407,808: kolibri1 small num_experts=4 num_experts_per_tok=2
          moe_intermediate_size=32 shared_expert_intermediate_size=48 head_dim=16
        mimo_v2_flash 370,768: mimo_v2_flash small num_key_value_heads=1 head_dim=24 v_head_dim=16
          n_routed_experts=4 num_experts_per_tok=2 moe_intermediate_size=32
        minimax 974,400: minimax small num_local_experts=4 head_dim=16
          layer_types=[linear_attention linear_attention full_attention linear_attention
          linear_attention full_attention]
        kimi_linear 436,348: kimi_linear small num_key_value_heads=4 num_experts=4
          num_experts_per_token=2 moe_intermediate_size=32 kv_lora_rank=24 qk_nope_head_dim=16
          qk_rope_head_dim=8 v_head_dim=12 linear_num_heads=4 linear_head_dim=16
        lara_mini 377,216: lara_mini small head_dim=16 num_experts=4 num_experts_per_tok=2
          moe_intermediate_size=32 shared_expert_intermediate_size=48 linear_num_key_heads=2
          linear_num_value_heads=4 linear_key_head_dim=16 linear_value_head_dim=24
        flint 400,408: flint small num_experts=4 num_experts_per_tok=2 moe_intermediate_size=32
          shared_expert_intermediate_size=48 head_dim=16
        """);
  }
}
