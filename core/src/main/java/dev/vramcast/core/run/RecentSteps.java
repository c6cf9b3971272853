package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Helpers;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.shard.zero.PartitionedModel;
import dev.vramcast.core.step.EpisodeWriter.Asked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Estimates, of which the last ones are kept: a job that is asked about again, on the same card or
 * on one that runs the same step, takes no other trace, and what replays of it have shown is
 * shared. The answers are those of {@link MemoryEstimator}. May be used by several threads.
 */
public final class RecentSteps {

  /**
   * Steps that are kept where nothing else is said, each with a trace of some hundred kilobytes.
   */
  private static final int FEW = 128;

  /** What decides a step. */
  private record Key(Architecture architecture, ResolvedJob job, CardTraits card) {

    /**
     * Of what most often differs. That of a record takes all that is below it, and making the code
     * for so many records takes a program that starts longer than its estimate.
     */
    @Override
    public int hashCode() {
      Batch batch = job.batch();
      int hash = batch.sequenceLength();
      hash = 31 * hash + batch.microBatch();
      hash = 31 * hash + batch.gradAccum();
      hash = 31 * hash + architecture.layerCount();
      hash = 31 * hash + Long.hashCode(architecture.hiddenSize());
      hash = 31 * hash + job.method().ordinal();
      hash = 31 * hash + job.precision().ordinal();
      hash = 31 * hash + job.weightDtype().ordinal();
      hash = 31 * hash + job.checkpointing().ordinal();
      hash = 31 * hash + job.parallelism().gpus();
      return 31 * hash + job.adapter().map(AdapterSettings::rank).orElse(0);
    }
  }

  private final Map<Key, List<RankEstimate>> steps;
  private final Helpers helpers;

  /** None yet, for computations that nobody helps with. */
  public RecentSteps() {
    this(
        new LinkedHashMap<>(2 * FEW, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, List<RankEstimate>> eldest) {
            return size() > FEW;
          }
        },
        Helpers.NONE);
  }

  private RecentSteps(Map<Key, List<RankEstimate>> steps, Helpers helpers) {
    this.steps = steps;
    this.helpers = helpers;
  }

  /** The same, for one computation that others may help with. */
  public RecentSteps helpedBy(Helpers others) {
    return new RecentSteps(steps, others);
  }

  /** Who may help with what is asked of these steps. */
  public Helpers helpers() {
    return helpers;
  }

  /** As {@link MemoryEstimator#estimate}, which also says what is thrown. */
  public MemoryEstimate estimate(Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    Key key = new Key(architecture, job, CardTraits.of(architecture, job, gpu));
    List<RankEstimate> ranks = kept(key);
    if (ranks == null) {
      ranks = MemoryEstimator.ranks(architecture, job, gpu);
      keep(key, ranks);
    }
    RankEstimate.Outside outside = MemoryEstimator.outside(job, gpu);
    return MemoryEstimate.of(
        ranks.stream().map(rank -> rank.on(outside)).toList(), architecture, job, gpu);
  }

  /**
   * As {@link #estimate}, for whoever asks whether it can fit at all: a job that takes long to
   * write in full is written in short and not kept. Then allocated bytes are no more than those of
   * the estimate, less by a thousandth at most, pinned bytes are the same, and others may not be
   * read.
   */
  public MemoryEstimate atLeast(Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    if (!PartitionedModel.gathers(job)
        || kept(new Key(architecture, job, CardTraits.of(architecture, job, gpu))) != null) {
      return estimate(architecture, job, gpu);
    }
    List<RankEstimate> ranks = MemoryEstimator.ranks(architecture, job, gpu, Asked.LEAST);
    return MemoryEstimate.of(ranks, architecture, job, gpu);
  }

  private @Nullable List<RankEstimate> kept(Key key) {
    synchronized (steps) {
      return steps.get(key);
    }
  }

  private void keep(Key key, List<RankEstimate> ranks) {
    synchronized (steps) {
      steps.put(key, ranks);
    }
  }
}
