package dev.vramcast.core.architecture.family.sparse;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.CompressedAttention;
import dev.vramcast.core.architecture.mixer.Compressor;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.HyperConnection;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * DeepSeek-V4: windows beside compressed keys, of which an indexer chooses in some layers, several
 * streams of hidden states, and experts that the first layers look up by token (transformers
 * deepseek_v4/modeling_deepseek_v4.py and configuration_deepseek_v4.py).
 */
public final class DeepSeekV4 {

  private static final String ATTENTION = "self_attn.";
  private static final String HEAVY = "heavily_compressed_attention";
  private static final String SPARSE = "compressed_sparse_attention";
  private static final String SLIDING = "sliding_attention";
  private static final String HASHED = "hash_moe";

  private static final Map<Long, String> TYPES_BY_RATIO =
      Map.of(0L, SLIDING, 4L, SPARSE, 128L, HEAVY);

  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("hidden_size", 4096),
          Map.entry("num_hidden_layers", 43),
          Map.entry("num_attention_heads", 64),
          Map.entry("num_key_value_heads", 1),
          Map.entry("head_dim", 512),
          Map.entry("q_lora_rank", 1024),
          Map.entry("moe_intermediate_size", 2048),
          Map.entry("n_routed_experts", 256),
          Map.entry("num_experts_per_tok", 6),
          Map.entry("o_groups", 8),
          Map.entry("o_lora_rank", 1024),
          Map.entry("index_n_heads", 64),
          Map.entry("index_head_dim", 128),
          Map.entry("index_topk", 512),
          Map.entry("hc_mult", 4),
          Map.entry("hc_sinkhorn_iters", 20),
          Map.entry("vocab_size", 129_280));

  /** PEFT adds a product of all groups' features to outputs of each. */
  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .eagerOnly()
          .weights(Weights.USUAL.softmax(Softmax.SHIFTED).apart(Versions.ALL))
          .bareRouter(Versions.ALL)
          .uncountedExperts()
          .refusesTargets(Versions.ALL, "o_a_proj")
          .classes("DeepseekV4")
          .liger(LigerTraits.ALL.withoutHeadNorms().withoutMlp().withoutRotary())
          .classHeads(Versions.NONE)
          .build();

  private final ModelConfig config;
  private final Shape shape;
  private final int ropeSize;

  private DeepSeekV4(ModelConfig config) {
    this.config = config;
    this.shape = Shape.of(config, 512);
    this.ropeSize = ropeSize(config, shape.headSize());
  }

  public static Architecture read(ModelConfig given) {
    return new DeepSeekV4(Keys.withDefaults(given, DEFAULTS)).read();
  }

  private static int ropeSize(ModelConfig config, int headSize) {
    return config
        .optionalSize("qk_rope_head_dim")
        .map(Math::toIntExact)
        .orElse(LayerTypes.rotaryDimensions(config, headSize, 0.125));
  }

  private Architecture read() {
    IntFunction<String> types = types();
    Map<String, CompressedAttention> mixers = new HashMap<>();
    IntFunction<String> mlps =
        LayerTypes.of(
            config,
            "mlp_layer_types",
            shape.layers(),
            layer -> layer < config.count("num_hash_layers", 3) ? HASHED : "moe");
    Mlp scored = experts(0);
    Mlp hashed = experts(shape.vocabulary());
    LayerExtras extras =
        LayerExtras.NONE.hyper(
            new HyperConnection.Pair(connection("attn_hc"), connection("ffn_hc")));
    return new DecoderBuilder(config, shape)
        .norm(Norm.Type.RMS_KEPT_IN_FP32)
        .mixer(layer -> mixers.computeIfAbsent(types.apply(layer), this::attention))
        .mlp(layer -> mlps.apply(layer).equals(HASHED) ? hashed : scored)
        .layerExtras(layer -> extras)
        .extras(ModelExtras.hyper(end()))
        .traits(TRAITS)
        .build();
  }

  /** {@code layer_types}, older configs' {@code compress_ratios}, or the two in turn. */
  private IntFunction<String> types() {
    List<?> ratios = config.list("compress_ratios");
    boolean byRatio = config.list("layer_types").isEmpty() && ratios.size() >= shape.layers();
    return byRatio
        ? layer -> TYPES_BY_RATIO.getOrDefault(((Number) ratios.get(layer)).longValue(), SPARSE)
        : LayerTypes.of(
            config, shape.layers(), layer -> layer < 2 || layer % 2 == 0 ? HEAVY : SPARSE);
  }

  private CompressedAttention attention(String type) {
    long hidden = shape.hidden();
    long rank = config.size("q_lora_rank");
    int size = shape.headSize();
    int groups = Math.toIntExact(config.size("o_groups"));
    Shape.divides(config, groups, "o_groups", shape.queryWidth(), "features of query heads");
    long outputs = groups * config.size("o_lora_rank");
    long perGroup = shape.queryWidth() / groups;
    List<Long> each = List.of((long) shape.heads());
    return new CompressedAttention(
        new CompressedAttention.Heads(
            shape.heads(),
            size,
            ropeSize,
            new ParameterTensor(ATTENTION + "sinks", each, TensorGroup.ATTENTION)),
        LayerTypes.window(config, 128),
        new CompressedAttention.Query(
            List.of(
                new Linear(ATTENTION + "q_a_proj", hidden, rank, false),
                new Linear(ATTENTION + "q_b_proj", rank, shape.queryWidth(), false)),
            norm(ATTENTION + "q_a_norm", rank),
            new Norm(ATTENTION + "q_b_norm", Norm.Type.RMS_BY_OWN_DTYPE, size, false, false)),
        new CompressedAttention.KeyValue(
            new Linear(ATTENTION + "kv_proj", hidden, size, false),
            norm(ATTENTION + "kv_norm", size)),
        new CompressedAttention.Output(
            new Linear(ATTENTION + "o_a_proj", perGroup, outputs, false).inSixteenBits(),
            new Linear(ATTENTION + "o_b_proj", outputs, hidden, false)),
        type.equals(SLIDING) ? Optional.empty() : Optional.of(compressor(type)));
  }

  private Compressor compressor(String type) {
    boolean overlaps = type.equals(SPARSE);
    int rate = rate(type, overlaps ? "compress_rate_csa" : "compress_rate_hca", overlaps ? 4 : 128);
    Optional<Compressor.Choice> choice = overlaps ? Optional.of(choice(rate)) : Optional.empty();
    return compressor(ATTENTION + "compressor", rate, shape.headSize(), overlaps, choice);
  }

  private int rate(String type, String older, int fallback) {
    long rate =
        config
            .nested("compress_rates")
            .map(rates -> rates.size(type, fallback))
            .orElse(config.size(older, fallback));
    return Math.toIntExact(rate);
  }

  private Compressor.Choice choice(int rate) {
    String path = ATTENTION + "compressor.indexer";
    int heads = Math.toIntExact(config.size("index_n_heads"));
    int size = Math.toIntExact(config.size("index_head_dim"));
    return new Compressor.Choice(
        compressor(path, rate, size, true, Optional.empty()),
        heads,
        config.size("index_topk"),
        new Linear(path + ".q_b_proj", config.size("q_lora_rank"), (long) heads * size, false),
        new Linear(path + ".scorer.weights_proj", shape.hidden(), heads, false).inSixteenBits());
  }

  private Compressor compressor(
      String path, int rate, int size, boolean overlaps, Optional<Compressor.Choice> choice) {
    long width = overlaps ? 2L * size : size;
    return new Compressor(
        path,
        rate,
        size,
        overlaps,
        new Linear(path + ".kv_proj", shape.hidden(), width, false).inSixteenBits(),
        new Compressor.Scores(
            new Linear(path + ".gate_proj", shape.hidden(), width, false).inSixteenBits(),
            new ParameterTensor(
                path + ".position_bias", List.of((long) rate, width), TensorGroup.ATTENTION)),
        norm(path + ".kv_norm", size),
        choice);
  }

  private static Norm norm(String name, long size) {
    return new Norm(name, Norm.Type.RMS_KEPT_IN_FP32, size, true, false);
  }

  private Mlp experts(long tableRows) {
    String scoring = config.text("scoring_func", "sqrtsoftplus");
    if (!scoring.equals("sqrtsoftplus")) {
      throw config.about("scoring_func").is(scoring).allowed("sqrtsoftplus").refusal();
    }
    return new MoeBuilder(
            config,
            shape.hidden(),
            config.size("moe_intermediate_size"),
            "n_routed_experts",
            "num_experts_per_tok")
        .balanced()
        .scoring(Scoring.SQRT_SOFTPLUS)
        .activation(Activation.CLAMPED_SILU)
        .sharedExperts(1, config.flag("mlp_bias", false))
        .chosenByTable(tableRows)
        .build();
  }

  private HyperConnection connection(String path) {
    long streams = config.size("hc_mult");
    return connection(path, path + ".", (2 + streams) * streams, 3);
  }

  private HyperConnection end() {
    return connection("hc_head", "model.hc_head.hc_", config.size("hc_mult"), 1);
  }

  private HyperConnection connection(String path, String names, long weights, long kinds) {
    long streams = config.size("hc_mult");
    return new HyperConnection(
        path,
        Math.toIntExact(streams),
        Math.toIntExact(config.size("hc_sinkhorn_iters")),
        tensor(names + "fn", weights, streams * shape.hidden()),
        tensor(names + "base", weights),
        tensor(names + "scale", kinds));
  }

  private static ParameterTensor tensor(String name, Long... dimensions) {
    return new ParameterTensor(name, List.of(dimensions), TensorGroup.NORM);
  }
}
