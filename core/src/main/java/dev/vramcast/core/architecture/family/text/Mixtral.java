package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Models with Llama's attention and experts in place of the MLP. */
public final class Mixtral {

  /** Path of the experts below a layer, in checkpoints. */
  public static final String BLOCK = "block_sparse_moe";

  /** Names of an expert's projections. */
  public static final Set<String> NUMBERED = Set.of("w1", "w2", "w3");

  private static final ModelTraits MIXTRAL =
      ModelTraits.builder()
          .repeatsBeforeFlash(Versions.until(4, 48))
          .rotaryLayerTables(Versions.until(4, 48))
          .tablesByLayer(Versions.until(4, 48))
          .fp32RoutingWeights(Versions.since(5, 0))
          .rewritesTargets(Versions.since(5, 0), NUMBERED)
          .renames(5, 0, BLOCK, "mlp")
          .liger(LigerTraits.ALL)
          .build();

  /** {@code _supports_sdpa} is false. */
  private static final ModelTraits GPT_OSS =
      ModelTraits.builder()
          .eagerOnly()
          .weights(Weights.USUAL.softmax(Softmax.SHIFTED).apart(Versions.ALL))
          .rotary(RotaryCode.HALVES)
          .bareRouter(Versions.ALL)
          .inputsFirst()
          .liger(LigerTraits.ALL.withoutMlp())
          .mixtureClass("MLP")
          .classHeads(Versions.since(4, 56))
          .build();

  private static final ModelTraits MINIMAX_M2 =
      ModelTraits.builder()
          .fp32Sigmoid()
          .rewritesTargets(Versions.since(5, 0), NUMBERED)
          .classes("MiniMaxM2")
          .renames(5, 0, BLOCK, "mlp")
          .classHeads(Versions.NONE)
          .build();
  private static final ModelTraits HUNYUAN =
      ModelTraits.builder()
          .rotatesBeforeNorms()
          .fp32Router(Versions.ALL)
          .bareRouter(Versions.NONE)
          .weightsOfScores(Versions.since(5, 13))
          .sumsInHiddenDtype()
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .liger(LigerTraits.ALL.withoutHeadNorms())
          .classes("HunYuanMoEV1")
          .mixtureClass("Moe")
          .sharedFirst(Versions.ALL)
          .classHeads(Versions.ALL, Versions.NONE)
          .build();
  private static final ModelTraits ERNIE =
      ModelTraits.builder()
          .rotary(RotaryCode.REPEATED_TABLES_IN_FP32)
          .fp32Router(Versions.ALL)
          .routerLeavesAutocast()
          .sumsInHiddenDtype()
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .classes("Ernie4_5_Moe")
          .sharedFirst(Versions.ALL)
          .classHeads(Versions.NONE)
          .build();

  /** Of its type PEFT moves no targets (peft/utils/transformers_weight_conversion.py). */
  private static final ModelTraits ERNIE_VL =
      ModelTraits.builder()
          .tablesByRow(Versions.ALL)
          .rotary(RotaryCode.REPEATED_TABLES_IN_FP32)
          .fp32Router(Versions.ALL)
          .routerLeavesAutocast()
          .sumsInHiddenDtype()
          .classes("Ernie4_5_VLMoe")
          .mixtureClass("MoeBlock")
          .sharedFirst(Versions.ALL)
          .build();

  /** Of Ernie4_5_VLMoeTextConfig. */
  private static final Map<String, Object> ERNIE_VL_SIZES =
      Map.of(
          "vocab_size", 103424,
          "hidden_size", 2560,
          "intermediate_size", 12288,
          "num_hidden_layers", 28,
          "num_attention_heads", 20,
          "num_key_value_heads", 4,
          "moe_num_experts", 64,
          "moe_k", 6);

  private Mixtral() {}

  public static Architecture mixtral(ModelConfig config) {
    Shape shape = Shape.of(config);
    int window = LayerTypes.window(config, 0);
    Mlp experts = block(config, shape).build();
    return new DecoderBuilder(config, shape)
        .mixer(() -> Llama.attention(config, shape).window(window).build())
        .traits(MIXTRAL)
        .mlp(layer -> experts)
        .build();
  }

  /** Experts with the names {@code w1}, {@code w3} and {@code w2}. */
  public static MoeBuilder block(ModelConfig config, Shape shape) {
    return new MoeBuilder(
            config,
            shape.hidden(),
            config.size("intermediate_size"),
            "num_local_experts",
            config.size("num_experts_per_tok", 2))
        .balanced()
        .block(BLOCK)
        .names("w1", "w3", "w2");
  }

