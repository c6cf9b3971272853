package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.ModelTraitsBuilder;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.ArrayList;
import java.util.List;

/** BERT and RoBERTa with the head that {@code architectures} names. */
public final class Bert {

  private static final Weights WEIGHTS =
      Weights.USUAL
          .softmax(Softmax.OWN)
          .dropped(Versions.until(4, 54))
          .returned(Versions.until(5, 0).andSince(4, 54));

  private static final ModelTraits TRAITS = traits().build();
  private static final ModelTraits ELECTRA =
      traits().sdpa(Versions.since(5, 0)).classes("Electra").build();
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
        .sight(Sight.ALL_BY_ROW)
        .weights(WEIGHTS)
        .dropoutModule(Versions.ALL)
        .adapterTargets("query", "value")
        .layerClass("Layer");
  }

  public static Architecture bert(ModelConfig config) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    Head head =
        blocks.isMasked()
            ? blocks.masked(
                "cls.predictions.transform.dense",
                "cls.predictions.transform.LayerNorm",
                "cls.predictions.decoder")
            : pooled(blocks, blocks.prefix("bert."));
    return encoder(blocks, blocks.prefix("bert."), head, TRAITS);
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

  /** ELECTRA, whose embedding may be narrower than its layers. */
  public static Architecture electra(ModelConfig config) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    long width = config.size("embedding_size", 128);
    String architecture = blocks.architecture();
    Head head;
    if (blocks.isMasked()) {
      head =
          blocks.masked(
              "generator_predictions.dense",
              "generator_predictions.LayerNorm",
              "generator_lm_head",
              width);
    } else if (architecture.endsWith("ForTokenClassification")) {
      head = blocks.classifying(List.of(blocks.classes("classifier")));
    } else if (architecture.endsWith("Model")) {
      head = blocks.classifying(List.of());
    } else if (architecture.endsWith("ForPreTraining")) {
      throw Gap.of("ElectraForPreTraining, whose loss is of every token").refusal();
    } else {
      head = blocks.sentence();
    }
    String prefix = blocks.prefix("electra.");
    return encoder(blocks, prefix, head, ELECTRA, width)
        .extras(blocks.widened(prefix + "embeddings_project", width))
        .build();
  }

  private static Architecture roberta(ModelConfig config, ModelTraits traits) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix("roberta.");
    Head head;
    if (blocks.isMasked()) {
      head = blocks.masked("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder");
    } else if (blocks.architecture().endsWith("ForSequenceClassification")) {
      head = blocks.sentence();
    } else {
      head = pooled(blocks, prefix);
    }
    return encoder(blocks, prefix, head, traits);
  }

  /** The pooler unless tokens are classified, the classifier unless the model is the encoder. */
  private static Head pooled(EncoderBlocks blocks, String prefix) {
    List<Linear> linears = new ArrayList<>();
    if (!blocks.architecture().endsWith("ForTokenClassification")) {
      linears.add(blocks.dense(prefix + "pooler.dense"));
    }
    if (!blocks.architecture().endsWith("Model")) {
      linears.add(blocks.classes("classifier"));
    }
    return blocks.classifying(linears);
  }

  private static Architecture encoder(
      EncoderBlocks blocks, String prefix, Head head, ModelTraits traits) {
    return encoder(blocks, prefix, head, traits, blocks.shape().hidden()).build();
  }

  private static DecoderBuilder encoder(
      EncoderBlocks blocks, String prefix, Head head, ModelTraits traits, long width) {
    long types = blocks.config().size("type_vocab_size", 2);
    return blocks
        .stack(prefix, "attention.output.LayerNorm", head, traits, width)
        .positions(
            new Embedding(
                prefix + "embeddings.position_embeddings", blocks.shape().maxPositions(), width))
        .tokenTypes(prefix + "embeddings.token_type_embeddings", types)
        .mixer(
            () ->
                blocks.attention(
                    "attention", "self.query", "self.key", "self.value", "output.dense"));
  }
}
