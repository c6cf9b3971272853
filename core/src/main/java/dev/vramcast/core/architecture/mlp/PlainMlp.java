package dev.vramcast.core.architecture.mlp;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code down(act(up(x)))}.
 *
 * @param dropout probability on what it returns, where the MLP itself drops (DistilBERT)
 * @param inner dropout between the projections
 */
public record PlainMlp(
    Linear up, Linear down, Activation activation, double dropout, Optional<InnerDropout> inner)
    implements Mlp {

  /** One that drops nothing. */
  public PlainMlp(Linear up, Linear down, Activation activation) {
    this(up, down, activation, 0);
  }

  /** One that drops what it returns. */
  public PlainMlp(Linear up, Linear down, Activation activation, double dropout) {
    this(up, down, activation, dropout, Optional.empty());
  }

  /** The same around other projections. */
  public PlainMlp with(Linear otherUp, Linear otherDown) {
    return new PlainMlp(otherUp, otherDown, activation, dropout, inner);
  }

  /** Whether the layer has the projections itself, and no module of their own between. */
  public boolean belongsToLayer() {
    return up.lastName().equals(up.name());
  }

  public List<Linear> linears() {
    return List.of(up, down);
  }

  /** The activation's own parameters, named below the layer. */
  public List<ParameterTensor> others() {
    return activation == Activation.XIELU
        ? Stream.of("alpha_p", "alpha_n")
            .map(name -> "mlp.act_fn." + name)
            .map(name -> new ParameterTensor(name, List.of(1L), TensorGroup.MLP))
            .toList()
        : List.of();
  }

  @Override
  public long parameterCount() {
    return Math.addExact(
        Math.addExact(up.parameterCount(), down.parameterCount()), others().size());
  }
}
