package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The side of a product that Megatron's tensor parallelism divides: outputs of what comes first in
 * a part of a layer, which is one product (linear_qkv, linear_fc1), and inputs of what comes last
 * (linear_proj, linear_fc2; megatron/core/tensor_parallel/layers.py ColumnParallelLinear,
 * RowParallelLinear).
 *
 * @param names of the model's linears that it stands for
 * @param length features, of all ranks
 */
public record DividedSide(String names, long length) {

  /** Those of plain attention and dense MLPs, of distinct layers. */
  public static List<DividedSide> of(Architecture model) {
    return model.distinctLayers().flatMap(layer -> of(layer).stream()).distinct().toList();
  }

  private static List<DividedSide> of(DecoderLayer layer) {
    List<DividedSide> sides = new ArrayList<>();
    if (layer.mixer() instanceof Attention attention) {
      sides.add(outputs(attention.qkv()));
      sides.add(inputs(attention.output()));
    }
    if (layer.mlp() instanceof GatedMlp gated) {
      sides.add(outputs(gated.gateUp()));
      sides.add(inputs(gated.down()));
    } else if (layer.mlp() instanceof PlainMlp plain) {
      sides.add(outputs(List.of(plain.up())));
      sides.add(inputs(plain.down()));
    }
    return sides;
  }

  private static DividedSide outputs(List<Linear> parts) {
    String names = parts.stream().map(Linear::lastName).collect(Collectors.joining(" with "));
    return new DividedSide(names, parts.stream().mapToLong(Linear::out).sum());
  }

  private static DividedSide inputs(Linear last) {
    return new DividedSide(last.lastName(), last.in());
  }

  /** Whether each of so many ranks has a multiple of so many features. */
  public boolean fits(int ranks, int multiple) {
    return length % ((long) ranks * multiple) == 0;
  }
}
