package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Command R and Command R7B: attention and MLP in parallel after one layer norm. */
public final class Cohere {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .rotary(RotaryCode.IN_FP32)
          .tablesByLayer(Versions.until(4, 45))
          .layerNorm(LayerNormCode.WRITTEN_OUT)
          .classHeads(Versions.NONE)
          .build();

  private static final ModelTraits TRAITS_2 =
      ModelTraits.builder()
          .rotary(RotaryCode.IN_FP32)
          .layerNorm(LayerNormCode.WRITTEN_OUT)
          .alwaysMasks(Versions.until(4, 53))
          .classHeads(Versions.NONE)
          .build();

  private static final ModelTraits COMPASS =
      ModelTraits.builder()
          .layerNorm(LayerNormCode.WRITTEN_OUT)
          .tablesByType(Versions.ALL)
          .tablesByRow(Versions.ALL)
          .classes("CohereCompass")
          .classHeads(Versions.NONE)
          .build();
  private static final ModelTraits MOE_TRAITS =
      ModelTraits.builder()
          .rotary(RotaryCode.IN_FP32)
          .layerNorm(LayerNormCode.WRITTEN_OUT)
          .bareRouter(Versions.ALL)
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .classes("Cohere2Moe")
          .classHeads(Versions.NONE)
          .build();

  private Cohere() {}

  public static Architecture cohere(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    boolean norms = config.flag("use_qk_norm", false);
    return decoder(config, shape)
        .mixer(
            () -> {
              AttentionBuilder attention =
                  Llama.attention(config, shape).bias(bias, bias).rotary(Rotary.Style.INTERLEAVED);
              return norms
                  ? attention.weightsOfAllHeads("q_norm", "k_norm").build()
                  : attention.build();
            })
        .build();
  }

  /** Windows and rotary embeddings in all layers but every fourth. */
  public static Architecture cohere2(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    long pattern = config.size("sliding_window_pattern", 4);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config, shape.layers(), LayerTypes.window(config, 4096), LayerTypes.butEvery(pattern));
    return decoder(config, shape)
        .traits(TRAITS_2)
        .mixer(
            layer -> {
              int window = windows.applyAsInt(layer);
              return Llama.attention(config, shape)
                  .bias(bias, bias)
                  .window(window)
                  .rotary(window > 0 ? Rotary.Style.INTERLEAVED : Rotary.Style.NONE)
                  .build();
            })
        .build();
  }

  /** Cohere Compass: rotated as Llama, with frequencies of each kind of layer or with none. */
  public static Architecture compass(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    IntUnaryOperator windows =
        LayerTypes.windows(config, shape.layers(), LayerTypes.window(config, 4096), layer -> false);
    return decoder(config, shape)
        .traits(COMPASS)
        .mixer(
            layer -> {
              int window = windows.applyAsInt(layer);
              String type = window > 0 ? "sliding_attention" : "full_attention";
              return Llama.attention(config, shape)
                  .bias(bias, bias)
                  .window(window)
                  .rotary(rotates(config, type) ? Rotary.Style.HALF : Rotary.Style.NONE)
                  .build();
            })
        .build();
  }

  /** Null in the place of a kind's frequencies says that its layers have no positions. */
  private static boolean rotates(ModelConfig config, String type) {
    return config
        .nested("rope_parameters")
        .map(rope -> !rope.values().containsKey(type) || rope.values().get(type) != null)
        .orElse(true);
  }

  /** Command A+: experts behind some dense layers, whose attention is rotated too. */
  public static Architecture cohere2Moe(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    boolean bias = config.flag("attention_bias", false);
    long first = config.count("first_k_dense_replace", 0);
    boolean rotatesFirst = config.size("prefix_dense_sliding_window_pattern", 1) == 1;
    IntPredicate isDense = LayerTypes.dense(config, shape.layers(), first);
    IntUnaryOperator windows = moeWindows(config, shape, first);
    IntFunction<Mlp> mlps = mlps(config, shape, isDense);
    DecoderBuilder decoder =
        decoder(config, shape)
            .mixer(
                layer -> {
                  int window = windows.applyAsInt(layer);
                  boolean rotates = window > 0 || isDense.test(layer) && rotatesFirst;
                  return Llama.attention(config, shape)
                      .bias(bias, bias)
                      .window(window)
                      .rotary(rotates ? Rotary.Style.INTERLEAVED : Rotary.Style.NONE)
                      .build();
                })
            .mlp(mlps)
            .traits(MOE_TRAITS);
    return config.values().get("rms_norm_eps") == null
        ? decoder.build()
        : decoder.norm(Norm.Type.RMS).build();
  }

  private static IntUnaryOperator moeWindows(ModelConfig config, Shape shape, long first) {
    long inFirst = config.size("prefix_dense_sliding_window_pattern", 1);
    long pattern = config.size("sliding_window_pattern", 4);
    return LayerTypes.windows(
        config,
        shape.layers(),
        LayerTypes.window(config, 4096),
        layer ->
            layer < first
                ? LayerTypes.butEvery(inFirst).test(layer)
                : LayerTypes.butEvery(pattern).test((int) (layer - first)));
  }

  private static IntFunction<Mlp> mlps(ModelConfig config, Shape shape, IntPredicate isDense) {
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long intermediate = config.size("intermediate_size");
    Mlp dense =
        Mlps.gated(
            "mlp",
            shape.hidden(),
            config.optionalSize("prefix_dense_intermediate_size").orElse(intermediate),
            false,
            activation);
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                intermediate,
                "num_experts",
                config.size("num_experts_per_tok", 2))
            .scoring(Scoring.SOFTMAX_OF_TOP_K)
            .activation(activation)
            .sharedExperts(config.count("num_shared_experts", 0), false)
            .build();
    return layer -> isDense.test(layer) ? dense : experts;
  }

  private static DecoderBuilder decoder(ModelConfig config, Shape shape) {
    return Llama.decoder(config, shape)
        .layerNorm(true, false)
        .preNorms("input_layernorm", "")
        .wiring(Wiring.PARALLEL)
        .head(head -> head.tiedByDefault().scaled())
        .traits(TRAITS);
  }
}
