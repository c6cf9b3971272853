package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.HeadBuilder;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.traits.AttentionTraits.Sight;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** ALBERT: one layer of BERT that runs as many times as others have layers. */
public final class Albert {

  /** {@code AlbertLayer.forward} names what is added, but nothing within {@code ff_chunk}. */
  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.ALL)
          .holds(HeldOutput.SUMMAND)
          .sight(Sight.ALL_BY_ROW)
          .weights(Bert.weights(Versions.until(5, 0)))
          .dropoutModule(Versions.ALL)
          .adapterTargets("query", "value")
          .classes("Albert")
          .layerClass("Layer")
          .build();

  private static final String LAYERS = "encoder.albert_layer_groups.0.albert_layers";

  private final ModelConfig config;
  private final EncoderBlocks blocks;
  private final String prefix;

  private Albert(ModelConfig config) {
    this.config = config;
    this.blocks = EncoderBlocks.of(config);
    this.prefix = blocks.prefix("albert.");
  }

  /** One group of layers; configs of several are not described. */
  public static Architecture albert(ModelConfig given) {
    if (given.size("num_hidden_groups", 1) > 1) {
      throw Gap.of("an albert of several groups of layers").refusal();
    }
    ModelConfig config =
        Keys.withDefaults(
            given, Map.of("hidden_dropout_prob", 0.0, "attention_probs_dropout_prob", 0.0));
    long passes = config.size("num_hidden_layers");
    long inner = config.size("inner_group_num", 1);
    return new Albert(config.with(Map.of("num_hidden_layers", inner)))
        .read(Math.toIntExact(passes));
  }

  private Architecture read(int passes) {
    long width = config.size("embedding_size", 128);
    Activation activation = Mlps.activation(config, "hidden_act", "gelu_new");
    Mlp mlp =
        Mlps.plain(
            "ffn",
            "ffn_output",
            blocks.shape().hidden(),
            config.size("intermediate_size"),
            true,
            activation);
    return blocks
        .stack(prefix, "attention.LayerNorm", head(width, activation), TRAITS, width)
        .paths(prefix + "embeddings.word_embeddings", prefix + LAYERS, "", "")
        .postNorms("attention.LayerNorm", "full_layer_layer_norm")
        .dropout(
            new DecoderLayer.Dropout(OptionalDouble.of(blocks.dropout()), OptionalDouble.empty()))
        .positions(
            new Embedding(
                prefix + "embeddings.position_embeddings", blocks.shape().maxPositions(), width))
        .tokenTypes(prefix + "embeddings.token_type_embeddings", config.size("type_vocab_size", 2))
        .mixer(() -> blocks.attention("attention", "query", "key", "value", "dense"))
        .mlp(() -> mlp)
        .extras(
            blocks.widened(prefix + "encoder.embedding_hidden_mapping_in", width).passing(passes))
        .build();
  }

  private Head head(long width, Activation activation) {
    if (blocks.isMasked()) {
      return blocks
          .masked("predictions.dense", "predictions.LayerNorm", "predictions.decoder", width)
          .activated(activation);
    }
    if (blocks.labelsTokens()) {
      return Head.ofTokens(
          blocks.classes("classifier"), HeadBuilder.dropout(config, "classifier_dropout_prob"));
    }
    if (blocks.architecture().endsWith("ForPreTraining")) {
      throw Gap.of("AlbertForPreTraining, which orders sentences too").refusal();
    }
    List<Linear> linears = new ArrayList<>(List.of(blocks.dense(prefix + "pooler")));
    if (!blocks.architecture().endsWith("Model")) {
      linears.add(blocks.classes("classifier"));
    }
    return blocks.classifying(linears);
  }
}
