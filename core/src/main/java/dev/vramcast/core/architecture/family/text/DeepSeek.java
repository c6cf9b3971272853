package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Indexer;
import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.TokenChoice;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ExpertCode;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** DeepSeek V2 and V3 and what follows them: latent attention, shared and routed experts. */
public final class DeepSeek {

  private static final String ATTENTION = "self_attn.";
  private static final Map<String, Object> DEFAULTS = sizes(1536, 512, 128, 128);
  private static final Map<String, Object> GLM_DEFAULTS = sizes(768, 512, 192, 256);
  private static final Map<String, Object> MISTRAL_DEFAULTS = sizes(1024, 256, 64, 128);
  private static final Map<String, Object> GLM_DSA_DEFAULTS = sizes(2048, 512, 192, 256);
  private static final Map<String, Object> SARVAM_DEFAULTS =
      Map.of(
          "kv_lora_rank", 512,
          "qk_nope_head_dim", 128,
          "qk_rope_head_dim", 64,
          "v_head_dim", 128);

  private static final ModelTraits V2 =
      traits()
          .rotary(RotaryCode.COMPLEX)
          .fp32RoutingWeights(Versions.ALL)
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .liger(LigerTraits.ALL.withoutRotary())
          .mixtureClass("Moe")
          .classHeads(Versions.ALL, Versions.NONE)
          .build();
  private static final ModelTraits V3 =
      moeTraits()
          .rotary(RotaryCode.DEINTERLEAVED)
          .liger(LigerTraits.ALL.withoutRotary())
          .classHeads(Versions.since(4, 56), Versions.since(4, 57))
          .build();

  /** Kimi K2, which Transformers runs as DeepSeek V3 and of which Liger knows nothing. */
  private static final ModelTraits KIMI_K2 = moeTraits().rotary(RotaryCode.DEINTERLEAVED).build();

  private static final ModelTraits GLM_LITE =
      moeTraits()
          .rotary(RotaryCode.DEINTERLEAVED)
          .concatenatesRotary(Versions.ALL)
          .classHeads(Versions.NONE)
          .build();

  /** Code beside the weights, whose attention is Transformers' for Llama. */
  private static final ModelTraits REMOTE =
      traits(Versions.NONE)
          .eagerOnly()
          .separateExperts()
          .experts(ExpertCode.REPEATED)
          .fp32RoutingWeights(Versions.ALL)
          .mixtureClass("MoE")
          .remoteCode()
          .build();

  private static final ModelTraits MISTRAL =
      traits(Versions.NONE).rotary(RotaryCode.DEINTERLEAVED).build();

  private static final ModelTraits YOUTU =
      ModelTraits.builder().rotary(RotaryCode.DEINTERLEAVED).classHeads(Versions.NONE).build();

  private static final ModelTraits SARVAM =
      moeTraits()
          .rotary(RotaryCode.DEINTERLEAVED)
          .classes("DeepseekV3")
          .classHeads(Versions.NONE)
          .build();

  private static final ModelTraits AXK1 =
      traits().rotary(RotaryCode.DEINTERLEAVED).classes("AXK1").mixtureClass("MoE").build();

  private static final ModelTraits MINICPM =
      ModelTraits.builder()
          .classes("MiniCPM3")
          .scalesInEmbedding(Versions.since(5, 13))
          .classHeads(Versions.ALL, Versions.NONE)
          .build();

  private static final ModelTraits DOTS = moeTraits().classHeads(Versions.NONE).build();

  private static final ModelTraits V32 =
      indexed().classes("DeepseekV32").classHeads(Versions.NONE).build();
  private static final ModelTraits GLM_DSA =
      indexed().classes("GlmMoeDsa").classHeads(Versions.NONE).build();

  private DeepSeek() {}

  /** A mask is always built, as chosen tokens are hidden in it. */
  private static ModelTraitsBuilder indexed() {
    return moeTraits().rotary(RotaryCode.DEINTERLEAVED).alwaysMasks(Versions.ALL);
  }

