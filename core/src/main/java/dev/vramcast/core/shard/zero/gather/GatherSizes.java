package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.units.Rounding;
import java.util.Set;

/**
 * What stage 3 goes by when it gathers.
 *
 * @param limits in elements of parameters
 * @param ranks among which each parameter is divided
 * @param wrappers modules around the model's own, whose calls gather ahead too
 * @param front what is in front of the layers
 * @param again what is different of modules that run again in a backward pass
 * @param aside it gathers on a stream of its own ({@code overlap_comm})
 * @param leaves code of modules within which no other has hooks, as {@link
 *     dev.vramcast.core.trace.ModuleScope#code} has it ({@code z3_leaf_module})
 */
public record GatherSizes(
    Limits limits,
    int ranks,
    int wrappers,
    Front front,
    Again again,
    boolean aside,
    Set<String> leaves) {

  /**
   * DeepSpeed's settings of stage 3, in elements of parameters.
   *
   * @param prefetchBucket {@code stage3_prefetch_bucket_size}
   * @param persistenceThreshold {@code stage3_param_persistence_threshold}
   * @param maxLive {@code stage3_max_live_parameters}
   * @param maxReuse {@code stage3_max_reuse_distance}
   */
  public record Limits(
      long prefetchBucket, long persistenceThreshold, long maxLive, long maxReuse) {}

  /**
   * What is in front of the layers.
   *
   * @param rotates a module between the embedding and the layers makes rotary tables
   * @param leaf the first layer's input is the embedding's output itself, made to require a
   *     gradient, which it does in passes without a graph too
   */
  public record Front(boolean rotates, boolean leaf) {

    /** Neither. */
    public static final Front NONE = new Front(false, false);
  }

  /**
   * What is different of modules that run again in a backward pass.
   *
   * @param keepsFrozen their frozen parameters stay until the module whose backward pass began last
   *     is through with it
   * @param keepsValues they save values of parameters, and not these themselves
   * @param hooksAround hooks on a layer are around its checkpoint, and do not run again with it
   */
  public record Again(boolean keepsFrozen, boolean keepsValues, boolean hooksAround) {}

  /** Elements of all ranks' parts of so many, the last of which is padded. */
  public static long padded(long elements, int ranks) {
    return Rounding.ceilDivide(elements, ranks) * ranks;
  }
}
