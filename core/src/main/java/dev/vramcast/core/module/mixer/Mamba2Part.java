package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.sequence.Scans;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import org.jspecify.annotations.Nullable;

/**
 * A Mamba 2 mixer as it runs with mamba_ssm installed (transformers
 * granitemoehybrid/modeling_granitemoehybrid.py mamba2_split_conv1d_scan_combined, and its likes).
 *
 * @param norm null where the output is not normalised
 */
record Mamba2Part(
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
      Tensor projected = scope.own(parameters.scaled(g, input.forward(g, x)));
      Tensor rates = parameters.decayRates(g);
      Tensor scanned =
          scope.own(
              g.rebind(
                  rates,
                  Scans.mamba2(
                      g,
                      projected,
                      size(),
                      norm != null,
                      rates,
                      parameters.get("conv1d.weight").value(),
                      parameters.value("conv1d.bias"),
                      parameters.value("dt_bias"),
                      parameters.value("D"),
                      norm == null ? null : norm.weight())));
      return output.forward(g, scanned);
    }
  }

  private Scans.Mamba2Size size() {
    long chunk = mixer.chunk();
    long chunks = settings.batch() * ((settings.sequence() + chunk - 1) / chunk);
    long stateSize = mixer.stateStreams() / 2 / mixer.groups();
    return new Scans.Mamba2Size(
        settings.tokens(),
        mixer.innerSize(),
        mixer.innerSize() + mixer.stateStreams(),
        mixer.heads(),
        chunks * mixer.innerSize() * stateSize,
        chunks * mixer.groups() * chunk * chunk);
  }
}
