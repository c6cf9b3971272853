package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The model, of which options say all sizes: the configuration of one of Transformers that has the
 * same tensors.
 */
final class Shape {

  /** Words of tokenizers that are the same for every model (megatron/training/arguments.py). */
  private static final Map<String, Integer> WORDS =
      Map.of("gpt2bpetokenizer", 50257, "llama2tokenizer", 32000);

  /** What changes tensors of a layer in ways that no configuration here has. */
  private static final List<String> OTHER =
      List.of(
          "multi_latent_attention",
          "moe_shared_expert_intermediate_size",
          "moe_layer_freq",
          "window_size",
          "softmax_type",
          "enable_gpt_oss",
          "mtp_num_layers",
          "squared_relu",
          "quick_geglu",
          "hybrid_override_pattern",
          "hybrid_layer_pattern",
          "experimental_attention_variant",
          "linear_attention_type",
          "attention_output_gate",
          "apply_residual_connection_post_layernorm",
          "heterogeneous_layers_config_path");

  private final JobBuilder job;
  private final TrainingFile file;

  Shape(JobBuilder job, TrainingFile file) {
    this.job = job;
    this.file = file;
  }

  void read() {
    Optional<Setting> hidden = job.get("hidden_size");
    if (hidden.isEmpty() || job.get("num_layers").isEmpty()) {
      return;
    }
    job.put(JobKey.MODEL_CONFIG, config(hidden.get()), hidden.get());
    boolean program =
        file.command().stream()
            .flatMap(command -> command.words().stream())
            .anyMatch(word -> word.endsWith("pretrain_gpt.py"));
    OTHER.stream()
        .filter(key -> job.get(key).filter(setting -> !setting.isIdle()).isPresent())
        .findFirst()
        .ifPresent(this::otherwise);
    if (!program) {
      otherwise("a program other than pretrain_gpt.py");
    } else if (!isLikeLlama()) {
      otherwise("learned positions, LayerNorm, biases or an MLP without a gate");
    }
  }

  private void otherwise(String what) {
    job.notModelled(
        JobKey.MODEL_CONFIG,
        Gap.of("Megatron-LM's model with ", what)
            .modelled("layers with rope, RMSNorm and swiglu, without biases, dense or of experts"));
  }

  private boolean isLikeLlama() {
    boolean rotary =
        job.get("position_embedding_type").filter(type -> type.word().equals("rope")).isPresent()
            || job.isOn("use_rotary_position_embeddings");
    boolean norm = job.get("normalization").filter(n -> n.word().equals("rmsnorm")).isPresent();
    boolean bare = job.isOn("disable_bias_linear") || job.isOff("add_bias_linear");
    return rotary && norm && bare && job.isOn("swiglu");
  }

  private Map<String, Object> config(Setting hidden) {
    Map<String, Object> config = new LinkedHashMap<>();
    boolean routed = whole("num_experts").orElse(0) > 0;
    boolean norms = job.isOn("qk_layernorm");
    config.put("model_type", type(routed, norms));
    int width = hidden.whole();
    int heads =
        whole("num_attention_heads")
            .orElseThrow(() -> hidden.unusable("one beside num_attention_heads"));
    config.put("hidden_size", width);
    config.put("num_hidden_layers", whole("num_layers").orElseThrow());
    config.put("num_attention_heads", heads);
    boolean grouped = job.isOn("group_query_attention");
    config.put("num_key_value_heads", grouped ? whole("num_query_groups").orElse(1) : heads);
    config.put("head_dim", whole("kv_channels").orElse(width / Math.max(1, heads)));
    int inner = whole("ffn_hidden_size").orElseGet(() -> inner(width));
    config.put("intermediate_size", inner);
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", 1e-5);
    config.put("max_position_embeddings", whole("max_position_embeddings").orElse(4096));
    config.put("tie_word_embeddings", !job.isOn("untie_embeddings_and_output_weights"));
    config.put("vocab_size", words());
    if (routed) {
      experts(config, inner, norms);
    }
    return config;
  }

  private String type(boolean routed, boolean norms) {
    if (routed) {
      return norms ? "qwen3_moe" : "mixtral";
    }
    return norms ? "qwen3" : job.isOn("add_qkv_bias") ? "qwen2" : "llama";
  }

  private void experts(Map<String, Object> config, int inner, boolean norms) {
    int each = whole("moe_ffn_hidden_size").orElse(inner);
    int count = whole("num_experts").orElseThrow();
    config.put("num_experts_per_tok", whole("moe_router_topk").orElse(2));
    config.put(norms ? "num_experts" : "num_local_experts", count);
    config.put(norms ? "moe_intermediate_size" : "intermediate_size", each);
    if (job.isOn("add_qkv_bias")) {
      otherwise("biases of queries beside experts");
    }
  }

  /** As wide as two matrices of four times the model's width, in steps of 64. */
  private int inner(int width) {
    return job.isOn("swiglu") ? (int) (4L * width * 2 / 3 / 64 * 64) : 4 * width;
  }

  private int words() {
    Optional<Integer> given = whole("padded_vocab_size").or(() -> whole("vocab_size"));
    if (given.isPresent()) {
      return given.get();
    }
    Optional<Setting> tokenizer = job.get("tokenizer_type");
    return tokenizer
        .flatMap(type -> Optional.ofNullable(WORDS.get(type.word())))
        .orElseThrow(() -> unknownWords(tokenizer));
  }

  private RuntimeException unknownWords(Optional<Setting> tokenizer) {
    Setting at = tokenizer.or(() -> job.get("hidden_size")).orElseThrow();
    return at.unusable("one with vocab_size, which says how many words there are");
  }

  private Optional<Integer> whole(String key) {
    return job.get(key).map(Setting::whole);
  }
}
