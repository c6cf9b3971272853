package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.family.build.DecoderBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.mlp.Activation;
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
import java.util.Map;

/**
 * BERT and RoBERTa, and what was copied from them, with the head that {@code architectures} names.
 */
public final class Bert {

  private static final ModelTraits TRAITS = traits().build();
  private static final ModelTraits ELECTRA =
      traits().sdpa(Versions.since(5, 0)).classes("Electra").build();
  private static final ModelTraits CAMEMBERT = traits().classes("Camembert").build();
  private static final ModelTraits DATA2VEC =
      traits().sdpa(Versions.since(5, 0)).classes("Data2VecText").build();
  private static final ModelTraits ERNIE =
      traits().sdpa(Versions.since(5, 0)).classes("Ernie").build();
  private static final ModelTraits LAYOUT =
      traits()
          .weights(Weights.USUAL.dropped(Versions.ALL))
          .sight(Sight.ALL_IN_ONE_ROW)
          .alwaysMasks(Versions.ALL)
          .masksLikeTable(Versions.ALL)
          .sdpa(Versions.since(5, 0))
          .classes("LayoutLM")
          .build();
  private static final ModelTraits REMBERT =
      traits().eagerOnly().weights(weights(Versions.ALL)).classes("RemBert").build();
  private static final ModelTraits BIG_BIRD =
      traits()
          .eagerOnly()
          .weights(weights(Versions.until(5, 0)).apart(Versions.ALL))
          .classes("BigBird")
          .build();
  private static final ModelTraits XLM = traits().classes("XLMRoberta").build();

  private Bert() {}

  /**
   * Weights of attention written out.
   *
   * @param own the releases in which it is written in a class of its own, where scores and weights
   *     have two names
   */
  static Weights weights(Versions own) {
    return Weights.USUAL
        .softmax(Softmax.OWN)
        .dropped(Versions.until(4, 54))
        .returned(own.andSince(4, 54))
        .apart(own);
  }

  /**
   * Logits of masked language models go to cross-entropy as they are; {@code
   * BertLayer.feed_forward_chunk} names what the activation has made.
   */
  static ModelTraitsBuilder traits() {
    return ModelTraits.builder()
        .lossInOwnDtype(Versions.ALL)
        .holds(HeldOutput.ACTIVATION, HeldOutput.SUMMAND)
        .sight(Sight.ALL_BY_ROW)
        .masksLikeTable(Versions.until(5, 0))
        .weights(weights(Versions.until(5, 0)))
        .dropoutModule(Versions.ALL)
        .adapterTargets("query", "value")
        .layerClass("Layer");
  }

  public static Architecture bert(ModelConfig config) {
    return bert(config, "bert.", TRAITS);
  }

  /** ERNIE 1.0 to 2.0; 3.0 has types of tasks beside. */
  public static Architecture ernie(ModelConfig config) {
    if (config.flag("use_task_id", false)) {
      throw Gap.of("an ernie with types of tasks").refusal();
    }
    return bert(config, "ernie.", ERNIE);
  }

