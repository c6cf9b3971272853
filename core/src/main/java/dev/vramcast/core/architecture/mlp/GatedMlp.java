package dev.vramcast.core.architecture.mlp;

import dev.vramcast.core.architecture.tensor.Linear;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code down(act(gate(x)) * up(x))}.
 *
 * @param gateUp the two projections gate and up, or one that yields both
 */
public record GatedMlp(List<Linear> gateUp, Linear down, Activation activation) implements Mlp {

  public GatedMlp {
    gateUp = List.copyOf(gateUp);
  }

  /** True when one projection yields gate and up together. */
  public boolean fused() {
    return gateUp.size() == 1;
  }

  /** Features between the projections. */
  public long intermediateSize() {
    return down.in();
  }

  public List<Linear> linears() {
    List<Linear> all = new ArrayList<>(gateUp);
    all.add(down);
    return all;
  }

  @Override
  public long parameterCount() {
    return linears().stream().mapToLong(Linear::parameterCount).reduce(0, Math::addExact);
  }
}
