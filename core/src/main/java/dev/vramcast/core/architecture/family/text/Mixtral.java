package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
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
import java.util.Set;
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
    Shape shape = Shape.of(config);
    boolean bias = config.flag("use_bias", false);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long experts = config.size("moe_num_experts");
    long intermediate = config.size("moe_intermediate_size");
    Mlp sparse =
        new MoeBuilder(config, shape.hidden(), intermediate, "moe_num_experts", "moe_k")
            .balanced()
            .activation(activation)
            .sharedExperts(config.count("moe_num_shared_experts", 2), bias)
            .build();
    Mlp dense =
        Mlps.gated("mlp", shape.hidden(), config.size("intermediate_size"), bias, activation);
    IntPredicate isSparse = ernieSparse(config, shape);
    ParameterTensor correction =
        new ParameterTensor(
            "mlp.moe_statics.e_score_correction_bias", List.of(1L, experts), TensorGroup.ROUTER);
    LayerExtras extras = LayerExtras.NONE.others(List.of(), List.of(correction));
    return new DecoderBuilder(config, shape)
        .head(HeadBuilder::tiedByDefault)
        .traits(ERNIE)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .bias(bias, bias)
                    .rotary(Rotary.Style.INTERLEAVED)
                    .build())
        .mlp(layer -> isSparse.test(layer) ? sparse : dense)
        .layerExtras(layer -> isSparse.test(layer) ? extras : LayerExtras.NONE)
        .build();
  }

  private static IntPredicate ernieSparse(ModelConfig config, Shape shape) {
    long first = config.count("moe_layer_start_index", 1);
    double end = config.number("moe_layer_end_index", -1);
    double last = end < 0 ? shape.layers() - 1 : end;
    long interval = config.size("moe_layer_interval", 1);
    return layer -> (layer + 1) % interval == 0 && layer >= first && layer <= last;
  }
}