  /** The router is a module with a bare weight, which it multiplies, and keeps, in fp32. */
  public static ModelTraitsBuilder traits() {
    return traits(Versions.since(5, 24));
  }

  /** As {@link #traits()}, whose router's weight stays in fp32 in these versions. */
  public static ModelTraitsBuilder traits(Versions kept) {
    return ModelTraits.builder().fp32Router(kept).bareRouter(Versions.ALL);
  }

  /** As {@link #traits()}, with experts as DeepSeek V3's. */
  static ModelTraitsBuilder moeTraits() {
    return traits()
        .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
        .routerBehindExperts(Versions.ALL)
        .mixtureClass("MoE");
  }

  private static Map<String, Object> sizes(int queryRank, int keyValueRank, int nope, int value) {
    return Map.of(
        "q_lora_rank", queryRank,
        "kv_lora_rank", keyValueRank,
        "qk_nope_head_dim", nope,
        "qk_rope_head_dim", 64,
        "v_head_dim", value);
  }

  /** DeepSeek V2, whose code beside the weights may have it without latent attention. */
  public static Architecture v2(ModelConfig config) {
    if (!config.flag("use_mla", true)) {
      return withHeads(config);
    }
    return latent(config, DEFAULTS, Scoring.SOFTMAX, 0, V2).build();
  }

  public static Architecture v3(ModelConfig config) {
    return latent(config, DEFAULTS, Scoring.SIGMOID, 3, V3).build();
  }

  public static Architecture kimiK2(ModelConfig config) {
    return latent(config, DEFAULTS, Scoring.SIGMOID, 3, KIMI_K2).build();
  }

  /** DeepSeek V3.2: in every layer an indexer chooses what queries attend to. */
  public static Architecture v32(ModelConfig config) {
    return indexed(config, DEFAULTS, layer -> true, false).traits(V32).build();
  }

  /** GLM-5: DeepSeek V3.2's layers, some of which take the choice of one before them. */
  public static Architecture glmMoeDsa(ModelConfig config) {
    int layers = Shape.layers(config, "num_hidden_layers");
    return indexed(config, GLM_DSA_DEFAULTS, ownIndexers(config, layers), true)
        .traits(GLM_DSA)
        .build();
  }

  private static DecoderBuilder indexed(
      ModelConfig config, Map<String, Object> defaults, IntPredicate hasIndexer, boolean handedOn) {
    ModelConfig known = Keys.withDefaults(config, defaults);
    LatentAttention attention = attention(known, latentShape(known));
    TokenChoice choice = choice(known, handedOn);
    LatentAttention choosing = attention.toBuilder().choice(Optional.of(choice)).build();
    LatentAttention taking = attention.toBuilder().choice(Optional.of(choice.ofAnother())).build();
    return latent(config, defaults, Scoring.SIGMOID, 3, V3)
        .mixer(layer -> hasIndexer.test(layer) ? choosing : taking);
  }

  /** The choice of a layer with an indexer; {@code handedOn} where later layers may take it. */
  public static TokenChoice choice(ModelConfig config, boolean handedOn) {
    long hidden = config.size("hidden_size");
    int heads = Math.toIntExact(config.size("index_n_heads", 32));
    int size = Math.toIntExact(config.size("index_head_dim", 128));
    String path = ATTENTION + "indexer.";
    Indexer indexer =
        new Indexer(
            heads,
            new Linear(path + "wq_b", config.size("q_lora_rank"), (long) heads * size, false),
            new Linear(path + "wk", hidden, size, false),
            new Norm(path + "k_norm", Norm.Type.LAYER, size, true, true),
            new Linear(path + "weights_proj", hidden, heads, false));
    int count = Math.toIntExact(config.size("index_topk", 2048));
    return new TokenChoice(count, Optional.of(indexer), handedOn);
  }

  /** Layers that choose themselves: {@code indexer_types}, or every so many after the first. */
  private static IntPredicate ownIndexers(ModelConfig config, int layers) {
    long every = Math.max(config.count("index_topk_freq", 1), 1);
    long offset = config.count("index_skip_topk_offset", 2);
    IntFunction<String> types =
        LayerTypes.of(
            config,
            "indexer_types",
            layers,
            layer -> Math.max(layer - offset + 1, 0) % every == 0 ? "full" : "shared");
    return layer -> types.apply(layer).equals("full");
  }

