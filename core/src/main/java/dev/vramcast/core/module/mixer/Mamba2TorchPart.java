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
import dev.vramcast.core.trace.Aten;
import org.jspecify.annotations.Nullable;

/**
 * A Mamba 2 mixer as it runs where mamba_ssm is not installed (transformers 5.18
 * granitemoehybrid/modeling_granitemoehybrid.py GraniteMoeHybridMambaLayer, and its likes).
 *
 * @param norm null where the output is gated, but not normalised
 */
record Mamba2TorchPart(
    RecurrentMixer mixer,
    StepSettings settings,
    Projection input,
    MixerParameters parameters,
    @Nullable Norms norm,
    Projection output)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    try (Scope scope = Scope.of(g)) {
      Tensor visible = VisibleStates.of(g, settings, x.hold());
      Tensor projected = parameters.scaled(g, input.forward(g, visible));
      Tensor rates = scope.own(parameters.decayRates(g));
      long inner = settings.tokens() * mixer.innerSize();
      long state = settings.tokens() * mixer.stateStreams() / 2;
      long steps = settings.tokens() * mixer.heads();
      Tensor[] streams = scope.own(FusedOps.split(g, projected, inner, inner + 2 * state, steps));
      Tensor convolved = VisibleStates.of(g, settings, convolution().forward(g, streams[1]));
      Tensor[] parts = scope.own(FusedOps.split(g, convolved, inner, state, state));
      // The name that holds them is the values' from here on.
      g.release(visible);
      Tensor scanned = scan(g, parts, streams[2], rates);
      Tensor gated = scope.own(gated(g, scanned, streams[0]));
      Tensor narrow = scope.own(Pointwise.cast(g, gated, x.dtype(), "scan outputs"));
      return output.forward(g, narrow);
    }
  }

  private TorchConvolution convolution() {
    return new TorchConvolution(
        parameters, mixer.innerSize() + mixer.stateStreams(), settings.sequence());
  }

  private Tensor scan(Graph g, Tensor[] parts, Tensor steps, Tensor rates) {
    Mamba2Scan scan =
        new Mamba2Scan(
            settings.batch(),
            settings.sequence(),
            mixer.heads(),
            mixer.headSize(),
            mixer.stateStreams() / 2 / mixer.groups(),
            mixer.chunk());
    Tensor bias = parameters.get("dt_bias").value();
    return scan.forward(g, new Tensor[] {parts[0], steps, rates, parts[1], parts[2], bias, skip()});
  }

  private Tensor skip() {
    return parameters.get("D").value();
  }

  /** Takes over the scan's output. */
  private Tensor gated(Graph g, Tensor scanned, Tensor gate) {
    if (norm != null) {
      return g.rebind(scanned, norm.gatedBefore(g, scanned, gate, mixer.groups()));
    }
    Tensor activated = Pointwise.activation(g, Aten.SILU, gate, "scan gates");
    return g.rebind(activated, scanned, Pointwise.mul(g, scanned, activated, "scan outputs"));
  }
}
