package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.sequence.InnerScan;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import java.util.List;

/**
 * A Mamba 1 mixer in training with mamba_ssm installed: all behind the first projection is one
 * function, to which weights go without their modules (transformers mamba/modeling_mamba.py
 * MambaMixer.cuda_kernels_forward).
 *
 * @param input of hidden states, of the scan's parameters, and of the time step without its bias
 * @param norms of time step, B and C; empty where they are not normalised
 */
record InnerMambaPart(
    RecurrentMixer mixer,
    StepSettings settings,
    List<Projection> input,
    List<Norms> norms,
    MixerParameters parameters,
    Projection output)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tensor projected = input.get(0).forward(g, x);
    try (Scope scope = Scope.of(g)) {
      scope.own(projected);
      Tensor rates = scope.own(parameters.decayRates(g));
      Tensor skip = scope.own(parameters.wide(g, "D"));
      Tensor bias = scope.own(parameters.wide(g, "dt_proj.bias"));
      return InnerScan.run(
          g,
          projected,
          size(),
          !norms.isEmpty(),
          rates,
          skip,
          bias,
          parameters.get("conv1d.weight").value(),
          parameters.value("conv1d.bias"),
          weight(input.get(1)),
          weight(input.get(2)),
          weight(output));
    }
  }

  private InnerScan.Size size() {
    return new InnerScan.Size(
        settings.batch(),
        settings.sequence(),
        mixer.innerSize(),
        parameters.stateSize(mixer.innerSize()),
        mixer.stateStreams() - 2 * parameters.stateSize(mixer.innerSize()),
        mixer.output().out());
  }

  private static Tensor weight(Projection projection) {
    return ((DenseLinear) projection.base()).weight().value();
  }
}
