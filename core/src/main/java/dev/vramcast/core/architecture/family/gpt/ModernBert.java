package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.LayerTypes;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.text.Llama;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** ModernBERT: layer norms before, rotary embedding, a window in two of three layers. */
public final class ModernBert {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .holds(HeldOutput.MIXER)
          .weights(Weights.USUAL.dropped(Versions.until(5, 1)))
          .sight(Sight.ALL)
          .tablesByType(Versions.since(5, 0))
          .classes("ModernBert")
          .layerClass("EncoderLayer")
          .build();

  /** transformers modernbert_decoder: queries and keys are rotated in fp32 since 5.0. */
  private static final ModelTraits DECODER =
      ModelTraits.builder()
          .holds(HeldOutput.MIXER)
          .cutLossInOwnDtype(Versions.until(5, 0))
          .rotatesInFp32(Versions.since(5, 0))
          .tablesByType(Versions.ALL)
          .tablesByRow(Versions.ALL)
          .classes("ModernBertDecoder")
          .layerClass("Layer")
          .classHeads(Versions.ALL, Versions.NONE)
          .build();

  private ModernBert() {}

  public static Architecture modernBert(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    long every = config.size("global_attn_every_n_layers", 3);
    int window = Math.toIntExact(config.size("local_attention", 128));
    double dropout = config.number("mlp_dropout", 0);
    Mlp mlp = mlp(config, shape);
    String prefix = HeadBuilder.architecture(config).endsWith("Model") ? "" : "model.";
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embeddings.tok_embeddings", prefix + "layers", prefix + "final_norm", "")
        .embeddingNorm(prefix + "embeddings.norm")
        .embeddingDropout(config.number("embedding_dropout", 0))
        .residualDropout(dropout)
        .layerNorm(true, config.flag("norm_bias", false))
        .preNorms(layer -> layer == 0 ? "" : "attn_norm", layer -> "mlp_norm")
        .head(head -> head.fixed(head(config, shape)))
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .path("attn")
                    .names("Wqkv")
                    .outputName("Wo")
                    .bias(bias, bias)
                    .window(layer % every == 0 ? 0 : window)
                    .build())
        .mlp(layer -> mlp)
        .traits(TRAITS)
        .build();
  }

  /** ModernBERT as a decoder (Ettin): projections of its own for query, key and value. */
  public static Architecture decoder(ModelConfig config) {
    Shape shape = Shape.of(config);
    boolean bias = config.flag("attention_bias", false);
    double dropout = config.number("attention_dropout", 0);
    long every = config.size("global_attn_every_n_layers", 3);
    IntUnaryOperator windows =
        LayerTypes.windows(
            config,
            shape.layers(),
            Math.toIntExact(config.size("local_attention", 128) / 2),
            layer -> layer % every != 0);
    Mlp mlp = mlp(config, shape);
    return new DecoderBuilder(config, shape)
        .paths("model.embeddings.tok_embeddings", "model.layers", "model.final_norm", "")
        .embeddingNorm("model.embeddings.norm")
        .embeddingDropout(config.number("embedding_dropout", 0))
        .residualDropout(dropout)
        .layerNorm(true, config.flag("norm_bias", false))
        .preNorms(layer -> layer == 0 ? "" : "attn_norm", layer -> "mlp_norm")
        .head(head -> head.fixed(predicting(config, shape)))
        .mixer(
            layer ->
                Llama.attention(config, shape)
                    .path("attn")
                    .outputName("Wo")
                    .bias(bias, bias)
                    .window(windows.applyAsInt(layer))
                    .build())
        .mlp(layer -> mlp)
        .traits(DECODER)
        .build();
  }

  private static Mlp mlp(ModelConfig config, Shape shape) {
    return Mlps.fused(
        "mlp",
        "Wi",
        "Wo",
        shape.hidden(),
        config.size("intermediate_size"),
        config.flag("mlp_bias", false),
        Mlps.activation(config, "hidden_activation", "gelu"));
  }

  private static Head predicting(ModelConfig config, Shape shape) {
    if (HeadBuilder.architecture(config).contains("Classification")) {
      throw Gap.of("a classifier on a decoder of ModernBERT").refusal();
    }
    long hidden = shape.hidden();
    Linear dense =
        new Linear("lm_head.dense", hidden, hidden, config.flag("classifier_bias", false));
    Linear words =
        new Linear("decoder", hidden, shape.vocabulary(), config.flag("decoder_bias", true));
    Norm norm =
        new Norm("lm_head.norm", Norm.Type.LAYER, hidden, true, config.flag("norm_bias", false));
    boolean tied = config.flag("tie_word_embeddings", true);
    return Head.of(Head.Kind.LANGUAGE_MODEL, List.of(dense, words), tied).normed(norm);
  }

  private static Head head(ModelConfig config, Shape shape) {
    String architecture = HeadBuilder.architecture(config);
    if (architecture.endsWith("Model")) {
      return Head.of(Head.Kind.SEQUENCE_CLASSIFICATION, List.of());
    }
    long hidden = shape.hidden();
    Linear dense = new Linear("head.dense", hidden, hidden, config.flag("classifier_bias", false));
    Norm norm =
        new Norm("head.norm", Norm.Type.LAYER, hidden, true, config.flag("norm_bias", false));
    if (architecture.contains("Classification")) {
      Linear classes = new Linear("classifier", hidden, HeadBuilder.labels(config), true);
      return Head.of(Head.Kind.SEQUENCE_CLASSIFICATION, List.of(dense, classes)).normed(norm);
    }
    return Head.of(
            config.flag("sparse_prediction", false)
                ? Head.Kind.SPARSE_MASKED_LANGUAGE_MODEL
                : Head.Kind.MASKED_LANGUAGE_MODEL,
            List.of(
                dense,
                new Linear(
                    "decoder", hidden, shape.vocabulary(), config.flag("decoder_bias", true))),
            config.flag("tie_word_embeddings", true))
        .normed(norm);
  }
}
