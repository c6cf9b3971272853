package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;

/** A layer that has only an MLP (Nemotron-H). */
public record NoMixer() implements TokenMixer {

  @Override
  public List<Linear> linears() {
    return List.of();
  }

  @Override
  public List<Norm> norms() {
    return List.of();
  }

  @Override
  public List<ParameterTensor> others() {
    return List.of();
  }
}
