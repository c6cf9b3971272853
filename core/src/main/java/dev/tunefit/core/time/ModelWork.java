package dev.tunefit.core.time;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.Attention;
import dev.tunefit.core.architecture.DecoderLayer;
import dev.tunefit.core.architecture.GatedMlp;
import dev.tunefit.core.architecture.LatentAttention;
import dev.tunefit.core.architecture.LayerRun;
import dev.tunefit.core.architecture.Linear;
import dev.tunefit.core.architecture.MixtureOfExperts;
import dev.tunefit.core.architecture.Mlp;
import dev.tunefit.core.architecture.ParallelMixers;
import dev.tunefit.core.architecture.PlainMlp;
import dev.tunefit.core.architecture.TokenMixer;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a model asks of a GPU for one token.
 *
 * @param layers decoder layers
 * @param hidden features of the residual stream
 * @param linear weights of the layers' projections that one token visits
 * @param stored weights of the layers' projections, all experts included
 * @param experts of {@code stored}, those of routed experts
 * @param head weights of the projections behind the layers
 * @param attention sum over layers of the tokens a query is held against, times the features of all
 *     query heads; twice the mean number of tokens, so that without a window it is the sequence
 * @param activations sum over layers of the features of the two large activations: the residual
 *     stream and what lies inside the MLP
 */
record ModelWork(
    int layers,
    double hidden,
    double linear,
    double stored,
    double experts,
    double head,
    double attention,
    double activations) {

  /**
   * The work of a token among {@code sequence} others that it attends to causally.
   *
   * @param sequence tokens
   */
  static ModelWork of(Architecture architecture, long sequence) {
    double hidden = architecture.hiddenSize();
    return new ModelWork(
        architecture.layerCount(),
        hidden,
        sum(architecture, layer -> beside(layer) + visited(layer.mlp())),
        sum(architecture, layer -> beside(layer) + visited(layer.mlp()) + idle(layer.mlp())),
        sum(architecture, layer -> experts(layer.mlp())),
        weights(architecture.head().linears()),
        sum(architecture, layer -> attention(layer.mixer(), sequence)),
        sum(architecture, layer -> hidden + inner(layer.mlp())));
  }

  boolean isMixtureOfExperts() {
    return experts > 0;
  }

  private static double sum(Architecture architecture, ToDoubleFunction<DecoderLayer> of) {
    double sum = 0;
    for (LayerRun run : architecture.layers()) {
      sum += run.times() * run.period().stream().mapToDouble(of).sum();
    }
    return sum;
  }

  private static double beside(DecoderLayer layer) {
    return weights(layer.mixer().linears()) + weights(layer.extraLinears());
  }

  private static double weights(List<Linear> linears) {
    return linears.stream().mapToDouble(Linear::weightCount).sum();
  }

  private static double visited(Mlp mlp) {
    if (mlp instanceof GatedMlp gated) {
      return weights(gated.linears());
    } else if (mlp instanceof PlainMlp plain) {
      return weights(plain.linears());
    } else if (mlp instanceof MixtureOfExperts moe) {
      return moe.router().weightCount()
          + (double) moe.topK() * moe.expertParameterCount()
          + moe.shared().map(shared -> weights(shared.linears())).orElse(0.0);
    }
    return 0;
  }

  private static double experts(Mlp mlp) {
    return mlp instanceof MixtureOfExperts moe
        ? (double) moe.experts() * moe.expertParameterCount()
        : 0;
  }

  private static double idle(Mlp mlp) {
    return mlp instanceof MixtureOfExperts moe
        ? (double) (moe.experts() - moe.topK()) * moe.expertParameterCount()
        : 0;
  }

  /** Features inside the MLP that a token visits. */
  private static double inner(Mlp mlp) {
    if (mlp instanceof GatedMlp gated) {
      return gated.intermediateSize();
    } else if (mlp instanceof PlainMlp plain) {
      return plain.up().out();
    } else if (mlp instanceof MixtureOfExperts moe) {
      return (double) moe.topK() * moe.intermediateSize()
          + moe.shared().map(GatedMlp::intermediateSize).orElse(0L);
    }
    return 0;
  }

  /** Recurrent mixers have no quadratic part; their scans are left to the memory-bound time. */
  private static double attention(TokenMixer mixer, long sequence) {
    if (mixer instanceof Attention attention) {
      double width = (double) attention.heads() * attention.headSize();
      return width * attended(attention.slidingWindow(), sequence);
    } else if (mixer instanceof LatentAttention latent) {
      double key = latent.nopeSize() + latent.ropeSize();
      return latent.heads() * (key + latent.valueSize()) / 2 * sequence;
    } else if (mixer instanceof ParallelMixers parallel) {
      return parallel.mixers().stream().mapToDouble(each -> attention(each, sequence)).sum();
    }
    return 0;
  }

  /** Twice the mean number of tokens that a query of a sequence sees within its window. */
  private static double attended(int window, long sequence) {
    return window > 0 && window < sequence
        ? 2.0 * window - (double) window * window / sequence
        : sequence;
  }
}
