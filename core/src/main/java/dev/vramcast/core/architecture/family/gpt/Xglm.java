package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/** XGLM: scaled embeddings, positions that are constants, attention written out in Python. */
public final class Xglm {

  /** The table begins so many rows before the first position. */
  private static final int POSITION_OFFSET = 2;

  /** What a layer gets beside its output is the softmax's result, which is saved anyway. */
  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .eagerOnly()
          .laysByHeads()
          .clampsScores(Versions.ALL)
          .weights(Weights.USUAL.dropped(Versions.ALL))
          .scalesInEmbedding(Versions.ALL)
          .writesLoss()
          .unusualLoss(Versions.ALL)
          .slicesHidden(Versions.NONE)
          .callsDropout()
          .classes("XGLM")
          .classHeads(Versions.NONE)
          .build();

  private Xglm() {}

  public static Architecture xglm(ModelConfig config) {
    int heads = Shape.heads(config, Keys.present(config, "attention_heads", "num_attention_heads"));
    Shape shape =
        Shape.of(
            config,
            Keys.size(config, "d_model", "hidden_size"),
            heads,
            heads,
            0,
            Shape.layers(config, Keys.present(config, "num_layers", "num_hidden_layers")),
            config.size("vocab_size"));
    double dropout = config.number("dropout", 0.1);
    Mlp mlp =
        Mlps.plain(
            "fc1",
            "fc2",
            shape.hidden(),
            config.size("ffn_dim"),
            true,
            Mlps.activation(config, "activation_function", "gelu"));
    return new DecoderBuilder(config, shape)
        .paths("model.embed_tokens", "model.layers", "model.layer_norm", "lm_head")
        .constantPositions(config.size("max_position_embeddings", 2048) + POSITION_OFFSET, false)
        .scaledEmbedding()
        .layerNorm(true, true)
        .preNorms("self_attn_layer_norm", "final_layer_norm")
        .embeddingDropout(dropout)
        .residualDropout(dropout)
        .head(HeadBuilder::tiedByDefault)
        .mixer(
            () ->
                new AttentionBuilder(shape)
                    .outputName("out_proj")
                    .bias(true, true)
                    .rotary(Rotary.Style.NONE)
                    .dropout(config.number("attention_dropout", 0.1))
                    .build())
        .mlp(layer -> mlp)
        .traits(TRAITS)
        .build();
  }
}
