package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import java.util.List;

/**
 * A Mamba 1 mixer as it runs where mamba_ssm is not installed (transformers 5.24
 * mamba/modeling_mamba.py MambaMixer, falcon_mamba/modeling_falcon_mamba.py FalconMambaMixer). The
 * weight of the time step's projection is used without its module, so without an adapter on it.
 *
 * @param input of hidden states, of the scan's parameters, and of the time step without its bias
 * @param norms of time step, B and C; empty where they are not normalised
 */
record MambaTorchPart(
    RecurrentMixer mixer,
    StepSettings settings,
    List<Projection> input,
    List<Norms> norms,
    MixerParameters parameters,
    Projection output)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    try (Scope names = Scope.of(g)) {
      Tensor visible = names.own(VisibleStates.of(g, settings, x.hold()));
      Tensor projected = input.get(0).forward(g, visible);
      Tensor rates = names.own(parameters.decayRates(g));
      long inner = settings.tokens() * mixer.innerSize();
      Tensor[] halves = names.own(FusedOps.split(g, projected, inner, inner));
      TorchConvolution convolution =
          new TorchConvolution(parameters, mixer.innerSize(), settings.sequence());
      Tensor convolved =
          names.own(VisibleStates.of(g, settings, convolution.forward(g, halves[0])));
      Tensor[] streams = streams(g, convolved, names);
      Tensor steps = names.own(g.rebind(streams[0], steps(g, streams[0])));
      Tensor bias = names.own(parameters.wide(g, "dt_proj.bias"));
      Tensor skip = parameters.wide(g, "D");
      SelectiveScan scan =
          new SelectiveScan(
              settings.batch(),
              settings.sequence(),
              mixer.innerSize(),
              parameters.stateSize(mixer.innerSize()));
      Tensor scanned =
          names.own(
              g.rebind(
                  skip,
                  scan.forward(
                      g,
                      new SelectiveScan.Inputs(
                          convolved,
                          steps,
                          rates,
                          streams[1],
                          streams[2],
                          skip,
                          halves[1],
                          bias))));
      Tensor narrow = Pointwise.cast(g, scanned, x.dtype(), "scan outputs");
      return g.rebind(narrow, throughLayout(g, output, narrow));
    }
  }

  /** Time step, which is the caller's, B and C, which live with the names. */
  private Tensor[] streams(Graph g, Tensor convolved, Scope names) {
    Tensor projected = throughLayout(g, input.get(1), convolved);
    long state = parameters.stateSize(mixer.innerSize()) * settings.tokens();
    Tensor[] parts = FusedOps.split(g, projected, projected.elements() - 2 * state, state, state);
    for (int i = 0; i < parts.length; i++) {
      if (!norms.isEmpty()) {
        parts[i] = g.rebind(parts[i], norms.get(i).forward(g, parts[i]));
      }
    }
    names.own(parts[1], parts[2]);
    return parts;
  }

  /** What lies by features is copied to lie by tokens, where there are several sequences. */
  private Tensor throughLayout(Graph g, Projection projection, Tensor x) {
    Tensor flat = settings.batch() == 1 ? x.hold() : Pointwise.copy(g, x, "scan inputs");
    return g.rebind(flat, projection.forward(g, flat));
  }

  /** Time steps without their bias, which a quantised projection adds and which is subtracted. */
  private Tensor steps(Graph g, Tensor x) {
    Projection projection = input.get(2);
    if (settings.job().quantization().isNone()) {
      return projection.base().forward(g, x);
    }
    Tensor shifted = projection.forward(g, x);
    return g.rebind(
        shifted, Pointwise.add(g, shifted, parameters.get("dt_proj.bias").value(), "time steps"));
  }
}
