package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** A Mamba 1 mixer: the projection of the time step has its bias apart, as the scan adds it. */
public final class MambaBuilder {

  private final RecurrentMixer.Kind kind;
  private final String path;
  private final long hidden;
  private final long inner;
  private long state = 16;
  private long rank;
  private long kernel = 4;
  private boolean convolutionBias = true;
  private boolean projectionBias;
  private Optional<Boolean> weighted = Optional.empty();

  /** The kind says which of Mamba's functions runs it. */
  public MambaBuilder(RecurrentMixer.Kind kind, String path, long hidden, long inner) {
    this.kind = kind;
    this.path = path;
    this.hidden = hidden;
    this.inner = inner;
    this.rank = automatic();
  }

  private long automatic() {
    return (hidden + 15) / 16;
  }

  public MambaBuilder state(long state) {
    this.state = state;
    return this;
  }

  /** Of the time step's projection, by a key that may say {@code auto}. */
  public MambaBuilder rank(ModelConfig config, String key) {
    boolean named = config.values().get(key) instanceof String;
    this.rank = named ? automatic() : config.size(key, automatic());
    return this;
  }

  public MambaBuilder kernel(long kernel) {
    this.kernel = kernel;
    return this;
  }

  public MambaBuilder bias(boolean convolution, boolean projection) {
    this.convolutionBias = convolution;
    this.projectionBias = projection;
    return this;
  }

  /** Time step, B and C are normalised, and multiplied by weights or not. */
  public MambaBuilder normalised(boolean weights) {
    this.weighted = Optional.of(weights);
    return this;
  }

  public RecurrentMixer build() {
    long streams = rank + 2 * state;
    List<ParameterTensor> others = new ArrayList<>();
    others.add(tensor("A_log", inner, state));
    others.add(tensor("D", inner));
    others.add(tensor("conv1d.weight", inner, 1, kernel));
    if (convolutionBias) {
      others.add(tensor("conv1d.bias", inner));
    }
    others.add(tensor("dt_proj.bias", inner));
    return RecurrentMixer.builder()
        .kind(kind)
        .heads(1)
        .headSize(Math.toIntExact(inner))
        .innerSize(inner)
        .stateStreams(streams)
        .input(
            List.of(
                new Linear(path + ".in_proj", hidden, 2 * inner, projectionBias),
                new Linear(path + ".x_proj", inner, streams, false),
                new Linear(path + ".dt_proj", rank, inner, false)))
        .output(new Linear(path + ".out_proj", inner, hidden, projectionBias))
        .norms(weighted.map(this::norms).orElse(List.of()))
        .others(others)
        .build();
  }

  private List<Norm> norms(boolean weights) {
    return List.of(
        norm("dt_layernorm", rank, weights),
        norm("b_layernorm", state, weights),
        norm("c_layernorm", state, weights));
  }

  private Norm norm(String name, long size, boolean weights) {
    return new Norm(path + "." + name, Norm.Type.RMS, size, weights, false);
  }

  private ParameterTensor tensor(String name, long... shape) {
    List<Long> dimensions = LongStream.of(shape).boxed().toList();
    return new ParameterTensor(path + "." + name, dimensions, TensorGroup.ATTENTION);
  }
}
