package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.List;

/** DistilBERT with the head that {@code architectures} names: no token types, no pooler. */
public final class DistilBert {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .holds(HeldOutput.SUMMAND)
          .sight(Sight.ALL_BY_ROW)
          .lossInOwnDtype(Versions.ALL)
          .weights(Weights.USUAL.softmax(Softmax.OWN).dropped(Versions.until(5, 0)))
          .adapterTargets("q_lin", "v_lin")
          .classes("DistilBert")
          .build();

  private DistilBert() {}

  public static Architecture distilBert(ModelConfig config) {
    Shape shape = shape(config);
    EncoderBlocks blocks = new EncoderBlocks(config, shape);
    String prefix = blocks.prefix("distilbert.");
    Head head =
        blocks.isMasked()
            ? blocks.masked("vocab_transform", "vocab_layer_norm", "vocab_projector")
            : labels(blocks);
    double dropout = config.number("dropout", 0.1);
    long inner = config.size("hidden_dim", 4 * shape.hidden());
    Mlp mlp =
        new PlainMlp(
            new Linear("ffn.lin1", shape.hidden(), inner, true),
            new Linear("ffn.lin2", inner, shape.hidden(), true),
            Mlps.activation(config, "activation", "gelu"),
            dropout);
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embeddings.word_embeddings", prefix + "transformer.layer", "", "")
        .positions(prefix + "embeddings.position_embeddings", shape.maxPositions())
        .embeddingNorm(prefix + "embeddings.LayerNorm")
        .embeddingDropout(dropout)
        .layerNorm(true, true)
        .preNorms("", "")
        .postNorms("sa_layer_norm", "output_layer_norm")
        .wiring(Wiring.POST_RESIDUAL)
        .head(each -> each.fixed(head))
        .traits(TRAITS)
        .mixer(
            () ->
                new AttentionBuilder(shape)
                    .path("attention")
                    .names("q_lin", "k_lin", "v_lin")
                    .outputName("out_lin")
                    .bias(true, true)
                    .rotary(Rotary.Style.NONE)
                    .dropout(config.number("attention_dropout", 0.1))
                    .build())
        .mlp(layer -> mlp)
        .build();
  }

  private static Shape shape(ModelConfig config) {
    long hidden = config.size("dim", 768);
    int heads = Math.toIntExact(config.size("n_heads", 12));
    return Shape.of(
            config,
            hidden,
            heads,
            heads,
            Math.toIntExact(hidden / heads),
            Shape.layers(config, "n_layers"),
            config.size("vocab_size", 30522))
        .withMaxPositions(config.size("max_position_embeddings", 512));
  }

  private static Head labels(EncoderBlocks blocks) {
    Linear classifier = blocks.classes("classifier");
    List<Linear> linears =
        blocks.architecture().endsWith("ForSequenceClassification")
            ? List.of(blocks.dense("pre_classifier"), classifier)
            : blocks.architecture().endsWith("Model") ? List.of() : List.of(classifier);
    return blocks.classifying(linears);
  }
}
