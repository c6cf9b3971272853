package dev.vramcast.core.architecture.mlp;

import dev.vramcast.core.architecture.tensor.Linear;
import java.util.List;

/** {@code down(act(up(x)))}. */
public record PlainMlp(Linear up, Linear down, Activation activation) implements Mlp {

  public List<Linear> linears() {
    return List.of(up, down);
  }

  @Override
  public long parameterCount() {
    return Math.addExact(up.parameterCount(), down.parameterCount());
  }
}
