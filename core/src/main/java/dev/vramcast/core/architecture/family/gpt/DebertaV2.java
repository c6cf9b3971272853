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
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.List;
import java.util.Optional;

/** DeBERTa V3, and V2 where no convolution stands beside the first layer. */
public final class DebertaV2 {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.ALL)
          .holds(HeldOutput.ACTIVATION, HeldOutput.SUMMAND)
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .dropoutModule(Versions.ALL)
          .sdpa(Versions.NONE)
          .adapterTargets("query_proj", "value_proj")
          .classes("DebertaV2")
          .layerClass("Layer")
          .build();

  private final ModelConfig config;
  private final Shape shape;
  private final String prefix;
  private final double dropout;

  private DebertaV2(ModelConfig config) {
    this.config = config;
    this.shape = Shape.of(config).withMaxPositions(config.size("max_position_embeddings", 512));
    this.prefix = HeadBuilder.architecture(config).endsWith("Model") ? "" : "deberta.";
    this.dropout = config.number("hidden_dropout_prob", 0.1);
  }

  public static Architecture debertaV2(ModelConfig config) {
    if (!isDescribed(config)) {
      throw Gap.of("a deberta-v2 that is not laid out as DeBERTa V3 is").refusal();
    }
    return new DebertaV2(config).read();
  }

  /** Distances alone, by rows that queries and keys project too, and no convolution. */
  private static boolean isDescribed(ModelConfig config) {
    List<?> types =
        config.values().get("pos_att_type") instanceof String joined
            ? List.of(joined.split("\\|"))
            : config.list("pos_att_type");
    return config.flag("relative_attention", false)
        && config.flag("share_att_key", false)
        && config.text("norm_rel_ebd", "none").contains("layer_norm")
        && types.contains("c2p")
        && types.contains("p2c")
        && !config.flag("position_biased_input", true)
        && config.number("type_vocab_size", 0) == 0
        && config.number("conv_kernel_size", 0) == 0
        && config.size("embedding_size", config.size("hidden_size")) == config.size("hidden_size");
  }

  private Architecture read() {
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
        .embeddingNorm(prefix + "embeddings.LayerNorm")
        .embeddingDropout(dropout)
        .residualDropout(dropout)
        .layerNorm(true, true)
        .preNorms("", "")
        .postNorms("attention.output.LayerNorm", "output.LayerNorm")
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
            .path("attention")
            .names("self.query_proj", "self.key_proj", "self.value_proj")
            .outputName("output.dense")
            .bias(true, true)
            .rotary(Rotary.Style.NONE)
            .dropout(config.number("attention_probs_dropout_prob", 0.1))
            .build()
            .toBuilder()
            .distances(new DistanceTable.Reading(rows(), dropout))
            .build();
  }

  /** Distances to both sides: buckets of them, or each. */
  private long rows() {
    double buckets = config.number("position_buckets", -1);
    double farthest = config.number("max_relative_positions", -1);
    return 2 * (long) (buckets > 0 ? buckets : farthest >= 1 ? farthest : shape.maxPositions());
  }

  private DistanceTable table() {
    String name = prefix + "encoder.rel_embeddings.weight";
    return new DistanceTable(
        new ParameterTensor(name, List.of(rows(), shape.hidden()), TensorGroup.EMBEDDING),
        Optional.of(norm(prefix + "encoder.LayerNorm")));
  }

  private Norm norm(String name) {
    return new Norm(name, Norm.Type.LAYER, shape.hidden(), true, true);
  }

  private Head head() {
    String architecture = HeadBuilder.architecture(config);
    if (Bert.isMasked(architecture)) {
      return masked();
    }
    Linear classifier = new Linear("classifier", shape.hidden(), HeadBuilder.labels(config), true);
    if (architecture.endsWith("ForSequenceClassification")) {
      Linear pooler = new Linear("pooler.dense", shape.hidden(), shape.hidden(), true);
      return classifying(List.of(pooler, classifier));
    }
    if (architecture.endsWith("ForTokenClassification")) {
      return classifying(List.of(classifier));
    }
    if (architecture.endsWith("Model")) {
      return classifying(List.of());
    }
    throw Gap.of("the ", architecture, " of a deberta-v2").refusal();
  }

  private static Head classifying(List<Linear> linears) {
    return new Head(Head.Kind.SEQUENCE_CLASSIFICATION, linears, false, 0, false);
  }

  /** {@code LegacyDebertaV2LMPredictionHead}; the other one's table is no module of its own. */
  private Head masked() {
    if (!config.flag("legacy", true)) {
      throw Gap.of("a deberta-v2 whose legacy is false").refusal();
    }
    String path = "cls.predictions.";
    long hidden = shape.hidden();
    return new Head(
        Head.Kind.MASKED_LANGUAGE_MODEL,
        List.of(
            new Linear(path + "transform.dense", hidden, hidden, true),
            new Linear(path + "decoder", hidden, shape.vocabulary(), true)),
        config.flag("tie_word_embeddings", true),
        0,
        false,
        Optional.of(norm(path + "transform.LayerNorm")));
  }
}
