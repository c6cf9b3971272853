package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mixer.PositionBias;
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

  private final EncoderBlocks blocks;
  private final String prefix;

  private Mpnet(ModelConfig config) {
    this.blocks = EncoderBlocks.of(config);
    this.prefix = blocks.prefix("mpnet.");
  }

  public static Architecture mpnet(ModelConfig config) {
    return new Mpnet(config).read();
  }

  private Architecture read() {
    return blocks
        .stack(prefix, "attention.LayerNorm", head(), TRAITS)
        .positions(prefix + "embeddings.position_embeddings", blocks.shape().maxPositions())
        .mixer(this::attention)
        .extras(ModelExtras.distances(table()))
        .build();
  }

  private Attention attention() {
    return blocks.attention("attention.attn", "q", "k", "v", "o").toBuilder()
        .bias(new PositionBias(Optional.empty(), false))
        .build();
  }

  private DistanceTable table() {
    long buckets = blocks.config().size("relative_attention_num_buckets", 32);
    return new DistanceTable(
        new ParameterTensor(
            prefix + "encoder.relative_attention_bias.weight",
            List.of(buckets, (long) blocks.shape().heads()),
            TensorGroup.ATTENTION),
        Optional.empty(),
        true);
  }

  private Head head() {
    String architecture = blocks.architecture();
    if (blocks.isMasked()) {
      return blocks.masked("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder");
    }
    if (architecture.endsWith("ForSequenceClassification")) {
      return blocks.sentence();
    }
    if (architecture.endsWith("ForTokenClassification")) {
      return blocks.classifying(List.of(blocks.classes("classifier")));
    }
    if (architecture.endsWith("Model")) {
      return blocks.classifying(List.of(blocks.dense("pooler.dense")));
    }
    throw Gap.of("the ", architecture, " of an mpnet").refusal();
  }
}
