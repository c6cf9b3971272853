package dev.vramcast.core.architecture.family.text;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.Versions;

/** Phi 1 to 4 and Phi-3.5-MoE. */
public final class Phi {

  private static final ModelTraits PHI =
      ModelTraits.builder()
          .rotaryLayerTables(Versions.until(4, 45))
          .tablesByLayer(Versions.until(4, 45))
          .build();
  private static final ModelTraits PHI3 =
      ModelTraits.builder()
          .repeatsBeforeFlash(Versions.until(4, 48))
          .tablesByLayer(Versions.until(4, 48))
          .concatenatesRotary(Versions.since(4, 49))
          .liger(LigerTraits.ALL)
          .build();
  private static final ModelTraits PHIMOE = sparse().build();

  /**
   * With more experts a token than two, which is all that {@code sparsemixer} is asked for in 4.57
   * and 5.0; it gets {@code num_experts_per_tok} in 5.24.
   */
  private static final ModelTraits PHIMOE_OF_MORE =
      sparse().described(Versions.since(5, 24)).build();

  private Phi() {}

  private static ModelTraitsBuilder sparse() {
    return ModelTraits.builder()
        .additiveMasks(Versions.until(5, 0))
        .ownSdpa(Versions.until(5, 0))
        .weights(Weights.USUAL.dropped(Versions.until(5, 0)))
        .bareRouter(Versions.NONE)
        .routerReturnsSeveral(Versions.since(5, 0))
        .uncountedExperts()
        .weightsOfSoftmax(Versions.since(5, 0))
        .classHeads(Versions.ALL, Versions.NONE)
        .classes("Phimoe")
        .renames(5, 0, Mixtral.BLOCK + ".gate", "mlp.router")
        .renames(5, 0, Mixtral.BLOCK, "mlp");
  }

  /** Phi 1 and 2: attention and MLP in parallel after one layer norm. */
  public static Architecture phi(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean norms = config.flag("qk_layernorm", false);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), 0.5);
    long intermediate = config.size("intermediate_size");
    Activation activation = Mlps.activation(config, "hidden_act", "gelu_new");
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.final_layernorm", "lm_head")
        .layerNorm(true, true)
        .preNorms("input_layernorm", "")
        .traits(PHI)
        .wiring(Wiring.PARALLEL)
        .embeddingDropout(config.number("embd_pdrop", 0))
        .residualDropout(config.number("resid_pdrop", 0))
        .head(head -> head.bias(true))
        .mixer(
            () -> {
              AttentionBuilder attention =
                  Llama.attention(config, shape)
                      .outputName("dense")
                      .bias(true, true)
                      .rotary(Rotary.Style.HALF, rotated);
              return norms
                  ? attention.headNorms(Norm.Type.LAYER, "q_layernorm", "k_layernorm").build()
                  : attention.build();
            })
        .mlp(() -> Mlps.plain("mlp.fc1", "mlp.fc2", shape.hidden(), intermediate, true, activation))
        .build();
  }

  /** Phi 3 and 4: Llama with fused projections. */
  public static Architecture phi3(ModelConfig config) {
    Shape shape = Shape.of(config);
    int rotated = LayerTypes.rotaryDimensions(config, shape.headSize(), 1);
    int window = LayerTypes.window(config, 0);
    Mlp mlp =
        Mlps.fused(
            "mlp",
            "gate_up_proj",
            "down_proj",
            shape.hidden(),
            config.size("intermediate_size"),
            false,
            Mlps.activation(config, "hidden_act", "silu"));
    return new DecoderBuilder(config, shape)
        .residualDropout(config.number("resid_pdrop", 0))
        .traits(PHI3)
        .mixer(
            () ->
                Llama.attention(config, shape)
                    .names("qkv_proj")
                    .rotary(Rotary.Style.HALF, rotated)
                    .window(window)
                    .build())
        .mlp(layer -> mlp)
        .build();
  }

  public static Architecture phimoe(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    int window = LayerTypes.window(config, 0);
    Mlp experts =
        Mixtral.block(config, shape)
            .activation(Mlps.activation(config, "hidden_act", "silu"))
            .build();
    return new DecoderBuilder(config, shape)
        .layerNorm(true, true)
        .head(head -> head.bias(config.flag("lm_head_bias", false)))
        .mixer(() -> Llama.attention(config, shape).bias(bias, bias).window(window).build())
        .mlp(layer -> experts)
        .traits(config.count("num_experts_per_tok", 2) > 2 ? PHIMOE_OF_MORE : PHIMOE)
        .build();
  }
}