  /** GLM-4.7-Flash. */
  public static Architecture glm4MoeLite(ModelConfig config) {
    return latent(config, GLM_DEFAULTS, Scoring.SIGMOID, 1, GLM_LITE).build();
  }

  /** Mistral Small 4. */
  public static Architecture mistral4(ModelConfig config) {
    return latent(config, MISTRAL_DEFAULTS, Scoring.SOFTMAX, 0, MISTRAL).build();
  }

  /** Youtu-LLM: latent attention, no experts. */
  public static Architecture youtu(ModelConfig config) {
    return latent(config, DEFAULTS, Scoring.SIGMOID, 0, YOUTU)
        .head(HeadBuilder::tiedByDefault)
        .build();
  }

  /** Sarvam's larger model, whose config names experts as it pleases. */
  public static Architecture sarvam(ModelConfig config) {
    return latent(Glm.sarvamKeys(config), SARVAM_DEFAULTS, Scoring.SIGMOID, 1, SARVAM).build();
  }

  /** A.X K1: a norm behind the experts. */
  public static Architecture axk1(ModelConfig config) {
    IntPredicate isSparse = isSparse(config, Shape.layers(config, "num_hidden_layers"), 1);
    return latent(config, DEFAULTS, Scoring.SIGMOID, 1, AXK1)
        .postNorms(layer -> "", layer -> isSparse.test(layer) ? "mlp.post_mlp_layernorm" : "")
        .build();
  }

  /** MiniCPM 3: latent attention, constants on embeddings, residuals and logits. */
  public static Architecture minicpm3(ModelConfig config) {
    long hidden = config.size("hidden_size");
    int heads = Shape.heads(config, "num_attention_heads");
    Map<String, Object> defaults = new HashMap<>(sizes(768, 256, 64, (int) (hidden / heads)));
    defaults.put("qk_rope_head_dim", 32);
    return latent(config, defaults, Scoring.SOFTMAX, 0, MINICPM)
        .scaledEmbedding()
        .scaledResidual()
        .head(head -> head.tiedByDefault().scaled())
        .build();
  }

  /** dots.llm1: DeepSeek V3's experts behind Qwen 3's attention. */
  public static Architecture dots1(ModelConfig config) {
    Shape shape = Shape.of(config);
    int window = LayerTypes.window(config, 4096);
    long full = config.count("max_window_layers", 62);
    IntUnaryOperator windows =
        LayerTypes.windows(config, shape.layers(), window, layer -> window > 0 && layer >= full);
    return new DecoderBuilder(config, shape)
        .mixer(layer -> Qwen.attention(config, shape).window(windows.applyAsInt(layer)).build())
        .mlp(sparse(config, shape, Scoring.SIGMOID, 0))
        .traits(DOTS)
        .build();
  }

  /** DeepSeek-OCR's language model, with {@code use_mla} false: keys and values for each head. */
  public static Architecture withHeads(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(given, Map.of("model_type", "deepseek_v2"));
    Shape shape = Shape.of(config);
    return new DecoderBuilder(config, shape)
        .mixer(() -> Llama.attention(config, shape).build())
        .mlp(sparse(config, shape, Scoring.SOFTMAX, 1))
        .traits(REMOTE)
        .build();
  }

  private static DecoderBuilder latent(
      ModelConfig given,
      Map<String, Object> defaults,
      Scoring scoring,
      int denseByDefault,
      ModelTraits traits) {
    ModelConfig config = Keys.withDefaults(given, defaults);
    Shape shape = latentShape(config);
    LatentAttention attention = attention(config, shape);
    return new DecoderBuilder(config, shape)
        .mixer(layer -> attention)
        .mlp(sparse(config, shape, scoring, denseByDefault))
        .traits(traits);
  }

