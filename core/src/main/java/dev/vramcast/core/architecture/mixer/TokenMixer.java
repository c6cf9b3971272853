package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;

/** The part of a layer in which tokens see each other. */
public sealed interface TokenMixer
    permits Attention,
        CompressedAttention,
        CrossAttention,
        LatentAttention,
        NoMixer,
        PatchAttention,
        ParallelMixers,
        RecurrentMixer {

  /** Every linear projection, in the order of the forward pass. */
  List<Linear> linears();

  /** Every normalisation inside the mixer. */
  List<Norm> norms();

  /** Parameters that are neither linears nor norms (sinks, convolutions, decay rates). */
  List<ParameterTensor> others();
}
