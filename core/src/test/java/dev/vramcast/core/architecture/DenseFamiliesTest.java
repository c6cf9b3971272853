package dev.vramcast.core.architecture;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Decoders without experts of small sizes, counted by instantiating the model in Transformers. */
class DenseFamiliesTest extends CountedFamilies {

  static Stream<Arguments> models() {
    return Configs.cases(
        """
        llama 386,880: llama small
        llama_bias 363,584: llama small attention_bias=true mlp_bias=true head_dim=24
          tie_word_embeddings=true
        llama_nokv 411,456: llama small num_key_value_heads=absent
        llama_cls 323,072: llama small architectures=[LlamaForSequenceClassification]
          num_labels=3
        mistral 423,744: mistral small head_dim=24
        ministral 386,880: ministral small head_dim=16
        ministral3 386,880: ministral3 small head_dim=16
        qwen2 387,648: qwen2 small use_sliding_window=true max_window_layers=3
          sliding_window=128
        qwen3 904,512: qwen3 small
        qwen3_hd 388,224: qwen3 small head_dim=16 attention_bias=true
        phi 329,000: phi small
        phi_qk 329,384: phi small qk_layernorm=true
        phi3 386,880: phi3 small
        gemma 322,880: gemma small head_dim=16
        gemma2 323,648: gemma2 small head_dim=16
        gemma3_text 323,840: gemma3_text small head_dim=16
        glm 387,648: glm small head_dim=16
        glm_bias 387,648: glm small head_dim=16 attention_bias=true
        glm4 388,416: glm4 small head_dim=16 attention_bias=true
        olmo 386,048: olmo small
        olmo2 387,456: olmo2 small
        olmo3 430,688: olmo3 small num_hidden_layers=7
        granite 386,880: granite small
        seed_oss 387,648: seed_oss small head_dim=16
        internlm3 902,976: internlm3 small
        starcoder2 264,768: starcoder2 small
        cohere 322,496: cohere small
        cohere_qk 323,072: cohere small use_qk_norm=true
        cohere2 322,496: cohere2 small
        stablelm 387,712: stablelm small
        stablelm_par 388,288: stablelm small use_parallel_residual=true use_qkv_bias=true
          qk_layernorm=true
        smollm3 322,880: smollm3 small
        nemotron 326,272: nemotron small
        nemotron_hd 366,016: nemotron small head_dim=24 attention_bias=true mlp_bias=true
        ernie4_5 838,976: ernie4_5 small
        hunyuan_v1_dense 387,072: hunyuan_v1_dense small head_dim=16
        exaone4 387,072: exaone4 small sliding_window=64 sliding_window_pattern=4
        arcee 325,440: arcee small
        helium 386,880: helium small head_dim=16
        gemma3n_text 633,128: gemma3n_text small intermediate_size=[160 160 160 160 160 160 160
          160 160 160] num_hidden_layers=10 head_dim=16 hidden_size_per_layer_input=8
          vocab_size_per_layer_input=1000 num_kv_shared_layers=3 laurel_rank=8
          activation_sparsity_pattern=[0.9 0.9 0.9 0.0 0.0 0.0 0.0 0.0 0.0 0.0]
        gemma4_text 711,128: gemma4_text small num_hidden_layers=12 head_dim=16
          global_head_dim=32 hidden_size_per_layer_input=8 vocab_size_per_layer_input=1000
          num_kv_shared_layers=2
        gemma4_wide 879,000: gemma4_text small num_hidden_layers=12 head_dim=16
          global_head_dim=32 hidden_size_per_layer_input=8 vocab_size_per_layer_input=1000
          num_kv_shared_layers=6 use_double_wide_mlp=true
        qwen3_5_text 448,128: qwen3_5_text small linear_num_key_heads=2 linear_num_value_heads=4
          linear_key_head_dim=16 linear_value_head_dim=24 head_dim=16
        lfm2 450,688: lfm2 small full_attn_idxs=[2 4] block_ff_dim=160
        lfm2_lt 335,840: lfm2 small layer_types=[conv full_attention conv full_attention conv
          full_attention] block_auto_adjust_ff_dim=false
        falcon_h1 516,012: falcon_h1 small head_dim=16 mamba_d_ssm=96 mamba_n_heads=6
          mamba_d_head=16 mamba_d_state=16 mamba_n_groups=1
        granitemoehybrid_dense 257,856: granitemoehybrid small num_local_experts=0
          shared_intermediate_size=48 mamba_n_heads=8 mamba_d_state=16 mamba_d_head=16
          mamba_n_groups=1 layer_types=[attention attention attention attention attention
          attention]
        mpt 211,904: mpt vocab_size=1000 d_model=64 n_heads=4 n_layers=3
        bloom 214,208: bloom vocab_size=1000 hidden_size=64 n_layer=3 n_head=4
        opt 185,248: opt vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 ffn_dim=160 max_position_embeddings=128 word_embed_proj_dim=64
        opt350 157,216: opt vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 ffn_dim=160 max_position_embeddings=128 word_embed_proj_dim=32
          do_layer_norm_before=false
        falcon7b 193,536: falcon vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 multi_query=true new_decoder_architecture=false
          parallel_attn=true bias=false alibi=false
        falcon40b 200,064: falcon vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 num_kv_heads=2 new_decoder_architecture=true parallel_attn=true
          bias=false alibi=false
        falcon1b 214,080: falcon vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 multi_query=false new_decoder_architecture=false
          parallel_attn=false bias=true alibi=true
        falcon11b 178,176: falcon vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 num_kv_heads=2 new_decoder_architecture=true
          num_ln_in_parallel_attn=1 ffn_hidden_size=200
        gpt_neox 353,728: gpt_neox small num_key_value_heads=absent
        gpt_neox_seq 352,192: gpt_neox small num_key_value_heads=absent
          use_parallel_residual=false attention_bias=false
        gpt_neo 394,368: gpt_neo vocab_size=1000 hidden_size=64 num_layers=4 num_heads=4
          attention_types=[[[global local] 2]]
        gptj 277,928: gptj vocab_size=1000 n_embd=64 n_layer=3 n_head=4 rotary_dim=8
        gpt_bigcode 260,896: gpt_bigcode vocab_size=1000 n_embd=64 n_layer=3 n_head=4
        gpt_bigcode_mha 219,244: gpt_bigcode vocab_size=1000 n_embd=64 n_layer=3 n_head=4
          multi_query=false n_inner=100
        megatron_gpt 174,604,259,328: megatron_gpt vocab_size=50257 hidden_size=12288
          num_hidden_layers=96 num_attention_heads=96 max_position_embeddings=2048
        gpt2 279,616: gpt2 vocab_size=1000 n_embd=64 n_layer=3 n_head=4
        gpt2_untied 283,244: gpt2 vocab_size=1000 n_embd=64 n_layer=3 n_head=4 n_inner=100
          tie_word_embeddings=false
        apertus 325,644: apertus small
        cwm 386,880: cwm small head_dim=16
        jais2 328,768: jais2 small
        vaultgemma 322,880: vaultgemma small head_dim=16
        youtu 334,784: youtu small kv_lora_rank=24 q_lora_rank=40 qk_rope_head_dim=8
          qk_nope_head_dim=16 v_head_dim=12
        exaone 386,880: exaone small
        exaone_as_published 386,880: exaone small num_layers=6 activation_function=silu
        hyperclovax 387,648: hyperclovax small
        iquestcoder 386,880: iquestcoder small head_dim=16
        minicpm3 343,232: minicpm3 small kv_lora_rank=24 q_lora_rank=40 qk_rope_head_dim=8
          qk_nope_head_dim=16
        muse_glimmer_text 412,224: muse_glimmer_text small head_dim=16
        nanochat 324,608: nanochat small
        bitnet 388,224: bitnet small
        granite_swa 322,904: granite_swa small
        persimmon 241,120: persimmon small num_hidden_layers=3 num_key_value_heads=absent
        biogpt 185,248: biogpt vocab_size=1000 hidden_size=64 num_hidden_layers=3
          num_attention_heads=4 intermediate_size=160 max_position_embeddings=128
        codegen 277,928: codegen vocab_size=1000 n_embd=64 n_layer=3 n_head=4 rotary_dim=8
        mamba2 219,144: mamba2 vocab_size=1000 hidden_size=64 num_hidden_layers=3 num_heads=8
          head_dim=16 state_size=16 n_groups=2
        mamba 162,176: mamba vocab_size=1000 hidden_size=64 num_hidden_layers=3
        falcon_mamba 226,176: falcon_mamba vocab_size=1000 hidden_size=64 num_hidden_layers=3
          tie_word_embeddings=false
        recurrent_gemma 239,104: recurrent_gemma small num_key_value_heads=1 lru_width=64
        olmo_hybrid 454,976: olmo_hybrid small
        gpt_sw3 279,616: gpt-sw3 vocab_size=1000 n_embd=64 n_layer=3 n_head=4
        lfm3 342,400: lfm3 small head_dim=16
        modernbert_decoder 352,616: modernbert-decoder small num_key_value_heads=absent
        apertus1p5_text 312,844: apertus1p5_text small output_vocab_size=800
        xglm 176,928: xglm vocab_size=1000 d_model=64 ffn_dim=160 num_layers=3 attention_heads=4
          max_position_embeddings=128
        """);
  }
}
