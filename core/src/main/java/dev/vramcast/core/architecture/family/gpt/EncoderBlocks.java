package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.input.Gap;
import java.util.List;
import java.util.Optional;

/** Embeddings, layers and heads of BERT and of what was made from its code. */
record EncoderBlocks(ModelConfig config, Shape shape) {

  static EncoderBlocks of(ModelConfig config) {
    return new EncoderBlocks(
        config, Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 512)));
  }

  /** The class that the config names. */
  String architecture() {
    return HeadBuilder.architecture(config);
  }

  /** Whether a class predicts masked tokens, as one does that nothing names. */
  boolean isMasked() {
    return architecture().isEmpty() || architecture().endsWith("LM");
  }

  /** Whether a class gives every token one of its own. */
  boolean labelsTokens() {
    return architecture().endsWith("ForTokenClassification");
  }

  /** The encoder alone is the root of its modules. */
  String prefix(String base) {
    return architecture().endsWith("Model") ? "" : base;
  }

  /** A dense layer with a norm behind it, and a row for each word. */
  Head masked(String dense, String norm, String decoder) {
    return masked(dense, norm, decoder, shape.hidden());
  }

  /** As {@link #masked(String, String, String)}, to rows of another width. */
  Head masked(String dense, String norm, String decoder, long width) {
    return Head.of(
            Head.Kind.MASKED_LANGUAGE_MODEL,
            List.of(
                new Linear(dense, shape.hidden(), width, true),
                new Linear(decoder, width, shape.vocabulary(), true)),
            config.flag("tie_word_embeddings", true))
        .normed(new Norm(norm, Norm.Type.LAYER, width, true, true));
  }

  Head classifying(List<Linear> linears) {
    if (labelsTokens() && linears.size() == 1) {
      return Head.ofTokens(linears.get(0), HeadBuilder.dropout(config, "hidden_dropout_prob"));
    }
    return Head.of(Head.Kind.SEQUENCE_CLASSIFICATION, linears);
  }

  /** As wide on both sides as the layers. */
  Linear dense(String name) {
    return new Linear(name, shape.hidden(), shape.hidden(), true);
  }

  /** A row for each class. */
  Linear classes(String name) {
    return new Linear(name, shape.hidden(), HeadBuilder.labels(config), true);
  }

  /** A dense layer and the classes, read off the first token. */
  Head sentence() {
    return classifying(List.of(dense("classifier.dense"), classes("classifier.out_proj")));
  }

  /** Whether positions are told by distances alone, of queries and of keys, as DeBERTa may do. */
  boolean tellsDistancesAlone() {
    List<?> types =
        config.values().get("pos_att_type") instanceof String joined
            ? List.of(joined.split("\\|"))
            : config.list("pos_att_type");
    return config.flag("relative_attention", false)
        && types.contains("c2p")
        && types.contains("p2c")
        && !config.flag("position_biased_input", true)
        && config.number("type_vocab_size", 0) == 0
        && config.size("embedding_size", config.size("hidden_size")) == config.size("hidden_size");
  }

  /**
   * The head of a class of DeBERTa's, V1 or V2. Masked tokens have {@code Legacy…LMPredictionHead};
   * the other one's table is no module of its own.
   *
   * @param type in messages
   */
  Head ofDeberta(String type) {
    if (isMasked() && !config.flag("legacy", true)) {
      throw Gap.of("a ", type, " whose legacy is false").refusal();
    } else if (isMasked()) {
      return masked(
          "cls.predictions.transform.dense",
          "cls.predictions.transform.LayerNorm",
          "cls.predictions.decoder");
    } else if (architecture().endsWith("ForSequenceClassification")) {
      return classifying(List.of(dense("pooler.dense"), classes("classifier")));
    } else if (labelsTokens()) {
      return classifying(List.of(classes("classifier")));
    } else if (architecture().endsWith("Model")) {
      return classifying(List.of());
    }
    throw Gap.of("the ", architecture(), " of a ", type).refusal();
  }

  double dropout() {
    return config.number("hidden_dropout_prob", 0.1);
  }

  /** Attention without rotary positions; names below the path, the output's last. */
  Attention attention(String path, String query, String key, String value, String output) {
    return new AttentionBuilder(shape)
        .path(path)
        .names(query, key, value)
        .outputName(output)
        .bias(true, true)
        .rotary(Rotary.Style.NONE)
        .dropout(config.number("attention_probs_dropout_prob", 0.1))
        .build();
  }

  /** What widens embeddings behind their norm to the width of the layers; none where they are. */
  ModelExtras widened(String name, long width) {
    long hidden = shape.hidden();
    return width == hidden
        ? ModelExtras.NONE
        : ModelExtras.narrow(
            new ModelExtras.NarrowEmbeddings(
                new ParameterTensor(
                    name + ".weight", List.of(hidden, width), TensorGroup.EMBEDDING),
                Optional.of(
                    new ParameterTensor(name + ".bias", List.of(hidden), TensorGroup.EMBEDDING)),
                Optional.empty(),
                true));
  }

  /** The model but for positions, mixers and what else it has. */
  DecoderBuilder stack(String prefix, String attentionNorm, Head head, ModelTraits traits) {
    return stack(prefix, attentionNorm, head, traits, shape.hidden());
  }

  /** As above, with embeddings of another width. */
  DecoderBuilder stack(
      String prefix, String attentionNorm, Head head, ModelTraits traits, long width) {
    return body(prefix, "", head, traits, width)
        .embeddingNorm(prefix + "embeddings.LayerNorm")
        .preNorms("", "")
        .postNorms(attentionNorm, "output.LayerNorm")
        .wiring(Wiring.POST_RESIDUAL);
  }

  /** The model with norms before attention and MLP, and one behind the last layer. */
  DecoderBuilder prenormed(String prefix, Norms norms, Head head, ModelTraits traits) {
    return body(prefix, prefix + norms.last(), head, traits, shape.hidden())
        .preNorms(norms.attention(), norms.mlp());
  }

  /** Names of the norms before attention and MLP, and of the last one's below the model. */
  record Norms(String attention, String mlp, String last) {}

  private DecoderBuilder body(
      String prefix, String finalNorm, Head head, ModelTraits traits, long width) {
    Mlp mlp =
        Mlps.plain(
            "intermediate.dense",
            "output.dense",
            shape.hidden(),
            config.size("intermediate_size"),
            true,
            Mlps.activation(config, "hidden_act", "gelu"));
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embeddings.word_embeddings", prefix + "encoder.layer", finalNorm, "")
        .layerNorm(true, true)
        .embeddingWidth(width)
        .embeddingDropout(dropout())
        .residualDropout(dropout())
        .head(each -> each.fixed(head))
        .traits(traits)
        .mlp(layer -> mlp);
  }
}