  private static Architecture bert(ModelConfig config, String base, ModelTraits traits) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix(base);
    return encoder(blocks, prefix, bertHead(blocks, prefix), traits);
  }

  static Head bertHead(EncoderBlocks blocks, String prefix) {
    return blocks.isMasked()
        ? blocks.masked(
            "cls.predictions.transform.dense",
            "cls.predictions.transform.LayerNorm",
            "cls.predictions.decoder")
        : pooled(blocks, prefix);
  }

  /** LayoutLM, which adds four tables of a token's place on its page, the first two twice. */
  public static Architecture layoutLm(ModelConfig config) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix("layoutlm.");
    long rows = config.size("max_2d_position_embeddings", 1024);
    long hidden = blocks.shape().hidden();
    // LayoutLMForMaskedLM and ForTokenClassification have the pooler of the model below too.
    boolean pools = blocks.isMasked() || blocks.labelsTokens();
    List<Linear> unread = pools ? List.of(blocks.dense(prefix + "pooler.dense")) : List.of();
    List<ModelExtras.Places> places = new ArrayList<>();
    for (String side : List.of("x", "y", "h", "w")) {
      String name = prefix + "embeddings." + side + "_position_embeddings";
      int times = side.equals("x") || side.equals("y") ? 2 : 1;
      places.add(new ModelExtras.Places(new Embedding(name, rows, hidden), times));
    }
    return encoder(blocks, prefix, bertHead(blocks, prefix), LAYOUT, hidden)
        .extras(ModelExtras.places(places, unread))
        .build();
  }

  public static Architecture roberta(ModelConfig config) {
    return roberta(config, "roberta.", TRAITS);
  }

  public static Architecture camembert(ModelConfig config) {
    return roberta(config, "roberta.", CAMEMBERT);
  }

  public static Architecture data2vec(ModelConfig config) {
    return roberta(config, "data2vec_text.", DATA2VEC);
  }

  public static Architecture xlmRoberta(ModelConfig config) {
    return roberta(config, "roberta.", XLM);
  }

  /**
   * BigBird as it is up to so many tokens as its blocks and those drawn at random would be
   * (BigBirdModel.forward): every token looks at all. Its pooler runs, but no head reads it.
   */
  public static Architecture bigBird(ModelConfig given) {
    ModelConfig config =
        Keys.withDefaults(given, Map.of("hidden_act", "gelu_new", "type_vocab_size", 2));
    if (!config.flag("use_bias", true) || config.flag("rescale_embeddings", false)) {
      throw Gap.of("a big_bird that is not laid out as BigBird RoBERTa is").refusal();
    }
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix("bert.");
    Head head = bigBirdHead(blocks, Mlps.activation(config, "hidden_act", "gelu_new"));
    Linear pooler = blocks.dense(prefix + "pooler");
    ModelExtras unread = ModelExtras.hidingTokens(false, List.of(pooler));
    boolean sparse = config.text("attention_type", "block_sparse").equals("block_sparse");
    long drawn = config.size("num_random_blocks", 3);
    long most = (5 + 2 * drawn) * config.size("block_size", 64);
    return encoder(blocks, prefix, head, BIG_BIRD, blocks.shape().hidden())
        .extras(sparse ? unread.seeingAllUpTo(most) : unread)
        .build();
  }

  private static Head bigBirdHead(EncoderBlocks blocks, Activation activation) {
    if (blocks.isMasked()) {
      return blocks
          .masked(
              "cls.predictions.transform.dense",
              "cls.predictions.transform.LayerNorm",
              "cls.predictions.decoder")
          .activated(activation);
    }
    String architecture = blocks.architecture();
    if (architecture.endsWith("ForSequenceClassification")) {
      return blocks.sentence();
    }
    if (blocks.labelsTokens()) {
      return blocks.classifying(List.of(blocks.classes("classifier")));
    }
    throw Gap.of("the ", architecture, " of a big_bird").refusal();
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

  /** RemBERT, whose embedding is narrower than its layers, and its head's rows wider. */
  public static Architecture rembert(ModelConfig given) {
    Map<String, Object> rates =
        Map.of("hidden_dropout_prob", 0.0, "attention_probs_dropout_prob", 0.0);
    ModelConfig config = Keys.withDefaults(given, rates).with(Map.of("tie_word_embeddings", false));
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix("rembert.");
    long width = config.size("input_embedding_size", 256);
    Head head =
        blocks.isMasked()
            ? blocks.masked(
                "cls.predictions.dense",
                "cls.predictions.LayerNorm",
                "cls.predictions.decoder",
                config.size("output_embedding_size", 1664))
            : pooled(blocks, prefix);
    return encoder(blocks, prefix, head, REMBERT, width)
        .extras(blocks.widened(prefix + "encoder.embedding_hidden_mapping_in", width))
        .build();
  }

  private static Architecture roberta(ModelConfig config, String base, ModelTraits traits) {
    EncoderBlocks blocks = EncoderBlocks.of(config);
    String prefix = blocks.prefix(base);
    return encoder(blocks, prefix, robertaHead(blocks, prefix), traits);
  }

  static Head robertaHead(EncoderBlocks blocks, String prefix) {
    if (blocks.isMasked()) {
      return blocks.masked("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder");
    }
    return blocks.architecture().endsWith("ForSequenceClassification")
        ? blocks.sentence()
        : pooled(blocks, prefix);
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
    return embedded(
        blocks,
        prefix,
        blocks.stack(prefix, "attention.output.LayerNorm", head, traits, width),
        width);
  }

  /** The stack with what the sum of embeddings has beside tokens, and its attention. */
  static DecoderBuilder embedded(
      EncoderBlocks blocks, String prefix, DecoderBuilder stack, long width) {
    long types = blocks.config().size("type_vocab_size", 2);
    return stack
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