  /** Sizes of a model whose values have a width of their own. */
  public static Shape latentShape(ModelConfig config) {
    int heads = Shape.heads(config, "num_attention_heads");
    return Shape.of(
        config,
        config.size("hidden_size"),
        heads,
        heads,
        Math.toIntExact(config.size("v_head_dim")),
        Shape.layers(config, "num_hidden_layers"),
        config.size("vocab_size"));
  }

  /** Latent attention of these sizes. */
  public static LatentAttention attention(ModelConfig config, Shape shape) {
    long hidden = shape.hidden();
    int nope = Math.toIntExact(config.size("qk_nope_head_dim"));
    int rope = Math.toIntExact(config.size("qk_rope_head_dim"));
    int value = shape.headSize();
    long rank = config.size("kv_lora_rank");
    boolean bias = config.flag("attention_bias", false);
    long heads = shape.heads();
    long queryWidth = heads * (nope + rope);
    Optional<Long> queryRank = config.optionalSize("q_lora_rank");
    List<Linear> query =
        queryRank
            .map(
                low ->
                    List.of(
                        new Linear(ATTENTION + "q_a_proj", hidden, low, bias),
                        new Linear(ATTENTION + "q_b_proj", low, queryWidth, false)))
            .orElse(List.of(new Linear(ATTENTION + "q_proj", hidden, queryWidth, false)));
    return LatentAttention.builder()
        .heads(shape.heads())
        .nopeSize(nope)
        .ropeSize(rope)
        .valueSize(value)
        .keyValueRank(Math.toIntExact(rank))
        .query(query)
        .queryNorm(queryRank.map(low -> norm("q_a_layernorm", low)))
        .keyValueDown(new Linear(ATTENTION + "kv_a_proj_with_mqa", hidden, rank + rope, bias))
        .keyValueNorm(norm("kv_a_layernorm", rank))
        .keyValueUp(new Linear(ATTENTION + "kv_b_proj", rank, heads * (nope + value), false))
        .output(new Linear(ATTENTION + "o_proj", heads * value, hidden, bias))
        .build();
  }

  private static Norm norm(String name, long size) {
    return new Norm(ATTENTION + name, Norm.Type.RMS, size, true, false);
  }

  /**
   * Dense layers up to {@code first_k_dense_replace}, then experts in every {@code
   * moe_layer_freq}-th.
   */
  public static IntFunction<Mlp> sparse(
      ModelConfig config, Shape shape, Scoring scoring, int denseByDefault) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Mlp dense =
        Mlps.gated(
            "mlp",
            shape.hidden(),
            config.size("intermediate_size"),
            config.flag("mlp_bias", false),
            activation);
    if (config.optionalSize("n_routed_experts").isEmpty()) {
      return layer -> dense;
    }
    Mlp experts = experts(config, shape, scoring);
    IntPredicate isSparse = isSparse(config, shape.layers(), denseByDefault);
    return layer -> isSparse.test(layer) ? experts : dense;
  }

  /** Layers with experts: {@code mlp_layer_types}, or what older keys say of the first ones. */
  public static IntPredicate isSparse(ModelConfig config, int layers, int denseByDefault) {
    long first = config.count("first_k_dense_replace", denseByDefault);
    long step = config.size("moe_layer_freq", 1);
    IntFunction<String> types =
        LayerTypes.of(
            config,
            "mlp_layer_types",
            layers,
            layer -> layer >= first && layer % step == 0 ? "sparse" : "dense");
    return layer -> types.apply(layer).equals("sparse");
  }

  /** Routed experts of {@code moe_intermediate_size} and shared ones as a single MLP. */
  static Mlp experts(ModelConfig config, Shape shape, Scoring scoring) {
    long intermediate = config.size("moe_intermediate_size");
    return new MoeBuilder(
            config, shape.hidden(), intermediate, "n_routed_experts", "num_experts_per_tok")
        .scoring(scoring)
        .activation(Mlps.activation(config, "hidden_act", "silu"))
        .sharedExperts(config.count("n_shared_experts", 1), false)
        .build();
  }
}
