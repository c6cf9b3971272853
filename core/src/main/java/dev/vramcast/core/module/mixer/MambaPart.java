package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.sequence.Scans;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * A Mamba 1 mixer with norms inside (transformers jamba/modeling_jamba.py, JambaMambaMixer
 * cuda_kernels_forward). The config asks for the kernels of mamba_ssm; without them every token is
 * a step of a Python loop.
 *
 * @param input of hidden states, of the scan's parameters, and of the time step
 * @param norms of time step, B and C
 */
record MambaPart(
    RecurrentMixer mixer,
    StepSettings settings,
    List<Projection> input,
    List<Norms> norms,
    MixerParameters parameters,
    Projection output)
    implements LayerPart {

  /** Tokens between the states that the kernel keeps. */
  private static final long CHUNK = 2048;

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor projected = input.get(0).forward(g, x);
    long inner = projected.elements() / 2;
    try (Scope scope = Scope.of(g)) {
      Tensor[] halves = scope.own(FusedOps.split(g, projected, inner, inner));
      Tensor convolved =
          scope.own(
              Scans.causalConvolution(
                  g,
                  halves[0],
                  parameters.get("conv1d.weight").value(),
                  parameters.value("conv1d.bias")));
      Tensor[] streams = scope.own(streams(g, convolved));
      Tensor step = scope.own(input.get(2).forward(g, streams[0]));
      Tensor rates = scope.own(parameters.decayRates(g));
      Tensor skip =
          scope.own(Pointwise.cast(g, parameters.get("D").value(), DataType.FP32, "skip weights"));
      Tensor scanned =
          scope.own(
              Scans.selective(
                  g, states(), convolved, step, rates, streams[1], streams[2], skip, halves[1]));
      return output.forward(g, scanned);
    }
  }

  /** Time step, B and C, each normalised. */
  private Tensor[] streams(Graph g, Tensor convolved) {
    Tensor projected = input.get(1).forward(g, convolved);
    long state = parameters.stateSize(mixer.innerSize()) * settings.tokens();
    Tensor[] parts = FusedOps.split(g, projected, projected.elements() - 2 * state, state, state);
    for (int i = 0; i < parts.length; i++) {
      Tensor normalised = norms.get(i).forward(g, parts[i]);
      g.release(parts[i]);
      parts[i] = normalised;
    }
    return parts;
  }

  private long states() {
    long chunks = (settings.sequence() + CHUNK - 1) / CHUNK;
    return settings.batch()
        * mixer.innerSize()
        * chunks
        * 2
        * parameters.stateSize(mixer.innerSize());
  }
}
