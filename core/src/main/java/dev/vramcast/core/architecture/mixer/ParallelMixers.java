package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;

/** Mixers that read the same input and whose outputs are added (Falcon-H1). */
public record ParallelMixers(List<TokenMixer> mixers) implements TokenMixer {

  public ParallelMixers {
    mixers = List.copyOf(mixers);
  }

  @Override
  public List<Linear> linears() {
    return mixers.stream().flatMap(mixer -> mixer.linears().stream()).toList();
  }

  @Override
  public List<Norm> norms() {
    return mixers.stream().flatMap(mixer -> mixer.norms().stream()).toList();
  }

  @Override
  public List<ParameterTensor> others() {
    return mixers.stream().flatMap(mixer -> mixer.others().stream()).toList();
  }
}
