package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** OLMo 1 to 3, OLMoE and FlexOlmo. */
public final class Olmo {

  private static final ModelTraits OLMO =
      traits()
          .rotaryLayerTables(Versions.until(4, 41))
          .layerNorm(LayerNormCode.FUSED_IN_FP32)
          .classHeads(Versions.since(5, 6), Versions.NONE)
          .build();

  /** OLMo 3's too; layers of both types are in that alone. */
  private static final ModelTraits OLMO_2 =
      traits()
          .tablesByType(Versions.ALL)
          .liger(LigerTraits.ALL.apart().withoutHeadNorms())
          .classHeads(Versions.since(5, 6), Versions.NONE)
          .build();

  private static final ModelTraits OLMOE =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 0))
          .ownSdpa(Versions.until(5, 0))
          .weights(Weights.USUAL.dropped(Versions.until(5, 0)))
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .classHeads(Versions.NONE)
          .build();

  private static final ModelTraits FLEX =
      traits()
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .classes("FlexOlmo")
          .classHeads(Versions.NONE)
          .build();

  private Olmo() {}

  /** {@code OlmoRotaryEmbedding} no longer casts what it returns. */
  private static ModelTraitsBuilder traits() {
    return ModelTraits.builder()
        .rotary(RotaryCode.TABLES_IN_FP32)
        .rotatedAsLlama(Versions.until(4, 52))
        .tablesByLayer(Versions.until(4, 48));
  }

  /** OLMo: layer norms without parameters. */
  public static Architecture olmo(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    return Llama.decoder(config, shape)
        .layerNorm(false, false)
        .traits(OLMO)
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).clipped(config).build())
        .build();
  }

  public static Architecture olmo2(ModelConfig config) {
    return postNormed(config, 0, layer -> false);
  }

  public static Architecture olmo3(ModelConfig config) {
    return postNormed(config, LayerTypes.window(config, 4096), LayerTypes.butEvery(4));
  }

  /** Norms after attention and MLP only, and over all features of query and key. */
  private static Architecture postNormed(ModelConfig config, int window, IntPredicate sliding) {
    Shape shape = Shape.of(config);
    IntUnaryOperator windows = LayerTypes.windows(config, shape.layers(), window, sliding);
    return Llama.decoder(config, shape)
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .preNorms("", "")
        .postNorms("post_attention_layernorm", "post_feedforward_layernorm")
        .traits(OLMO_2)
        .mixer(
            layer ->
                attention(config, shape, Norm.Type.RMS_WEIGHT_IN_FP32)
                    .window(windows.applyAsInt(layer))
                    .build())
        .build();
  }

  public static Architecture olmoe(ModelConfig config) {
    Shape shape = Shape.of(config);
    return experts(config, shape, OLMOE)
        .mixer(() -> attention(config, shape, Norm.Type.RMS).clipped(config).build())
        .build();
  }

  /** FlexOlmo: OLMoE's experts in OLMo 2's layers. */
  public static Architecture flexOlmo(ModelConfig config) {
    Shape shape = Shape.of(config);
    return experts(config, shape, FLEX)
        .norm(Norm.Type.RMS_WEIGHT_IN_FP32)
        .preNorms("", "")
        .postNorms("post_attention_layernorm", "post_feedforward_layernorm")
        .mixer(() -> attention(config, shape, Norm.Type.RMS_WEIGHT_IN_FP32).build())
        .build();
  }

  private static DecoderBuilder experts(ModelConfig config, Shape shape, ModelTraits traits) {
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                config.size("intermediate_size"),
                "num_experts",
                "num_experts_per_tok")
            .balanced()
            .normalisedWhereAsked()
            .activation(Mlps.activation(config, "hidden_act", "silu"))
            .build();
    return new DecoderBuilder(config, shape).mlp(layer -> experts).traits(traits);
  }

  /** Norms over all features of query and key. */
  private static AttentionBuilder attention(ModelConfig config, Shape shape, Norm.Type norms) {
    boolean bias = config.flag("attention_bias", false);
    return Llama.attention(config, shape).bias(bias, bias).fullNorms(norms, "q_norm", "k_norm");
  }
}
