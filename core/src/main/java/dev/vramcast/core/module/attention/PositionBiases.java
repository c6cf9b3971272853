package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.sequence.BiasOps;
import dev.vramcast.core.autograd.sequence.SharedBias;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** Makes the biases of scores by position, or reads those that the first layer has made. */
record PositionBiases(HeadOps ops, SharedInputs shared) {

  /**
   * The bias of tokens among each other; the caller's.
   *
   * @param table the layer's own; null where it reads another's
   */
  Tensor own(Graph g, @Nullable Parameter table) {
    if (ops.settings().code().biases().ofModel()) {
      return shared.rows().read();
    }
    boolean hands = ops.settings().code().biases().shared();
    if (table == null) {
      return shared.positions().own().read();
    }
    return hands
        ? shared.positions().own().make(g, table.trainable() || isCut(), () -> made(g, table))
        : made(g, table);
  }

  private Tensor made(Graph g, Parameter table) {
    Tensor bias = BiasOps.byDistance(g, table.value(), pairs(), ops.shape().heads());
    return masked(g, bias, shared.masks().full());
  }

  /**
   * The bias of tokens and what an encoder has made: zeros, which take a gradient where layers are
   * checkpoints; the caller's.
   */
  Tensor cross(Graph g, CrossAttention.Bias bias, DataType dtype) {
    if (!ops.settings().code().biases().shared()) {
      return zeros(g, dtype);
    }
    SharedBias zeros = shared.positions().cross();
    if (bias == CrossAttention.Bias.READ) {
      return zeros.read();
    }
    boolean checkpoints =
        g.drops(true)
            && ops.settings().code().checkpointsLayers()
            && ops.settings().job().checkpointing() != Checkpointing.NONE;
    return zeros.makeLeaf(g, checkpoints, !isCut(), () -> zeros(g, dtype));
  }

  private Tensor zeros(Graph g, DataType dtype) {
    Tensor zeros = BiasOps.zeros(g, pairs() * ops.shape().heads(), dtype);
    return masked(g, zeros, shared.seeing().mask());
  }

  /** Takes over the bias. */
  private Tensor masked(Graph g, Tensor bias, @Nullable Tensor mask) {
    return mask != null && ops.settings().code().masksBiases()
        ? g.rebind(bias, BiasOps.masked(g, bias, mask, ops.scores()))
        : bias;
  }

  /** A checkpoint of the first layer is one node, whose results all need a gradient. */
  private boolean isCut() {
    return ops.settings().code().checkpointsLayers() && ops.settings().job().reentrantCheckpoints();
  }

  private long pairs() {
    return ops.settings().sequence() * ops.keys();
  }
}
