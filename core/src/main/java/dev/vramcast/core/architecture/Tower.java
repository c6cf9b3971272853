package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A part beside the language model: a vision or audio encoder with its projector. Training on text
 * alone holds it in memory but does not run it.
 *
 * @param linears every linear projection in it, so that adapters can target them
 * @param others every other parameter tensor
 * @param encoder what runs where images are given; empty where that is not modelled
 */
public record Tower(
    String name, List<Linear> linears, List<ParameterTensor> others, Optional<Encoder> encoder) {

  private static final Pattern PROJECTOR =
      Pattern.compile("projector|projection|merger|connector|aligner|embed_(vision|audio)");

  public Tower {
    linears = List.copyOf(linears);
    others = List.copyOf(others);
  }

  /** The same, of which it is not known how it runs. */
  public Tower atRest() {
    return new Tower(name, linears, others, Optional.empty());
  }

  /** Whether a tensor of this path is of the projector, as modeling code calls those. */
  public static boolean isProjector(String path) {
    return PROJECTOR.matcher(path).find();
  }

  public long parameterCount() {
    return LongStream.concat(
            linears.stream().mapToLong(Linear::parameterCount),
            others.stream().mapToLong(ParameterTensor::count))
        .reduce(0, Math::addExact);
  }
}
