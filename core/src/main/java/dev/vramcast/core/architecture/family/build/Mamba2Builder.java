package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A Mamba 2 mixer. */
public final class Mamba2Builder {

  private final String path;
  private final long hidden;
  private final long inner;
  private final int heads;
  private long groups = 1;
  private long state = 128;
  private long kernel = 4;
  private long chunk = 256;
  private boolean convolutionBias = true;
  private boolean projectionBias;
  private boolean norm = true;
  private boolean scaled;

  public Mamba2Builder(String path, long hidden, long inner, int heads) {
    this.path = path;
    this.hidden = hidden;
    this.inner = inner;
    this.heads = heads;
  }

  public Mamba2Builder groups(long groups) {
    this.groups = groups;
    return this;
  }

  public Mamba2Builder state(long state) {
    this.state = state;
    return this;
  }

  public Mamba2Builder kernel(long kernel) {
    this.kernel = kernel;
    return this;
  }

  /** Tokens that the scan takes at a time. */
  public Mamba2Builder chunk(long chunk) {
    this.chunk = chunk;
    return this;
  }

  public Mamba2Builder bias(boolean convolution, boolean projection) {
    this.convolutionBias = convolution;
    this.projectionBias = projection;
    return this;
  }

  /** Whether the output is normalised before its projection. */
  public Mamba2Builder norm(boolean norm) {
    this.norm = norm;
    return this;
  }

  /** What the projection of the input gives is multiplied by a buffer of constants. */
  public Mamba2Builder scaled() {
    this.scaled = true;
    return this;
  }

  public RecurrentMixer build() {
    long streams = 2 * groups * state;
    long convolved = inner + streams;
    List<ParameterTensor> others = new ArrayList<>();
    others.add(tensor("dt_bias", heads));
    others.add(tensor("A_log", heads));
    others.add(tensor("D", heads));
    others.add(tensor("conv1d.weight", convolved, 1, kernel));
    if (convolutionBias) {
      others.add(tensor("conv1d.bias", convolved));
    }
    return RecurrentMixer.builder()
        .kind(RecurrentMixer.Kind.MAMBA2)
        .heads(heads)
        .headSize(Math.toIntExact(inner / heads))
        .innerSize(inner)
        .stateStreams(streams)
        .groups(groups)
        .chunk(chunk)
        .scaled(scaled)
        .input(
            List.of(
                new Linear(path + ".in_proj", hidden, inner + convolved + heads, projectionBias)))
        .output(new Linear(path + ".out_proj", inner, hidden, projectionBias))
        .norms(
            norm ? List.of(new Norm(path + ".norm", Norm.Type.RMS, inner, true, false)) : List.of())
        .others(others)
        .build();
  }

  private ParameterTensor tensor(String name, long... shape) {
    List<Long> dimensions = Arrays.stream(shape).boxed().toList();
    return new ParameterTensor(path + "." + name, dimensions, TensorGroup.ATTENTION);
  }
}
