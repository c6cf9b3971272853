package dev.vramcast.core.shard.tensor;

import static dev.vramcast.core.shard.tensor.Ways.columns;
import static dev.vramcast.core.shard.tensor.Ways.rows;

import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.job.Parallelism;

/** One rank's share of an MLP, or its experts. */
final class MlpSlice {

  private static final String TENSOR = "parallelism.tensor";
  private static final String EXPERT = "parallelism.expert";
  private static final String FEATURES = "intermediate features";

  private MlpSlice() {}

  static Mlp of(Mlp mlp, Parallelism ways) {
    int tensor = ways.tensor();
    if (mlp instanceof GatedMlp gated) {
      return gated(gated, tensor);
    }
    if (mlp instanceof PlainMlp plain) {
      Ways.share(plain.up().out(), tensor, TENSOR, FEATURES);
      return new PlainMlp(
          columns(plain.up(), tensor), rows(plain.down(), tensor), plain.activation());
    }
    if (mlp instanceof MixtureOfExperts mixture) {
      return mixture(mixture, ways);
    }
    return mlp;
  }

  private static GatedMlp gated(GatedMlp whole, int ways) {
    Ways.share(whole.intermediateSize(), ways, TENSOR, FEATURES);
    return new GatedMlp(
        columns(whole.gateUp(), ways), rows(whole.down(), ways), whole.activation());
  }

  private static MixtureOfExperts mixture(MixtureOfExperts whole, Parallelism ways) {
    return new MixtureOfExperts(
        whole.router(),
        whole.scoring(),
        Ways.share(whole.experts(), ways.expert(), EXPERT, "experts"),
        whole.topK(),
        whole.hiddenSize(),
        Ways.share(whole.intermediateSize(), ways.tensor(), TENSOR, FEATURES),
        whole.gated(),
        whole.expertBias(),
        whole.activation(),
        whole.names(),
        whole.shared().map(shared -> gated(shared, ways.tensor())),
        whole.sharedGate());
  }
}
