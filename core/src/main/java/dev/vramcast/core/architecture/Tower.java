package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A part beside the language model that text-only training holds in memory but does not run: a
 * vision or audio encoder with its projector.
 *
 * @param linears every linear projection in it, so that adapters can target them
 * @param others every other parameter tensor
 */
public record Tower(String name, List<Linear> linears, List<ParameterTensor> others) {

  public Tower {
    linears = List.copyOf(linears);
    others = List.copyOf(others);
  }

  public long parameterCount() {
    return LongStream.concat(
            linears.stream().mapToLong(Linear::parameterCount),
            others.stream().mapToLong(ParameterTensor::count))
        .reduce(0, Math::addExact);
  }
}
