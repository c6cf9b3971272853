package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
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
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mixer.PositionBias;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Biases;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.List;
import java.util.Optional;

/** MPNet: biases of scores by distance, made once for all layers. */
public final class Mpnet {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.ALL)
          .holds(HeldOutput.ACTIVATION, HeldOutput.SUMMAND)
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .dropoutModule(Versions.ALL)
          .sdpa(Versions.NONE)
          .biases(new Biases(false, Versions.NONE, true))
          .adapterTargets("q", "v")
          .classes("MPNet")
          .layerClass("Layer")
          .build();

  private final ModelConfig config;
  private final Shape shape;
  private final String prefix;

  private Mpnet(ModelConfig config) {
    this.config = config;
    this.shape = Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 512));
    this.prefix = HeadBuilder.architecture(config).endsWith("Model") ? "" : "mpnet.";
  }

  public static Architecture mpnet(ModelConfig config) {
    return new Mpnet(config).read();
  }

  private Architecture read() {
    double dropout = config.number("hidden_dropout_prob", 0.1);
    Mlp mlp =
        Mlps.plain(
            "intermediate.dense",
            "output.dense",
            shape.hidden(),
            config.size("intermediate_size"),
            true,
            Mlps.activation(config, "hidden_act", "gelu"));
    Head head = head();
    return new DecoderBuilder(config, shape)
        .paths(prefix + "embeddings.word_embeddings", prefix + "encoder.layer", "", "")
        .positions(prefix + "embeddings.position_embeddings", shape.maxPositions())
        .embeddingNorm(prefix + "embeddings.LayerNorm")
        .embeddingDropout(dropout)
        .residualDropout(dropout)
        .layerNorm(true, true)
        .preNorms("", "")
        .postNorms("attention.LayerNorm", "output.LayerNorm")
        .wiring(Wiring.POST_RESIDUAL)
        .head(each -> each.fixed(head))
        .traits(TRAITS)
        .mixer(this::attention)
        .mlp(layer -> mlp)
        .extras(ModelExtras.distances(table()))
        .build();
  }

  private Attention attention() {
    return new AttentionBuilder(shape)
            .path("attention.attn")
            .names("q", "k", "v")
            .outputName("o")
            .bias(true, true)
            .rotary(Rotary.Style.NONE)
            .dropout(config.number("attention_probs_dropout_prob", 0.1))
            .build()
            .toBuilder()
            .bias(new PositionBias(Optional.empty(), false))
            .build();
  }

  private DistanceTable table() {
    long buckets = config.size("relative_attention_num_buckets", 32);
    return new DistanceTable(
        new ParameterTensor(
            prefix + "encoder.relative_attention_bias.weight",
            List.of(buckets, (long) shape.heads()),
            TensorGroup.ATTENTION),
        Optional.empty());
  }

  private Head head() {
    String architecture = HeadBuilder.architecture(config);
    long hidden = shape.hidden();
    long labels = HeadBuilder.labels(config);
    if (Bert.isMasked(architecture)) {
      return new Head(
          Head.Kind.MASKED_LANGUAGE_MODEL,
          List.of(
              new Linear("lm_head.dense", hidden, hidden, true),
              new Linear("lm_head.decoder", hidden, shape.vocabulary(), true)),
          config.flag("tie_word_embeddings", true),
          0,
          false,
          Optional.of(new Norm("lm_head.layer_norm", Norm.Type.LAYER, hidden, true, true)));
    }
    if (architecture.endsWith("ForSequenceClassification")) {
      return classifying(
          new Linear("classifier.dense", hidden, hidden, true),
          new Linear("classifier.out_proj", hidden, labels, true));
    }
    if (architecture.endsWith("ForTokenClassification")) {
      return classifying(new Linear("classifier", hidden, labels, true));
    }
    if (architecture.endsWith("Model")) {
      return classifying(new Linear("pooler.dense", hidden, hidden, true));
    }
    throw Gap.of("the ", architecture, " of an mpnet").refusal();
  }

  private static Head classifying(Linear... linears) {
    return new Head(Head.Kind.SEQUENCE_CLASSIFICATION, List.of(linears), false, 0, false);
  }
}
