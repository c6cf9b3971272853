package dev.vramcast.core.architecture.family.gpt;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelExtras;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.AttentionTraits.Softmax;
import dev.vramcast.core.architecture.traits.AttentionTraits.Weights;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.architecture.traits.LayerNormCode;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.input.Gap;
import java.util.List;
import java.util.Optional;

/** The first DeBERTa. */
public final class Deberta {

  private static final ModelTraits TRAITS =
      ModelTraits.builder()
          .lossInOwnDtype(Versions.ALL)
          .layerNorm(LayerNormCode.DIVIDED)
          .holds(HeldOutput.ACTIVATION, HeldOutput.SUMMAND)
          .weights(Weights.USUAL.softmax(Softmax.OWN))
          .dropoutModule(Versions.ALL)
          .sdpa(Versions.NONE)
          .adapterTargets("in_proj")
          .layerClass("Layer")
          .build();

  private final EncoderBlocks blocks;
  private final String prefix;

  private Deberta(ModelConfig config) {
    this.blocks = EncoderBlocks.of(config);
    this.prefix = blocks.prefix("deberta.");
  }

  public static Architecture deberta(ModelConfig config) {
    Deberta model = new Deberta(config);
    if (!model.isDescribed()) {
      throw Gap.of("a deberta that is not laid out as deberta-base is").refusal();
    }
    return model.read();
  }

  /** Distances alone, and no talking heads. */
  private boolean isDescribed() {
    ModelConfig config = blocks.config();
    return blocks.tellsDistancesAlone() && !config.flag("talking_head", false);
  }

  private Architecture read() {
    Head head = blocks.ofDeberta("deberta");
    return blocks
        .stack(prefix, "attention.output.LayerNorm", head, TRAITS)
        .mixer(this::attention)
        .extras(ModelExtras.distances(table()))
        .build();
  }

  private Attention attention() {
    String path = "attention.self.";
    long hidden = blocks.shape().hidden();
    return Attention.builder()
        .heads(blocks.shape().heads())
        .kvHeads(blocks.shape().heads())
        .headSize(blocks.shape().headSize())
        .qkv(List.of(new Linear(path + "in_proj", hidden, 3 * hidden, false)))
        .output(blocks.dense("attention.output.dense"))
        .rotary(Rotary.NONE)
        .dropout(blocks.config().number("attention_probs_dropout_prob", 0.1))
        .distances(
            new DistanceTable.Reading(
                rows(),
                blocks.dropout(),
                List.of(
                    new Linear(path + "pos_proj", hidden, hidden, false),
                    blocks.dense(path + "pos_q_proj")),
                List.of(bias(path + "q_bias"), bias(path + "v_bias"))))
        .build();
  }

  private ParameterTensor bias(String name) {
    return new ParameterTensor(name, List.of(blocks.shape().hidden()), TensorGroup.ATTENTION);
  }

  /** Each distance to both sides. */
  private long rows() {
    double farthest = blocks.config().number("max_relative_positions", -1);
    return 2 * (farthest >= 1 ? (long) farthest : blocks.shape().maxPositions());
  }

  private DistanceTable table() {
    String name = prefix + "encoder.rel_embeddings.weight";
    List<Long> shape = List.of(rows(), blocks.shape().hidden());
    return new DistanceTable(
        new ParameterTensor(name, shape, TensorGroup.EMBEDDING), Optional.empty(), false);
  }
}
