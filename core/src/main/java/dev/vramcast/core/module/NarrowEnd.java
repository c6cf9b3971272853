package dev.vramcast.core.module;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.FinalStage;
import org.jspecify.annotations.Nullable;

/**
 * What brings hidden states to the width of the head (transformers opt/modeling_opt.py OPTDecoder,
 * {@code project_out}).
 *
 * @param before what stands between it and the last layer, null for nothing
 */
record NarrowEnd(@Nullable FinalStage before, Projection projection) implements FinalStage {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    Tensor inner = before == null ? x.hold() : before.forward(g, x);
    return g.rebind(inner, projection.forward(g, inner));
  }
}
