package dev.vramcast.core.module;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.sequence.Tiles;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LayerCode.TiledMlp;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.SharedInputs;
import java.util.List;

/**
 * An MLP that runs on one piece of each sequence after the other.
 *
 * @param tiles pieces of a sequence
 * @param trained its parameters that the optimizer updates
 */
record TiledMlpPart(StepSettings settings, LayerPart mlp, long tiles, List<Parameter> trained)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Tiles pieces =
        new Tiles(
            piece -> onPiece(g, piece, shared), settings.sequence(), tiles, trained, gradients());
    return pieces.run(g, x);
  }

  /** Under ZeRO it is DeepSpeed's function (axolotl/monkeypatch/tiled_mlp/patch.py). */
  private TiledMlp gradients() {
    boolean zero = settings.job().parallelism().strategy().isZero();
    return zero ? TiledMlp.ADDED : settings.framework().get(LayerCode.TILED_MLP);
  }

  private Tensor onPiece(Graph g, Tensor piece, SharedInputs shared) {
    try (Scope own = Scope.of(g)) {
      return mlp.forward(g, own.own(piece), shared);
    }
  }
}
