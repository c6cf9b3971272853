package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import java.util.Optional;

/**
 * What FSDP2 makes of fewer experts than there are ranks. All experts of a layer are one parameter,
 * which is divided by its first dimension, and padded so that every rank has as many of them
 * (torch/distributed/fsdp/_fully_shard/_fsdp_param.py _init_sharded_param): beyond one expert a
 * rank no part gets smaller, and what is gathered has as many experts as there are ranks.
 */
public final class PaddedExperts {

  private PaddedExperts() {}

  /** A warning that more GPUs need more memory; empty where they do not. */
  public static Optional<Notice> of(Architecture architecture, ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    int ranks = Math.max(1, degrees.shards() / Math.max(1, degrees.expert()));
    boolean packed = job.quantization().experts();
    if (degrees.strategy() != Strategy.FSDP2 || packed || !stacks(architecture, job)) {
      return Optional.empty();
    }
    return architecture.layers().stream()
        .flatMap(run -> run.period().stream())
        .map(DecoderLayer::mlp)
        .filter(MixtureOfExperts.class::isInstance)
        .map(mlp -> ((MixtureOfExperts) mlp).experts() / Math.max(1, degrees.expert()))
        .filter(experts -> experts < ranks)
        .findFirst()
        .map(experts -> notice(experts, ranks));
  }

  private static boolean stacks(Architecture architecture, ResolvedJob job) {
    return new StepSettings(job, architecture.traits(), false).code().mixture().fusedExperts();
  }

  private static Notice notice(int experts, int ranks) {
    return Notice.of(
        JobKey.STRATEGY,
        " fsdp2 divides the ",
        experts,
        " experts of a layer among ",
        ranks,
        " GPUs with padding, so that each keeps a whole one and gathers ",
        ranks,
        ": on more GPUs than experts a job needs more memory of each; ",
        JobKey.REPLICATE,
        " keeps the groups that divide them small");
  }
}
