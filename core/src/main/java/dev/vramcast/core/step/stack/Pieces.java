package dev.vramcast.core.step.stack;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.DecoderLayer.Wiring;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.MixtureCode;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.LayerInputs;
import dev.vramcast.core.module.LayerModule;
import dev.vramcast.core.module.RepeatedLayers;
import dev.vramcast.core.module.part.Seeing;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/** Which of equal layers are written apart, as what they need differs from that of the others. */
final class Pieces {

  private final Graph graph;
  private final StepSettings settings;
  private final Sharding sharding;
  private final LayerInputs layerInputs;
  private boolean inputStays;

  Pieces(Graph graph, StepSettings settings, LayerInputs layerInputs, Sharding sharding) {
    this.graph = graph;
    this.settings = settings;
    this.sharding = sharding;
    this.layerInputs = layerInputs;
  }

  /** What goes into the first layer of all is the caller's past it, unlike that of the others. */
  void keepInput() {
    inputStays = true;
  }

  /**
   * Equal layers that run next, divided.
   *
   * @param input of the first of them
   * @param first none has run before them
   */
  List<Piece> of(RepeatedLayers layers, Tensor input, boolean first) {
    List<Piece> pieces = new ArrayList<>();
    int rest = layers.times();
    boolean firstDiffers = firstDiffers(layers, input) || (inputStays && first);
    if (graph.gradEnabled() && layerInputs.beginWithin(layers)) {
      for (int i = 0; i < layers.layers().size(); i++) {
        pieces.add(new Piece(layers.alone(i), 1));
      }
      firstDiffers = false;
      if (--rest == 0) {
        return pieces;
      }
    }
    int apart = sharding.apart();
    for (int i = 0; apart > 0 && rest > 1; i++) {
      int times = i == apart && rest > apart + 1 ? rest - apart : 1;
      pieces.add(new Piece(layers, times));
      rest -= times;
    }
    divideEqual(pieces, layers, rest, firstDiffers);
    return pieces;
  }

  /** So many layers, of which only the first, and the last two, may differ from the others. */
  private void divideEqual(
      List<Piece> pieces, RepeatedLayers layers, int count, boolean firstDiffers) {
    boolean lastDiffers = count > 1 && sendsBeside(layers);
    int rest = lastDiffers ? count - 1 : count;
    if (firstDiffers && rest > 1) {
      pieces.add(new Piece(layers, 1));
      rest--;
    }
    if (sharding.overlapsUnits() && rest > 1) {
      pieces.add(new Piece(layers, rest - 1));
      rest = 1;
    }
    pieces.add(new Piece(layers, rest));
    if (lastDiffers) {
      pieces.add(new Piece(layers, 1));
    }
  }

  private boolean firstDiffers(RepeatedLayers layers, Tensor input) {
    return sharding.overlapsUnits()
        || !graph.gradEnabled()
        || startsGradients(layers, input)
        || widens(layers, input);
  }

  /** What all layers look at has its first gradient from the last; so have states of distances. */
  private boolean sendsBeside(RepeatedLayers layers) {
    SharedInputs shared = layerInputs.shared();
    SharedInputs.Biases biases = shared.biases();
    boolean biased =
        biases != null && (biases.own().requiresGrad() || biases.cross().requiresGrad());
    Seeing seeing = shared.images();
    boolean sees = seeing != null && seeing.states().requiresGrad();
    return biased
        || shared.distances() != null
        || sees && layers.layers().stream().anyMatch(LayerModule::looks);
  }

  /** Only the first of equal layers gets an input that needs no gradient. */
  private boolean startsGradients(RepeatedLayers layers, Tensor input) {
    return graph.gradEnabled() && !input.requiresGrad() && layers.needsGradients();
  }

  /** Only the first of equal layers gets hidden states that are not in fp32 yet. */
  private boolean widens(RepeatedLayers layers, Tensor input) {
    DecoderLayer layer = layers.layers().get(0).layer();
    return input.dtype() != DataType.FP32
        && (layer.wiring() == Wiring.WIDE
            || settings.widensQuantised(layer)
            || endsInNorm(layer)
            || endsInExperts(layer));
  }

  /** Repeated tokens' experts are summed in fp32 where autocast makes their weights so wide. */
  private boolean endsInExperts(DecoderLayer layer) {
    MixtureCode code = settings.code().mixture();
    return settings.autocast()
        && layer.mlp() instanceof MixtureOfExperts
        && code.repeatsTokens()
        && code.keepsWeightsOfSoftmax();
  }

  /** Under autocast LayerNorm gives fp32, whatever it is given (opt-350m). */
  private boolean endsInNorm(DecoderLayer layer) {
    boolean behind = layer.wiring() == Wiring.POST_RESIDUAL;
    return settings.autocast()
        && layer.afterMlp().filter(norm -> behind && norm.type() == Norm.Type.LAYER).isPresent();
  }
}
