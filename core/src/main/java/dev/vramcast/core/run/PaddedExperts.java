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
 * What FSDP2 makes of experts of fewer rows than there are ranks. A parameter is divided by its
 * first dimension, and padded so that every rank has as many rows of it
 * (torch/distributed/fsdp/_fully_shard/_fsdp_param.py _init_sharded_param): beyond one row a rank
 * no part gets smaller, and what is gathered has as many rows as there are ranks. All experts of a
 * layer are one parameter whose rows are whole experts, or each has linears of its own.
 */
public final class PaddedExperts {

  private PaddedExperts() {}

  /** A warning that more GPUs need more memory; empty where they do not. */
  public static Optional<Notice> of(Architecture architecture, ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    if (degrees.strategy() != Strategy.FSDP2) {
      return Optional.empty();
    }
    int expertRanks = Math.max(1, degrees.expert());
    int ranks = Math.max(1, degrees.shards() / expertRanks);
    boolean stacked = stacks(architecture, job);
    boolean packed = stacked ? job.quantization().experts() : !job.quantization().isNone();
    if (packed) {
      return Optional.empty();
    }
    return architecture.layers().stream()
        .flatMap(run -> run.period().stream())
        .map(DecoderLayer::mlp)
        .filter(MixtureOfExperts.class::isInstance)
        .map(MixtureOfExperts.class::cast)
        .map(mlp -> stacked ? (long) (mlp.experts() / expertRanks) : narrowest(mlp))
        .filter(rows -> rows < ranks)
        .findFirst()
        .map(rows -> stacked ? ofStacks(rows, ranks) : ofLinears(rows, ranks));
  }

  private static boolean stacks(Architecture architecture, ResolvedJob job) {
    return new StepSettings(job, architecture.traits()).code().mixture().fusedExperts();
  }

  /** Rows of the narrowest weight of an expert: of up and gate, or of down. */
  private static long narrowest(MixtureOfExperts mlp) {
    return Math.min(mlp.intermediateSize(), mlp.hiddenSize());
  }

  private static Notice ofStacks(long experts, int ranks) {
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

  private static Notice ofLinears(long rows, int ranks) {
    return Notice.of(
        JobKey.STRATEGY,
        " fsdp2 divides the ",
        rows,
        " rows of an expert's linear among ",
        ranks,
        " GPUs with padding, so that each keeps a whole one and gathers ",
        ranks,
        ": on more GPUs than rows a job needs more memory of each; ",
        JobKey.REPLICATE,
        " keeps the groups that divide them small");
  }
}
