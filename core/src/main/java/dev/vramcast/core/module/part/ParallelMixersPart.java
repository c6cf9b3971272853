package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import java.util.List;

/**
 * Mixers that read the same input, scaled, and whose scaled outputs are added (transformers
 * falcon_h1/modeling_falcon_h1.py FalconH1DecoderLayer).
 */
public record ParallelMixersPart(List<LayerPart> mixers) implements LayerPart {

  public ParallelMixersPart {
    mixers = List.copyOf(mixers);
  }

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor sum = scaled(g, mixers.get(0), x, shared);
    for (LayerPart mixer : mixers.subList(1, mixers.size())) {
      Tensor scaled = scaled(g, mixer, x, shared);
      Tensor total = g.rebind(sum, scaled, Pointwise.add(g, sum, scaled, "mixer outputs"));
      sum = total;
    }
    return sum;
  }

  private static Tensor scaled(Graph g, LayerPart mixer, Tensor x, SharedInputs shared) {
    Tensor input = Pointwise.scale(g, x, "mixer inputs");
    Tensor output = g.rebind(input, mixer.forward(g, input, shared));
    return g.rebind(output, Pointwise.scale(g, output, "mixer outputs"));
  }
}
