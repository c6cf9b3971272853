package dev.vramcast.core.shard;

import static dev.vramcast.core.shard.Degrees.columns;
import static dev.vramcast.core.shard.Degrees.rows;

import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.mlp.Mlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.document.JobKey;

/** One rank's share of an MLP, or its experts. */
final class MlpSlice {

  private static final String FEATURES = "intermediate features";

  private MlpSlice() {}

  static Mlp of(Mlp mlp, Parallelism degrees) {
    int tensor = degrees.tensor();
    if (mlp instanceof GatedMlp gated) {
      return gated(gated, tensor);
    }
    if (mlp instanceof PlainMlp plain) {
      Degrees.share(plain.up().out(), tensor, JobKey.TENSOR, FEATURES);
      return plain.with(columns(plain.up(), tensor), rows(plain.down(), tensor));
    }
    if (mlp instanceof MixtureOfExperts mixture) {
      return mixture(mixture, degrees);
    }
    return mlp;
  }

  private static GatedMlp gated(GatedMlp whole, int degrees) {
    Degrees.share(whole.intermediateSize(), degrees, JobKey.TENSOR, FEATURES);
    return whole.with(columns(whole.gateUp(), degrees), rows(whole.down(), degrees));
  }

  private static MixtureOfExperts mixture(MixtureOfExperts whole, Parallelism degrees) {
    return whole.toBuilder()
        .experts(Degrees.share(whole.experts(), degrees.expert(), JobKey.EXPERT, "experts"))
        .intermediateSize(
            Degrees.share(whole.intermediateSize(), degrees.tensor(), JobKey.TENSOR, FEATURES))
        .shared(whole.shared().map(shared -> gated(shared, degrees.tensor())))
        .build();
  }
}
