package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** NomicBERT: BERT's norms behind Llama's attention and MLP, as Transformers has it since 5. */
public final class NomicBert {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.ALL)
          .sight(Sight.ALL)
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .classes("NomicBert")
          .layerClass("Layer")
          .build();

  private static final Map<String, String> OLDER_KEYS =
      Map.of(
          "n_embd", "hidden_size",
          "n_head", "num_attention_heads",
          "n_inner", "intermediate_size",
          "n_layer", "num_hidden_layers",
          "n_positions", "max_position_embeddings");

  private NomicBert() {}

  /** Its older configs have GPT-2's keys. */
  public static Architecture nomicBert(ModelConfig config) {
    return read(Keys.renamed(config, OLDER_KEYS));
  }

  private static Architecture read(ModelConfig config) {
    Shape shape = Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 2048));
    EncoderBlocks blocks = new EncoderBlocks(config, shape);
    String prefix = blocks.prefix("nomic_bert.");
    double dropout = config.number("hidden_dropout_prob", 0);
    Activation activation = Mlps.activation(config, "hidden_act", "silu");
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embeddings.word_embeddings", prefix + "layers", "", "")
        .tokenTypes(prefix + "embeddings.token_type_embeddings", config.size("type_vocab_size", 2))
        .layerNorm(true, true)
        .embeddingNorm(prefix + "embeddings.LayerNorm")
        .embeddingDropout(dropout)
        .residualDropout(dropout)
        .preNorms("", "")
        .postNorms("post_attention_layernorm", "post_mlp_layernorm")
        .wiring(Wiring.POST_RESIDUAL)
        .head(each -> each.fixed(head(blocks, prefix, activation)))
        .mixer(
            () ->
                new AttentionBuilder(shape)
                    .dropout(config.number("attention_probs_dropout_prob", 0))
                    .build())
        .mlp(
            () ->
                Mlps.gated(
                    "mlp", shape.hidden(), config.size("intermediate_size"), false, activation))
        .traits(TRAITS)
        .build();
  }

  /** A pooler where sequences are classified, and nowhere else. */
  private static Head head(EncoderBlocks blocks, String prefix, Activation activation) {
    if (blocks.isMasked()) {
      return blocks
          .masked(
              "cls.predictions.transform.dense",
              "cls.predictions.transform.layer_norm",
              "cls.predictions.decoder")
          .activated(activation);
    }
    List<Linear> linears = new ArrayList<>();
    if (blocks.architecture().endsWith("ForSequenceClassification")) {
      linears.add(blocks.dense(prefix + "pooler.dense"));
    }
    if (!blocks.architecture().endsWith("Model")) {
      linears.add(blocks.classes("classifier"));
    }
    return blocks.classifying(linears);
  }
}
