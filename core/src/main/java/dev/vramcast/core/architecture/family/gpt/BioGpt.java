package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/** BioGPT: OPT with scaled embeddings and names of its own. */
public final class BioGpt {

  private static final int POSITION_OFFSET = 2;

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .additiveMasks(Versions.until(5, 0))
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .writesLoss()
          .slicesHidden(Versions.NONE)
          .callsDropout()
          .holds(HeldOutput.POSITIONS)
          .classes("BioGpt")
          .build();

  private BioGpt() {}

  public static Architecture biogpt(ModelConfig config) {
    Shape shape = Shape.of(config);
    double dropout = config.number("hidden_dropout_prob", 0.1);
    Mlp mlp =
        Mlps.plain(
            "fc1",
            "fc2",
            shape.hidden(),
            config.size("intermediate_size"),
            true,
            Mlps.activation(config, "hidden_act", "gelu"));
    DecoderBuilder decoder =
        new DecoderBuilder(config, shape)
            .paths("biogpt.embed_tokens", "biogpt.layers", "biogpt.layer_norm", "output_projection")
            .positions(
                new Embedding(
                        "biogpt.embed_positions",
                        config.size("max_position_embeddings", 1024) + POSITION_OFFSET,
                        shape.hidden())
                    .alongMask())
            .layerNorm(true, true)
            .preNorms("self_attn_layer_norm", "final_layer_norm")
            .embeddingDropout(dropout)
            .residualDropout(dropout)
            .head(HeadBuilder::tiedByDefault)
            .scaledEmbedding()
            .mixer(
                () ->
                    new AttentionBuilder(shape)
                        .outputName("out_proj")
                        .bias(true, true)
                        .rotary(Rotary.Style.NONE)
                        .dropout(config.number("attention_probs_dropout_prob", 0.1))
                        .build())
            .mlp(layer -> mlp)
            .traits(TRAITS);
    return decoder.build();
  }
}
