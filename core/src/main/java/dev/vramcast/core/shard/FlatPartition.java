package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.units.DataType;

/**
 * A flat piece of this rank's master weights, which the optimizer updates in place of the
 * parameters in it.
 *
 * @param parameter the piece as the optimizer sees it; its allocation is written apart
 * @param copies equal pieces it stands for
 */
public record FlatPartition(Parameter parameter, int copies) {

  public static FlatPartition of(Graph graph, long elements, DataType dtype, int copies) {
    Parameter.Kept kept = new Parameter.Kept(elements, dtype, true);
    return new FlatPartition(
        Parameter.gathered(graph, Block.MASTER_WEIGHTS, elements, dtype, true, 1, kept), copies);
  }

  public long elements() {
    return parameter.elements();
  }
}
