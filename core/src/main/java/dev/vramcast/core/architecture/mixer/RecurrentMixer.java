package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token mixer with a recurrent state instead of attention: gated delta networks (Qwen3-Next,
 * Qwen3.5), Mamba (Jamba), Mamba 2 (Nemotron-H, Granite hybrid) and short convolutions (LFM2).
 *
 * @param input projections of the layer's input
 * @param output projection back to the hidden size
 * @param innerSize features per token of the value stream
 * @param stateStreams features per token of everything else that runs through the recurrence
 *     (queries and keys, or B and C)
 * @param groups of heads that share B and C, or queries and keys
 * @param chunk tokens that Mamba 2's scan takes at a time
 * @param scaled what the first projection gives is multiplied by a buffer, one constant a feature;
 *     of gated delta networks, what says how much of a value is written is doubled (OLMo Hybrid)
 * @param others convolution weights, decay rates and the like
 */
public record RecurrentMixer(
    Kind kind,
    int heads,
    int headSize,
    long innerSize,
    long stateStreams,
    long groups,
    long chunk,
    boolean scaled,
    List<Linear> input,
    Linear output,
    List<Norm> norms,
    List<ParameterTensor> others)
    implements TokenMixer {

  /** Which recurrence. */
  public enum Kind {
    GATED_DELTA,
    /** A delta rule with a decay for each feature of a key (Kimi Linear). */
    CHANNEL_DELTA,
    /**
     * As {@link #CHANNEL_DELTA}, whose decays a sigmoid bounds and whose gates take a projection
     * each; what is neither linear nor norm is kept in fp32 (Ling 3).
     */
    BOUNDED_CHANNEL_DELTA,
    MAMBA2,
    /** Mamba 1 between norms with weights (Jamba). */
    MAMBA,
    /** Mamba 1, whose kernel is one function for the whole mixer (Mamba, Falcon Mamba). */
    INNER_MAMBA,
    /** A gated convolution over a few tokens (LFM2). */
    SHORT_CONVOLUTION,
    /** Linear attention over blocks (MiniMax-01). */
    LIGHTNING,
    /** A gated linear recurrent unit (RecurrentGemma). */
    GATED_UNIT
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

  /** A mixer without norms and other tensors, save what is set. */
  public static Builder builder() {
    return new Builder();
  }

  /** A mixer without norms and other tensors, save what is set. */
  public static final class Builder {

    private @Nullable Kind kind;
    private @Nullable Integer heads;
    private @Nullable Integer headSize;
    private @Nullable Long innerSize;
    private @Nullable Long stateStreams;
    private long groups = 1;
    private long chunk = 256;
    private boolean scaled;
    private @Nullable List<Linear> input;
    private @Nullable Linear output;
    private List<Norm> norms = List.of();
    private List<ParameterTensor> others = List.of();

    private Builder() {}

    public Builder kind(Kind value) {
      this.kind = value;
      return this;
    }

    public Builder heads(int value) {
      this.heads = value;
      return this;
    }

    public Builder headSize(int value) {
      this.headSize = value;
      return this;
    }

    public Builder innerSize(long value) {
      this.innerSize = value;
      return this;
    }

    public Builder stateStreams(long value) {
      this.stateStreams = value;
      return this;
    }

    public Builder groups(long value) {
      this.groups = value;
      return this;
    }

    public Builder chunk(long value) {
      this.chunk = value;
      return this;
    }

    public Builder scaled(boolean value) {
      this.scaled = value;
      return this;
    }

    public Builder input(List<Linear> value) {
      this.input = value;
      return this;
    }

    public Builder output(Linear value) {
      this.output = value;
      return this;
    }

    public Builder norms(List<Norm> value) {
      this.norms = value;
      return this;
    }

    public Builder others(List<ParameterTensor> value) {
      this.others = value;
      return this;
    }

    /**
     * The value of all parts.
     *
     * @throws NullPointerException naming a part that has no default and is not set
     */
    public RecurrentMixer build() {
      return new RecurrentMixer(
          Objects.requireNonNull(kind, "kind"),
          Objects.requireNonNull(heads, "heads"),
          Objects.requireNonNull(headSize, "headSize"),
          Objects.requireNonNull(innerSize, "innerSize"),
          Objects.requireNonNull(stateStreams, "stateStreams"),
          groups,
          chunk,
          scaled,
          Objects.requireNonNull(input, "input"),
          Objects.requireNonNull(output, "output"),
          norms,
          others);
    }
  }
}