  /** gpt-oss: biases everywhere, sinks, a window in every other layer. */
  public static Architecture gptOss(ModelConfig config) {
    Shape shape = Shape.of(config, 64);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), LayerTypes.window(config, 128), LayerTypes.butEvery(2));
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                config.size("intermediate_size"),
                "num_local_experts",
                config.size("num_experts_per_tok", config.size("experts_per_token", 4)))
            .balanced()
            .router("mlp.router", true)
            .scoring(Scoring.SOFTMAX_OF_TOP_K)
            .activation(Activation.CLAMPED_SWIGLU)
            .fused("experts.gate_up_proj", "experts.down_proj")
            .expertBias()
            .build();
    return new DecoderBuilder(config, shape)
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .traits(GPT_OSS)
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .bias(true, true)
                    .sinks()
                    .window(windows.applyAsInt(layer))
                    .build())
        .mlp(layer -> experts)
        .build();
  }

  /** MiniMax M2: norms over all features of query and key, part of each head rotated. */
  public static Architecture minimaxM2(ModelConfig config) {
    Shape shape = Shape.of(config);
    int rotated =
        (int) config.count("rotary_dim", LayerTypes.rotaryDimensions(config, shape.headSize(), 1));
    Mlp experts =
        block(config, shape)
            .scoring(Scoring.SIGMOID)
            .activation(Mlps.activation(config, "hidden_act", "silu"))
            .build();
    return new DecoderBuilder(config, shape)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .fullNorms(Norm.Type.RMS, "q_norm", "k_norm")
                    .rotary(Rotary.Style.HALF, rotated)
                    .build())
        .mlp(layer -> experts)
        .traits(MINIMAX_M2)
        .build();
  }

  /** Hunyuan: an expert of the routed size that every token visits. */
  public static Architecture hunyuan(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    long intermediate = config.size("intermediate_size");
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Mlp experts =
        new MoeBuilder(config, shape.hidden(), intermediate, "num_experts", "moe_topk")
            .router("mlp.gate.wg", false)
            .activation(activation)
            .shared(Mlps.gated("mlp.shared_mlp", shape.hidden(), intermediate, false, activation))
            .build();
    return new DecoderBuilder(config, shape)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .headNorms(Norm.Type.RMS, "query_layernorm", "key_layernorm")
                    .build())
        .mlp(layer -> experts)
        .traits(HUNYUAN)
        .build();
  }

  /** Ernie 4.5: shared experts and a learned correction of the scores. */
  public static Architecture ernie(ModelConfig config) {
    return ernie(config, "mlp", List.of(correction(config, "mlp."))).traits(ERNIE).build();
  }

  /**
   * ERNIE 4.5 VL's language model: a second set of experts in every such layer, with a router of
   * its own, which no token of text visits (modeling_ernie4_5_vl_moe.py Ernie4_5_VLMoeMoeBlock).
   */
  public static Architecture ernieVl(ModelConfig given) {
    ModelConfig config = Keys.withDefaults(given, ERNIE_VL_SIZES);
    List<?> sizes = config.list("moe_intermediate_size");
    long hidden = config.size("hidden_size");
    long experts = config.size("moe_num_experts");
    long inner = size(sizes, 1, 512);
    String block = "mlp.vision_moe.";
    List<ParameterTensor> others =
        List.of(
            correction(config, block + "gate."),
            new ParameterTensor(
                block + "gate.weight", List.of(experts, hidden), TensorGroup.ROUTER),
            new ParameterTensor(
                block + "experts.gate_up_proj",
                List.of(experts, 2 * inner, hidden),
                TensorGroup.EXPERTS),
            new ParameterTensor(
                block + "experts.down_proj", List.of(experts, hidden, inner), TensorGroup.EXPERTS),
            correction(config, "mlp.text_moe.gate."));
    ModelConfig known = Keys.with(config, "moe_intermediate_size", size(sizes, 0, 1536));
    return ernie(known, "mlp.text_moe", others).traits(ERNIE_VL).build();
  }

  private static long size(List<?> sizes, int index, long fallback) {
    return sizes.size() > index && sizes.get(index) instanceof Number number
        ? number.longValue()
        : fallback;
  }

  private static ParameterTensor correction(ModelConfig config, String path) {
    return new ParameterTensor(
        path + "moe_statics.e_score_correction_bias",
        List.of(1L, config.size("moe_num_experts")),
        TensorGroup.ROUTER);
  }

  private static DecoderBuilder ernie(
      ModelConfig config, String block, List<ParameterTensor> others) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("use_bias", false);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long intermediate = config.size("moe_intermediate_size");
    Mlp sparse =
        new MoeBuilder(config, shape.hidden(), intermediate, "moe_num_experts", "moe_k")
            .balanced()
            .activation(activation)
            .sharedExperts(config.count("moe_num_shared_experts", 2), bias)
            .block(block)
            .build();
    Mlp dense =
        Mlps.gated("mlp", shape.hidden(), config.size("intermediate_size"), bias, activation);
    IntPredicate isSparse = ernieSparse(config, shape);
    LayerExtras extras = LayerExtras.NONE.others(List.of(), others);
    return new DecoderBuilder(config, shape)
        .head(HeadBuilder::tiedByDefault)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .rotary(Rotary.Style.INTERLEAVED)
                    .build())
        .mlp(layer -> isSparse.test(layer) ? sparse : dense)
        .layerExtras(layer -> isSparse.test(layer) ? extras : LayerExtras.NONE);
  }

  private static IntPredicate ernieSparse(ModelConfig config, Shape shape) {
    long first = config.count("moe_layer_start_index", 1);
    double end = config.number("moe_layer_end_index", -1);
    double last = end < 0 ? shape.layers() - 1 : end;
    long interval = config.size("moe_layer_interval", 1);
    IntPredicate within = layer -> (layer + 1) % interval == 0 && layer >= first && layer <= last;
    IntFunction<String> types =
        LayerTypes.of(
            config,
            "mlp_layer_types",
            shape.layers(),
            layer -> within.test(layer) ? "sparse" : "dense");
    return layer -> types.apply(layer).equals("sparse");
  }
}
