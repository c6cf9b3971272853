package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;

/**
 * A token mixer with a recurrent state instead of attention: gated delta networks (Qwen3-Next,
 * Qwen3.5), Mamba (Jamba), Mamba 2 (Nemotron-H, Granite hybrid) and short convolutions (LFM2).
 *
 * @param input projections of the layer's input
 * @param output projection back to the hidden size
 * @param innerSize features per token of the value stream
 * @param stateStreams features per token of everything else that runs through the recurrence
 *     (queries and keys, or B and C)
 * @param others convolution weights, decay rates and the like
 */
public record RecurrentMixer(
    Kind kind,
    int heads,
    int headSize,
    long innerSize,
    long stateStreams,
    List<Linear> input,
    Linear output,
    List<Norm> norms,
    List<ParameterTensor> others)
    implements TokenMixer {

  /** Which recurrence. */
  public enum Kind {
    GATED_DELTA,
    MAMBA2,
    /** Mamba 1 (Jamba). */
    MAMBA,
    /** A gated convolution over a few tokens (LFM2). */
    SHORT_CONVOLUTION
  }

  public RecurrentMixer {
    input = List.copyOf(input);
    norms = List.copyOf(norms);
    others = List.copyOf(others);
  }

  @Override
  public List<Linear> linears() {
    return java.util.stream.Stream.concat(input.stream(), java.util.stream.Stream.of(output))
        .toList();
  }
}
