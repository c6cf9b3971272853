package dev.vramcast.core.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.architecture.family.Families;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Published language models. */
class PublishedLanguageModelsTest {

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void has_its_number_of_parameters(String name, long parameters, Map<String, Object> config) {
    Architecture architecture = Families.read(new ModelConfig(name, config));

    assertThat(Tensors.count(architecture)).isEqualTo(parameters);
  }

  static Stream<Arguments> models() {
    return Configs.cases(
        """
        Llama-2-7B 6,738,415,616: llama 32000 4096 11008 32 32
        Llama-3.1-8B 8,030,261,248: llama 128256 4096 14336 32 32 8
        Llama-3.1-70B 70,553,706,496: llama 128256 8192 28672 80 64 8
        Llama-3.1-405B 405,853,388,800: llama 128256 16384 53248 126 128 8
        Llama-3.2-1B 1,235,814,400: llama 128256 2048 8192 16 32 8 head_dim=64
          tie_word_embeddings=true
        Llama-3.2-3B 3,212,749,824: llama 128256 3072 8192 28 24 8 head_dim=128
          tie_word_embeddings=true
        TinyLlama 1,100,048,384: llama 32000 2048 5632 22 32 4
        Mistral-7B-v0.1 7,241,732,096: mistral 32000 4096 14336 32 32 8
        Mistral-Nemo-12B 12,247,782,400: mistral 131072 5120 14336 40 32 8 head_dim=128
        Mistral-Small-24B-2501 23,572,403,200: mistral 131072 5120 32768 40 32 8 head_dim=128
        Qwen2.5-0.5B 494,032,768: qwen2 151936 896 4864 24 14 2 tie_word_embeddings=true
        Qwen2.5-1.5B 1,543,714,304: qwen2 151936 1536 8960 28 12 2 tie_word_embeddings=true
        Qwen2.5-3B 3,085,938,688: qwen2 151936 2048 11008 36 16 2 tie_word_embeddings=true
        Qwen2.5-7B 7,615,616,512: qwen2 152064 3584 18944 28 28 4
        Qwen2.5-14B 14,770,033,664: qwen2 152064 5120 13824 48 40 8
        Qwen2.5-32B 32,763,876,352: qwen2 152064 5120 27648 64 40 8
        Qwen2.5-72B 72,706,203,648: qwen2 152064 8192 29568 80 64 8
        Qwen3-0.6B 596,049,920: qwen3 151936 1024 3072 28 16 8 head_dim=128
          tie_word_embeddings=true
        Qwen3-1.7B 1,720,574,976: qwen3 151936 2048 6144 28 16 8 head_dim=128
          tie_word_embeddings=true
        Qwen3-4B 4,022,468,096: qwen3 151936 2560 9728 36 32 8 head_dim=128
          tie_word_embeddings=true
        Qwen3-8B 8,190,735,360: qwen3 151936 4096 12288 36 32 8 head_dim=128
        Qwen3-14B 14,768,307,200: qwen3 151936 5120 17408 40 40 8 head_dim=128
        Qwen3-32B 32,762,123,264: qwen3 151936 5120 25600 64 64 8 head_dim=128
        Qwen3-30B-A3B 30,532,122,624: qwen3_moe 151936 2048 6144 48 32 4 head_dim=128
          moe_intermediate_size=768 num_experts=128 num_experts_per_tok=8
        Qwen3-235B-A22B 235,093,634,560: qwen3_moe 151936 4096 12288 94 64 4 head_dim=128
          moe_intermediate_size=1536 num_experts=128 num_experts_per_tok=8
        Qwen1.5-MoE-A2.7B 14,315,784,192: qwen2_moe 151936 2048 5632 24 16 16
          moe_intermediate_size=1408 shared_expert_intermediate_size=5632 num_experts=60
          num_experts_per_tok=4
        Phi-1.5 1,418,270,720: phi 51200 2048 8192 24 32
        Phi-2 2,779,683,840: phi 51200 2560 10240 32 32 partial_rotary_factor=0.4
        Phi-3-mini 3,821,079,552: phi3 32064 3072 8192 32 32
        Phi-4 14,659,507,200: phi3 100352 5120 17920 40 40 10
        Phi-3.5-MoE 41,873,153,344: phimoe 32064 4096 6400 32 32 8 num_local_experts=16
          num_experts_per_tok=2 attention_bias=true lm_head_bias=true
        Gemma-2b 2,506,172,416: gemma 256000 2048 16384 18 8 1 head_dim=256
        Gemma-7b 8,537,680,896: gemma 256000 3072 24576 28 16 16 head_dim=256
        Gemma-2-2b 2,614,341,888: gemma2 256000 2304 9216 26 8 4 head_dim=256
        Gemma-2-9b 9,241,705,984: gemma2 256000 3584 14336 42 16 8 head_dim=256
        Gemma-2-27b 27,227,128,320: gemma2 256000 4608 36864 46 32 16 head_dim=128
        Gemma-3-1b 999,885,952: gemma3_text 262144 1152 6912 26 4 1 head_dim=256
        Gemma-3-270m 268,098,176: gemma3_text 262144 640 2048 18 4 1 head_dim=256
        Mixtral-8x7B 46,702,792,704: mixtral 32000 4096 14336 32 32 8 num_local_experts=8
          num_experts_per_tok=2
        Mixtral-8x22B 140,620,634,112: mixtral 32000 6144 16384 56 48 8 num_local_experts=8
          num_experts_per_tok=2
        Mixtral-8x22B-v0.3 140,630,071,296: mixtral 32768 6144 16384 56 48 8 num_local_experts=8
          num_experts_per_tok=2
        DeepSeek-V3 671,026,404,352: deepseek_v3 129280 7168 18432 61 128 128
          moe_intermediate_size=2048 n_routed_experts=256 n_shared_experts=1
          num_experts_per_tok=8 first_k_dense_replace=3 q_lora_rank=1536 kv_lora_rank=512
          qk_nope_head_dim=128 qk_rope_head_dim=64 v_head_dim=128
        DeepSeek-V2-Lite 15,706,484,224: deepseek_v2 102400 2048 10944 27 16 16
          moe_intermediate_size=1408 n_routed_experts=64 n_shared_experts=2
          num_experts_per_tok=6 first_k_dense_replace=1 q_lora_rank=null kv_lora_rank=512
          qk_nope_head_dim=128 qk_rope_head_dim=64 v_head_dim=128
        Moonlight-16B-A3B 15,960,108,544: deepseek_v3 163840 2048 11264 27 16 16
          moe_intermediate_size=1408 n_routed_experts=64 n_shared_experts=2
          num_experts_per_tok=6 first_k_dense_replace=1 q_lora_rank=null kv_lora_rank=512
          qk_nope_head_dim=128 qk_rope_head_dim=64 v_head_dim=128
        gpt-oss-20b 20,914,757,184: gpt_oss 201088 2880 2880 24 64 8 head_dim=64
          num_local_experts=32 num_experts_per_tok=4
        gpt-oss-120b 116,829,156,672: gpt_oss 201088 2880 2880 36 64 8 head_dim=64
          num_local_experts=128 num_experts_per_tok=4
        Llama-4-Scout 107,769,861,120: llama4_text 202048 5120 8192 48 40 8 head_dim=128
          intermediate_size_mlp=16384 num_local_experts=16 num_experts_per_tok=1
          interleave_moe_layer_step=1
        Llama-4-Maverick 400,711,848,960: llama4_text 202048 5120 8192 48 40 8 head_dim=128
          intermediate_size_mlp=16384 num_local_experts=128 num_experts_per_tok=1
          interleave_moe_layer_step=2
        GLM-4-9b-chat-hf 9,399,951,360: glm 151552 4096 13696 40 32 2 head_dim=128
          attention_bias=true
        GLM-4-9B-0414 9,400,279,040: glm4 151552 4096 13696 40 32 2 head_dim=128
          attention_bias=true
        GLM-4-32B-0414 32,566,081,536: glm4 151552 6144 23040 61 48 2 head_dim=128
          attention_bias=false
        GLM-4.5-Air 106,852,245,504: glm4_moe 151552 4096 10944 46 96 8 head_dim=128
          moe_intermediate_size=1408 n_routed_experts=128 n_shared_experts=1
          num_experts_per_tok=8 first_k_dense_replace=1 attention_bias=true use_qk_norm=false
        GLM-4.7-Flash 29,943,390,976: glm4_moe_lite 154880 2048 10240 47 20 20
          moe_intermediate_size=1536 n_routed_experts=64 n_shared_experts=1
          num_experts_per_tok=4 first_k_dense_replace=1 q_lora_rank=768 kv_lora_rank=512
          qk_nope_head_dim=192 qk_rope_head_dim=64 v_head_dim=256
        OLMo-2-7B 7,298,617,344: olmo2 100352 4096 11008 32 32
        Olmo-3-7B 7,298,011,136: olmo3 100278 4096 11008 32 32
        OLMoE-1B-7B 6,919,161,856: olmoe 50304 2048 1024 16 16 num_experts=64
          num_experts_per_tok=8
        PowerLM-3b 3,510,819,072: granite 49152 2304 9216 40 36 36 tie_word_embeddings=true
        granite-3.0-3b-a800m 3,298,793,472: granitemoe 49155 1536 512 32 24 8
          num_local_experts=40 num_experts_per_tok=8 tie_word_embeddings=true
        Seed-OSS-36B 36,151,104,512: seed_oss 155136 5120 27648 64 80 8 head_dim=128
          attention_bias=true attention_out_bias=false
        internlm-7b 7,321,948,160: internlm 103168 4096 11008 32 32 bias=true
        internlm2-7b 7,737,708,544: internlm2 92544 4096 14336 32 32 8 bias=false
        internlm3-8b 8,804,241,408: internlm3 128512 4096 10240 48 32 2 head_dim=128
          qkv_bias=false bias=false
        Qwen-1.8B 1,836,828,672: qwen 151936 2048 11008 24 16 kv_channels=128 no_bias=true
        Qwen-7B 7,721,324,544: qwen 151936 4096 22016 32 32 kv_channels=128 no_bias=true
        Qwen-14B 14,167,290,880: qwen 152064 5120 27392 40 40 kv_channels=128 no_bias=true
        Qwen-72B 72,287,920,128: qwen 152064 8192 49152 80 64 kv_channels=128 no_bias=true
        Baichuan2-7B 7,505,973,248: baichuan 125696 4096 11008 32 32
        Baichuan2-13B 13,896,668,160: baichuan 125696 5120 13696 40 40 model_max_length=4096
        chatglm3-6b 6,243,584,000: chatglm hidden_size=4096 ffn_hidden_size=13696 num_layers=28
          num_attention_heads=32 kv_channels=128 multi_query_attention=true
          multi_query_group_num=2 padded_vocab_size=65024 seq_length=8192 add_bias_linear=false
          add_qkv_bias=true rmsnorm=true
        mpt-7b 6,649,286,656: mpt d_model=4096 n_layers=32 n_heads=32 expansion_ratio=4
          max_seq_len=2048 vocab_size=50432 no_bias=true learned_pos_emb=true
          attn_config={alibi=true}
        starcoder2-3b 3,030,371,328: starcoder2 49152 3072 12288 30 24 2
        falcon-7b 6,921,720,704: falcon hidden_size=4544 num_hidden_layers=32
          num_attention_heads=71 vocab_size=65024 bias=false multi_query=true parallel_attn=true
          new_decoder_architecture=false alibi=false
        falcon-40b 41,303,293,952: falcon hidden_size=8192 num_hidden_layers=60
          num_attention_heads=128 num_kv_heads=8 vocab_size=65024 bias=false multi_query=true
          parallel_attn=true new_decoder_architecture=true alibi=false
        pythia-1b 1,011,781,632: gpt_neox 50304 2048 8192 16 8
        pythia-6.9b 6,857,302,016: gpt_neox 50432 4096 16384 32 32
        starcoderbase 15,517,456,384: gpt_bigcode n_embd=6144 n_layer=40 n_head=48 n_inner=24576
          n_positions=8192 vocab_size=49152 multi_query=true
        gpt2 124,439,808: gpt2 n_embd=768 n_layer=12 n_head=12 n_positions=1024 vocab_size=50257
        gpt2-xl 1,557,611,200: gpt2 n_embd=1600 n_layer=48 n_head=25 n_positions=1024
          vocab_size=50257
        bert-base 109,482,240: bert 30522 768 3072 12 12 architectures=[BertModel]
        bert-large-cls 335,143,938: bert 30522 1024 4096 24 16
          architectures=[BertForSequenceClassification] num_labels=2
        bge-m3 567,754,752: xlm-roberta 250002 1024 4096 24 16 architectures=[XLMRobertaModel]
          max_position_embeddings=8194 type_vocab_size=1
        ModernBERT-large 395,881,664: modernbert 50368 1024 2624 28 16
          architectures=[ModernBertForMaskedLM]
        gpt-j-6b 6,050,882,784: gptj n_embd=4096 n_layer=28 n_head=16 rotary_dim=64
          vocab_size=50400 n_positions=2048
        opt-1.3b 1,315,758,080: opt vocab_size=50272 hidden_size=2048 ffn_dim=8192
          num_hidden_layers=24 num_attention_heads=32 max_position_embeddings=2048
          word_embed_proj_dim=2048
        opt-350m 331,196,416: opt vocab_size=50272 hidden_size=1024 ffn_dim=4096
          num_hidden_layers=24 num_attention_heads=16 max_position_embeddings=2048
          word_embed_proj_dim=512 do_layer_norm_before=false
        bloom-560m 559,214,592: bloom vocab_size=250880 hidden_size=1024 n_layer=24 n_head=16
        stablelm-2-1_6b 1,644,515,328: stablelm 100352 2048 5632 24 32 32 use_qkv_bias=true
        SmolLM3-3B 3,075,098,624: smollm3 128256 2048 11008 36 16 4
        Nemotron-Mini-4B 4,190,509,056: nemotron 256000 3072 9216 32 24 8 head_dim=128
        Qwen3-Next-80B-A3B 79,674,391,296: qwen3_next 151936 2048 5120 48 16 2 head_dim=256
          moe_intermediate_size=512 shared_expert_intermediate_size=512 num_experts=512
          num_experts_per_tok=10 linear_num_key_heads=16 linear_num_value_heads=32
          linear_key_head_dim=128 linear_value_head_dim=128
        LFM2-1.2B 1,170,340,608: lfm2 65536 2048 12288 16 32 8 block_ff_dim=12288
          block_auto_adjust_ff_dim=true block_multiple_of=256 full_attn_idxs=[2 5 8 10 12 14]
        Falcon-H1-0.5B 521,411,104: falcon_h1 32784 1024 2048 36 8 2 head_dim=64
          mamba_d_ssm=1536 mamba_n_heads=24 mamba_d_head=64 mamba_d_state=128 mamba_n_groups=1
          tie_word_embeddings=false
        Nemotron-3-Nano 31,577,937,344: nemotron_h vocab_size=131072 hidden_size=2688
          intermediate_size=1856 num_attention_heads=32 num_key_value_heads=2 head_dim=128
          hybrid_override_pattern=MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME
          mamba_num_heads=64 mamba_head_dim=64 n_groups=8 ssm_state_size=128
          n_routed_experts=128 moe_intermediate_size=1856
          moe_shared_expert_intermediate_size=3712 num_experts_per_tok=6
        Jamba-v0.1 51,570,323,328: jamba 65536 4096 14336 32 32 8 num_experts=16
          num_experts_per_tok=2 mamba_dt_rank=256
        dbrx 131,596,523,520: dbrx vocab_size=100352 d_model=6144 n_heads=48 n_layers=40
          max_seq_len=32768 attn_config={kv_n_heads=8 clip_qkv=8 rope_theta=500000.0}
          ffn_config={ffn_hidden_size=10752 moe_num_experts=16 moe_top_k=4}
        granite-4.0-h-micro 3,191,396,096: granitemoehybrid 100352 2048 8192 40 32 8
          num_local_experts=0 shared_intermediate_size=8192 layer_types=[mamba mamba mamba mamba
          mamba attention mamba mamba mamba mamba mamba mamba mamba mamba mamba attention mamba
          mamba mamba mamba mamba mamba mamba mamba mamba attention mamba mamba mamba mamba
          mamba mamba mamba mamba mamba attention mamba mamba mamba mamba] mamba_n_heads=64
          mamba_d_state=128 mamba_d_head=64 mamba_n_groups=1 tie_word_embeddings=true
          position_embedding_type=nope
        """);
  }
}
