package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.AttentionBuilder;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** BERT and RoBERTa with the head that {@code architectures} names. */
public final class Bert {

  private static final Weights WEIGHTS =
      Weights.USUAL
          .softmax(Softmax.OWN)
          .dropped(Versions.until(4, 54))
          .returned(Versions.until(5, 0).andSince(4, 54));

  private static final ModelTraits TRAITS = traits().build();
  private static final ModelTraits ELECTRA = traits().classes("Electra").build();
  private static final ModelTraits CAMEMBERT = traits().classes("Camembert").build();
  private static final ModelTraits XLM = traits().classes("XLMRoberta").build();

  private Bert() {}

  /**
   * Logits of masked language models go to cross-entropy as they are; {@code
   * BertLayer.feed_forward_chunk} names what the activation has made.
   */
  private static ModelTraitsBuilder traits() {
    return ModelTraits.builder()
        .lossInOwnDtype(Versions.ALL)
        .holds(HeldOutput.ACTIVATION, HeldOutput.SUMMAND)
        .weights(WEIGHTS)
        .dropoutModule(Versions.ALL)
        .adapterTargets("query", "value")
        .layerClass("Layer");
  }

  public static Architecture bert(ModelConfig config) {
    Shape shape = shape(config);
    String architecture = HeadBuilder.architecture(config);
    Head head =
        isMasked(architecture)
            ? masked(
                config,
                shape,
                "cls.predictions.transform.dense",
                "cls.predictions.transform.LayerNorm",
                "cls.predictions.decoder")
            : classifier(
                classifierLinears(config, shape, architecture, prefix("bert.", architecture)));
    return encoder(config, shape, prefix("bert.", architecture), head, TRAITS);
  }

  public static Architecture roberta(ModelConfig config) {
    return roberta(config, TRAITS);
  }

  public static Architecture camembert(ModelConfig config) {
    return roberta(config, CAMEMBERT);
  }

  public static Architecture xlmRoberta(ModelConfig config) {
    return roberta(config, XLM);
  }

  /** ELECTRA, whose embedding is as wide as its layers; narrower ones are not described. */
  public static Architecture electra(ModelConfig config) {
    Shape shape = shape(config);
    long width = config.size("embedding_size", 128);
    if (width != shape.hidden()) {
      throw Gap.of("an electra whose embedding_size is not its hidden_size").refusal();
    }
    String architecture = HeadBuilder.architecture(config);
    Head head;
    if (isMasked(architecture)) {
      head =
          masked(
              config,
              shape,
              "generator_predictions.dense",
              "generator_predictions.LayerNorm",
              "generator_lm_head");
    } else if (architecture.endsWith("ForTokenClassification")) {
      long labels = HeadBuilder.labels(config);
      head = classifier(List.of(new Linear("classifier", shape.hidden(), labels, true)));
    } else if (architecture.endsWith("Model")) {
      head = classifier(List.of());
    } else if (architecture.endsWith("ForPreTraining")) {
      throw Gap.of("ElectraForPreTraining, whose loss is of every token").refusal();
    } else {
      head = classifier(sentence(config, shape));
    }
    return encoder(config, shape, prefix("electra.", architecture), head, ELECTRA);
  }

  /** A dense layer and the classes, read off the first token. */
  private static List<Linear> sentence(ModelConfig config, Shape shape) {
    long hidden = shape.hidden();
    return List.of(
        new Linear("classifier.dense", hidden, hidden, true),
        new Linear("classifier.out_proj", hidden, HeadBuilder.labels(config), true));
  }

  private static Architecture roberta(ModelConfig config, ModelTraits traits) {
    Shape shape = shape(config);
    String architecture = HeadBuilder.architecture(config);
    Head head;
    if (isMasked(architecture)) {
      head = masked(config, shape, "lm_head.dense", "lm_head.layer_norm", "lm_head.decoder");
    } else if (architecture.endsWith("ForSequenceClassification")) {
      head = classifier(sentence(config, shape));
    } else {
      head =
          classifier(
              classifierLinears(config, shape, architecture, prefix("roberta.", architecture)));
    }
    return encoder(config, shape, prefix("roberta.", architecture), head, traits);
  }

  private static Shape shape(ModelConfig config) {
    return Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 512));
  }

  /** The encoder alone is the root of its modules. */
  private static String prefix(String base, String architecture) {
    return architecture.endsWith("Model") ? "" : base;
  }

  /** Whether a class predicts masked tokens, as one does that nothing names. */
  static boolean isMasked(String architecture) {
    return architecture.isEmpty() || architecture.endsWith("LM");
  }

  private static Head masked(
      ModelConfig config, Shape shape, String dense, String norm, String decoder) {
    long hidden = shape.hidden();
    return new Head(
        Head.Kind.MASKED_LANGUAGE_MODEL,
        List.of(
            new Linear(dense, hidden, hidden, true),
            new Linear(decoder, hidden, shape.vocabulary(), true)),
        config.flag("tie_word_embeddings", true),
        0,
        false,
        Optional.of(new Norm(norm, Norm.Type.LAYER, hidden, true, true)));
  }

  /** The pooler unless tokens are classified, the classifier unless the model is the encoder. */
  private static List<Linear> classifierLinears(
      ModelConfig config, Shape shape, String architecture, String prefix) {
    long hidden = shape.hidden();
    List<Linear> linears = new ArrayList<>();
    if (!architecture.endsWith("ForTokenClassification")) {
      linears.add(new Linear(prefix + "pooler.dense", hidden, hidden, true));
    }
    if (!architecture.endsWith("Model")) {
      linears.add(new Linear("classifier", hidden, HeadBuilder.labels(config), true));
    }
    return linears;
  }

  private static Head classifier(List<Linear> linears) {
    return new Head(Head.Kind.SEQUENCE_CLASSIFICATION, linears, false, 0, false);
  }

  private static Architecture encoder(
      ModelConfig config, Shape shape, String prefix, Head head, ModelTraits traits) {
    double dropout = config.number("hidden_dropout_prob", 0.1);
    double attentionDropout = config.number("attention_probs_dropout_prob", 0.1);
    Mlp mlp =
        Mlps.plain(
            "intermediate.dense",
            "output.dense",
            shape.hidden(),
            config.size("intermediate_size"),
            true,
            Mlps.activation(config, "hidden_act", "gelu"));
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embeddings.word_embeddings", prefix + "encoder.layer", "", "")
        .positions(prefix + "embeddings.position_embeddings", shape.maxPositions())
        .tokenTypes(prefix + "embeddings.token_type_embeddings", config.size("type_vocab_size", 2))
        .embeddingNorm(prefix + "embeddings.LayerNorm")
        .embeddingDropout(dropout)
        .residualDropout(dropout)
        .layerNorm(true, true)
        .preNorms("", "")
        .postNorms("attention.output.LayerNorm", "output.LayerNorm")
        .wiring(Wiring.POST_RESIDUAL)
        .head(each -> each.fixed(head))
        .traits(traits)
        .mixer(
            () ->
                new AttentionBuilder(shape)
                    .path("attention")
                    .names("self.query", "self.key", "self.value")
                    .outputName("output.dense")
                    .bias(true, true)
                    .rotary(Rotary.Style.NONE)
                    .dropout(attentionDropout)
                    .build())
        .mlp(layer -> mlp)
        .build();
  }
}
