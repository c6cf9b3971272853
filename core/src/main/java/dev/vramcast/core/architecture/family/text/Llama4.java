package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts.Scoring;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ExpertCode;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/** Llama 4's language model: chunked attention, one routed and one shared expert a token. */
public final class Llama4 {

  private static final String BLOCK = "feed_forward";

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .rotary(RotaryCode.COMPLEX)
          .routerBehindExperts(Versions.ALL)
          .rotatesBeforeNorms()
          .holds(HeldOutput.MIXER)
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .experts(ExpertCode.ALL)
          .bareRouter(Versions.NONE)
          .routerReturnsSeveral(Versions.since(5, 0))
          .uncountedExperts()
          .liger(LigerTraits.ALL.withoutHeadNorms())
          .classes("Llama4Text")
          .mixtureClass("Moe")
          .classHeads(Versions.NONE)
          .build();

  private Llama4() {}

  public static Architecture text(ModelConfig config) {
    Shape shape = Shape.of(config, 128);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    long intermediate = config.size("intermediate_size");
    Mlp dense =
        Mlps.gated(BLOCK, shape.hidden(), config.size("intermediate_size_mlp"), false, activation);
    Mlp experts =
        new MoeBuilder(
                config,
                shape.hidden(),
                intermediate,
                "num_local_experts",
                config.size("num_experts_per_tok", 1))
            .balanced()
            .block(BLOCK)
            .router(BLOCK + ".router", false)
            .scoring(Scoring.SIGMOID)
            .activation(activation)
            .fused("experts.gate_up_proj", "experts.down_proj")
            .shared(
                Mlps.gated(
                    BLOCK + ".shared_expert", shape.hidden(), intermediate, false, activation))
            .build();
    IntPredicate isSparse = sparse(config);
    return new DecoderBuilder(config, shape)
        .mixer(attention(config, shape))
        .mlp(layer -> isSparse.test(layer) ? experts : dense)
        .traits(TRAITS)
        .build();
  }

  /** Rotary embedding, chunks and norms of query and key in all layers but every fourth. */
  private static IntFunction<Attention> attention(ModelConfig config, Shape shape) {
    long interval = config.size("no_rope_layer_interval", 4);
    IntFunction<String> rope =
        LayerTypes.of(
            config,
            "no_rope_layers",
            shape.layers(),
            layer -> LayerTypes.butEvery(interval).test(layer) ? "1" : "0");
    int chunk = Math.toIntExact(config.count("attention_chunk_size", 8192));
    boolean bias = config.flag("attention_bias", false);
    boolean norms = config.flag("use_qk_norm", true);
    return layer -> {
      AttentionBuilder attention = Llama.attention(config, shape).bias(bias, bias);
      if (rope.apply(layer).equals("0")) {
        return attention.rotary(Rotary.Style.NONE).build();
      }
      attention.rotary(Rotary.Style.COMPLEX).window(chunk);
      return norms
          ? attention.weightlessHeadNorms(Norm.Type.RMS, "qk_norm").build()
          : attention.build();
    };
  }

  private static IntPredicate sparse(ModelConfig config) {
    if (config.values().get("moe_layers") instanceof List<?> layers) {
      return layer ->
          layers.stream()
              .anyMatch(each -> each instanceof Number number && number.intValue() == layer);
    }
    IntPredicate dense = LayerTypes.butEvery(config.size("interleave_moe_layer_step", 1));
    return dense.negate();
  }
}
