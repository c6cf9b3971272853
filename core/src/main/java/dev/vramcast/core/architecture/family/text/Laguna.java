package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.LayerExtras;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Gating;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Mellum 2, Laguna and Muse Glimmer: windows, experts and gates where the config says. */
public final class Laguna {

  private static final ModelTraits MELLUM =
      ModelTraits.builder()
          .tablesByType(Versions.ALL)
          .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
          .classes("Mellum")
          .classHeads(Versions.NONE)
          .build();

  private static final ModelTraits LAGUNA =
      ModelTraits.builder()
          .tablesByType(Versions.ALL)
          .concatenatesRotary(Versions.ALL)
          .bareRouter(Versions.ALL)
          .fp32Sigmoid()
          .sharedFirst(Versions.ALL)
          .classHeads(Versions.NONE)
          .build();

  private static final ModelTraits MUSE = ModelTraits.builder().classes("MuseGlimmerText").build();

  private Laguna() {}

  /** Laguna: a softplus of its own projection scales what attention gives, head by head. */
  public static Architecture laguna(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    IntUnaryOperator windows =
        LayerTypes.windows(config, shape.layers(), LayerTypes.window(config, 512), layer -> false);
    IntPredicate isDense = LayerTypes.dense(config, shape.layers(), 1);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long shared = config.size("shared_expert_intermediate_size", 512);
    Mlp dense = Mlps.dense(config, shape.hidden(), activation);
    Mlp experts =
        Qwen.block(config, shape)
            .scoring(Scoring.SIGMOID_MADE_NARROW)
            .shared(Mlps.gated("mlp.shared_experts", shape.hidden(), shared, false, activation))
            .build();
    LayerExtras correction =
        LayerExtras.NONE.others(
            List.of(),
            List.of(
                new ParameterTensor(
                    "mlp.gate.e_score_correction_bias",
                    List.of(config.size("num_experts")),
                    TensorGroup.ROUTER)));
    return new DecoderBuilder(config, shape)
        .mixer(layer -> gated(config, heads(config, shape, layer), windows.applyAsInt(layer)))
        .mlp(layer -> isDense.test(layer) ? dense : experts)
        .layerExtras(layer -> isDense.test(layer) ? LayerExtras.NONE : correction)
        .traits(LAGUNA)
        .build();
  }

  /** The shape of a layer, whose number of heads may be its own. */
  private static Shape heads(ModelConfig config, Shape shape, int layer) {
    String heads =
        LayerTypes.of(
                config,
                "num_attention_heads_per_layer",
                shape.layers(),
                each -> String.valueOf(shape.heads()))
            .apply(layer);
    return shape.withHeads(config, Math.toIntExact(Math.round(Double.parseDouble(heads))));
  }

  private static Attention gated(ModelConfig config, Shape shape, int window) {
    boolean byFeature = config.text("gating", "per-head").equals("per-element");
    String type = window > 0 ? "sliding_attention" : "full_attention";
    double share =
        config
            .nested("rope_parameters")
            .flatMap(rope -> rope.nested(type))
            .map(rope -> rope.number("partial_rotary_factor", 1))
            .orElse(window > 0 ? 1.0 : 0.5);
    boolean bias = config.flag("attention_bias", false);
    return Llama.attention(config, shape)
        .bias(bias, bias)
        .headNorms(Norm.Type.RMS, "q_norm", "k_norm")
        .rotary(Rotary.Style.HALF, (int) (share * shape.headSize()))
        .gate("g_proj", byFeature ? shape.queryWidth() : shape.heads(), Gating.SOFTPLUS)
        .window(window)
        .build();
  }

  /** Muse Glimmer's language model: every fourth layer from the last sees all, unrotated. */
  public static Architecture muse(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config,
            shape.layers(),
            LayerTypes.window(config, 2048),
            layer -> (shape.layers() - 1 - layer) % 4 != 0);
    Activation activation = Mlps.activation(config, "hidden_activation", "silu");
    Mlp mlp = Mlps.dense(config, shape.hidden(), activation);
    return new DecoderBuilder(config, shape)
        .norm(Norm.Type.RMS_ONE_PLUS_WEIGHT)
        .preNorms("input_layernorm", "pre_feedforward_layernorm")
        .postNorms("post_attention_layernorm", "post_feedforward_layernorm")
        .normedTokens(Norm.Type.RMS_BY_POWER, "model.embed_tokens.embed_norm")
        .finalNorm(Norm.Type.RMS_BY_POWER)
        .head(head -> head.scaled().softcap(config.number("final_logit_softcapping", 20)))
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .weightlessHeadNorms(Norm.Type.RMS_BY_POWER, "qk_norm")
                    .gate("gate_proj", shape.queryWidth(), Gating.SIGMOID)
                    .rotatedInWindow(windows.applyAsInt(layer))
                    .build())
        .mlp(layer -> mlp)
        .traits(MUSE)
        .build();
  }

  public static Architecture mellum(ModelConfig given) {
    ModelConfig config = Keys.renamed(given, Map.of("num_local_experts", "num_experts"));
    Shape shape = Shape.of(config, 128);
    IntUnaryOperator windows =
        LayerTypes.windows(config, shape.layers(), LayerTypes.window(config, 1024), layer -> false);
    IntPredicate isDense = LayerTypes.dense(config, shape.layers(), 0);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    Mlp dense = Mlps.dense(config, shape.hidden(), activation);
    Mlp experts = Qwen.block(config, shape).build();
    return new DecoderBuilder(config, shape)
        .mixer(layer -> Qwen.attention(config, shape).window(windows.applyAsInt(layer)).build())
        .mlp(layer -> isDense.test(layer) ? dense : experts)
        .traits(MELLUM)
        .build();
  }
}
