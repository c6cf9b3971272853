package dev.vramcast.formats.training.megatron;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The model, of which options say all sizes and parts. */
final class Shape {

  private static final int GPT2_WORDS = 50257;

  /** Words of tokenizers that are the same for every model (megatron/training/arguments.py). */
  private static final Map<String, Integer> WORDS =
      Map.of("gpt2bpetokenizer", GPT2_WORDS, "llama2tokenizer", 32000, "llama3tokenizer", 128256);

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
    // Its layers are PyTorch's, one operation after the other, with the scores written out.
    job.get("transformer_impl")
        .filter(whose -> !whose.word().equals("transformer_engine"))
        .ifPresent(whose -> otherwise("transformer_impl " + whose.shown()));
    if (!program) {
      otherwise("a program other than pretrain_gpt.py");
    }
  }

  private void otherwise(String what) {
    job.notModelled(
        JobKey.MODEL_CONFIG,
        Gap.of("Megatron-LM's model with ", what)
            .modelled("layers of attention and an MLP or experts, each with a norm before it"));
  }

  private Map<String, Object> config(Setting hidden) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("model_type", "megatron_gpt");
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
    parts(config);
    config.put("tie_word_embeddings", !job.isOn("untie_embeddings_and_output_weights"));
    config.put("vocab_size", words());
    if (whole("num_experts").orElse(0) > 0) {
      config.put("num_experts", whole("num_experts").orElseThrow());
      config.put("num_experts_per_tok", whole("moe_router_topk").orElse(2));
      config.put("moe_intermediate_size", whole("moe_ffn_hidden_size").orElse(inner));
    }
    return config;
  }

  /** Positions, norms, biases and the activation (megatron/training/arguments.py). */
  private void parts(Map<String, Object> config) {
    config.put("position_embedding_type", positions());
    config.put("max_position_embeddings", places());
    boolean bare = job.isOff("add_bias_linear") || job.isOn("disable_bias_linear");
    boolean rms =
        job.get("normalization").filter(n -> n.word().equals("rmsnorm")).isPresent()
            || job.isOn("apply_layernorm_rms");
    config.put("normalization", rms ? "RMSNorm" : "LayerNorm");
    config.put("qk_layernorm", job.isOn("qk_layernorm"));
    config.put("add_bias_linear", !bare);
    config.put("add_qkv_bias", job.isOn("add_qkv_bias"));
    boolean squared = job.isOn("squared_relu");
    config.put("gated_linear_unit", job.isOn("swiglu"));
    config.put("hidden_act", job.isOn("swiglu") ? "silu" : squared ? "relu2" : "gelu");
    rate(config, "hidden_dropout");
    rate(config, "attention_dropout");
  }

  /** A model that rotates has no table of positions, and an old way to say so is left of it. */
  private String positions() {
    boolean rotates = job.isOn("use_rotary_position_embeddings");
    boolean none = job.isOff("position_embedding") || job.isOn("no_position_embedding");
    Optional<Setting> type = job.get("position_embedding_type");
    String word = type.map(Setting::word).orElse("learned_absolute");
    if (rotates || word.equals("rope")) {
      return "rope";
    }
    switch (word) {
      case "learned_absolute", "none" -> {}
      case "mrope", "yarn", "relative" -> otherwise("positions of type " + word);
      default -> throw type.orElseThrow().unusable("learned_absolute, rope, none");
    }
    return none ? "none" : word;
  }

  /** Rows of the table of positions, which arguments.py asks for. */
  private int places() {
    return whole("max_position_embeddings").or(() -> whole("seq_length")).orElse(4096);
  }

  private void rate(Map<String, Object> config, String key) {
    double rate = job.get(key).map(Setting::number).map(BigDecimal::doubleValue).orElse(0.1);
    if (rate < 0 || rate > 1) {
      throw job.get(key).orElseThrow().unusable("0 to 1");
    }
    config.put(key, rate);
  }

  /**
   * As wide as two matrices of four times the model's width, in steps of 64; FlagScale's options
   * make it wider and its steps longer (flagscale/runner/auto_tuner/utils.py).
   */
  private int inner(int width) {
    if (!job.isOn("swiglu")) {
      return 4 * width;
    }
    long gated = 4L * width * 2 / 3;
    Optional<Integer> step = whole("multiple_of").filter(size -> size > 0);
    if (step.isEmpty()) {
      return (int) (gated / 64 * 64);
    }
    double wider = job.get("hidden_dim_multiplier").map(m -> m.number().doubleValue()).orElse(1.0);
    long unit = step.get();
    return (int) (((long) (gated * wider) + unit - 1) / unit * unit);
  }

  private int words() {
    Optional<Integer> given = whole("padded_vocab_size").or(() -> whole("vocab_size"));
    if (given.isPresent()) {
      return given.get();
    }
    Optional<Setting> tokenizer = job.get("tokenizer_type");
    if (tokenizer.isEmpty() && job.get("merge_file").isPresent()) {
      // Only GPT-2's reads merges (megatron/core/tokenizers/utils/build_tokenizer.py).
      return GPT2_WORDS;
    }
    return tokenizer
        .flatMap(type -> Optional.ofNullable(WORDS.get(type.word())))
        .orElseThrow(() -> unknownWords(tokenizer));
  }

  private RuntimeException unknownWords(Optional<Setting> tokenizer) {
    Setting at = tokenizer.or(() -> job.get("hidden_size")).orElseThrow();
    return at.unusable(
        "one with vocab_size, which says how many words there are, as --vocab-size 32000");
  }

  private Optional<Integer> whole(String key) {
    return job.get(key).map(Setting::whole);
  }
}
