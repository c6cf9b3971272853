package dev.vramcast.core.architecture.mlp;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * {@code down(act(gate(x)) * up(x))}.
 *
 * @param gateUp the two projections gate and up, or one that yields both
 * @param norm of the product (BitNet)
 * @param inner dropout of the product
 * @param sparse gates below a cutoff of their token are zeros: the mean and so many standard
 *     deviations of its gates (Gemma 3n)
 */
public record GatedMlp(
    List<Linear> gateUp,
    Linear down,
    Activation activation,
    Optional<Norm> norm,
    Optional<InnerDropout> inner,
    boolean sparse)
    implements Mlp {

  public GatedMlp {
    gateUp = List.copyOf(gateUp);
  }

  /** Without a norm between the projections. */
  public GatedMlp(List<Linear> gateUp, Linear down, Activation activation) {
    this(gateUp, down, activation, Optional.empty());
  }

  /** Without dropout between the projections. */
  public GatedMlp(List<Linear> gateUp, Linear down, Activation activation, Optional<Norm> norm) {
    this(gateUp, down, activation, norm, Optional.empty());
  }

  /** Of all gates. */
  public GatedMlp(
      List<Linear> gateUp,
      Linear down,
      Activation activation,
      Optional<Norm> norm,
      Optional<InnerDropout> inner) {
    this(gateUp, down, activation, norm, inner, false);
  }

  /** The same, with gates below a cutoff as zeros. */
  public GatedMlp sparseGates() {
    return new GatedMlp(gateUp, down, activation, norm, inner, true);
  }

  /** The same with other projections. */
  public GatedMlp with(List<Linear> newGateUp, Linear newDown) {
    return new GatedMlp(newGateUp, newDown, activation, norm, inner, sparse);
  }

  /** The same with other projections. */
  public GatedMlp with(UnaryOperator<Linear> other) {
    return with(gateUp.stream().map(other).toList(), other.apply(down));
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
    long linears = linears().stream().mapToLong(Linear::parameterCount).reduce(0, Math::addExact);
    return Math.addExact(linears, norm.map(Norm::size).orElse(0L));
  }
}
