package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.DistanceTable;
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

  private final EncoderBlocks blocks;
  private final String prefix;

  private DebertaV2(ModelConfig config) {
    this.blocks = EncoderBlocks.of(config);
    this.prefix = blocks.prefix("deberta.");
  }

  public static Architecture debertaV2(ModelConfig config) {
    DebertaV2 model = new DebertaV2(config);
    if (!model.isDescribed()) {
      throw Gap.of("a deberta-v2 that is not laid out as DeBERTa V3 is").refusal();
    }
    return model.read();
  }

  /** Distances alone, by rows that queries and keys project too, and no convolution. */
  private boolean isDescribed() {
    ModelConfig config = blocks.config();
    return blocks.tellsDistancesAlone()
        && config.flag("share_att_key", false)
        && config.text("norm_rel_ebd", "none").contains("layer_norm")
        && config.number("conv_kernel_size", 0) == 0;
  }

  private Architecture read() {
    Head head = blocks.ofDeberta("deberta-v2");
    return blocks
        .stack(prefix, "attention.output.LayerNorm", head, TRAITS)
        .mixer(this::attention)
        .extras(ModelExtras.distances(table()))
        .build();
  }

  private Attention attention() {
    return blocks
        .attention(
            "attention", "self.query_proj", "self.key_proj", "self.value_proj", "output.dense")
        .toBuilder()
        .distances(new DistanceTable.Reading(rows(), blocks.dropout()))
        .build();
  }

  /** Distances to both sides: buckets of them, or each. */
  private long rows() {
    double buckets = blocks.config().number("position_buckets", -1);
    double farthest = blocks.config().number("max_relative_positions", -1);
    long positions = blocks.shape().maxPositions();
    return 2 * (long) (buckets > 0 ? buckets : farthest >= 1 ? farthest : positions);
  }

  private DistanceTable table() {
    String name = prefix + "encoder.rel_embeddings.weight";
    long hidden = blocks.shape().hidden();
    Norm norm = new Norm(prefix + "encoder.LayerNorm", Norm.Type.LAYER, hidden, true, true);
    return new DistanceTable(
        new ParameterTensor(name, List.of(rows(), hidden), TensorGroup.EMBEDDING),
        Optional.of(norm),
        false);
  }
}
