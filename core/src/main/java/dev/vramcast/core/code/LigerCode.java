package dev.vramcast.core.code;

import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;

/**
 * Which of Liger's kernels run in a job, and how its release writes them.
 *
 * @param reached what it replaces of the model
 */
public record LigerCode(ResolvedJob job, LigerTraits reached) {

  /** Whether one of Liger's kernels is asked for and replaces something of this model. */
  public boolean runs(LigerKernel kernel) {
    return job.ligerKernels().contains(kernel)
        && switch (kernel) {
          case RMS_NORM -> reached.norms();
          case SWIGLU -> reached.mlp();
          case ROPE -> reached.rotary();
        };
  }

  /** Liger replaces norms of queries and keys, where it does others. */
  public boolean reachesHeadNorms() {
    return reached.headNorms();
  }

  /** Liger's norms write their gradient over the incoming one. */
  public boolean normsInPlace() {
    return reached.normsInPlace();
  }

  /** What computes a loss that is asked of Liger. */
  public LigerTraits.Loss loss() {
    return reached.loss();
  }

  /**
   * Liger adds products to the gradient of the head's weight in place ({@code addmm}, since 0.8.1
   * into fp32, since 0.8.3 into 16 bits too); before, it made a product and an fp32 copy of it.
   */
  public boolean addsInPlace(DataType weight) {
    Version liger = job.framework().liger();
    boolean wide = weight == DataType.FP32;
    return liger.compareTo(Version.parse(wide ? "0.8.1" : "0.8.3")) >= 0
        && (!wide || job.framework().torch().atLeast(2, 8));
  }

  /**
   * How the loss makes a trained head's gradient, for people.
   *
   * @param weight dtype of the head's weight
   */
  public String sentence(DataType weight) {
    return "Liger's loss is that of "
        + job.framework().liger()
        + (addsInPlace(weight)
            ? ", which adds a trained head's gradient up in place."
            : ", which sums a trained head's gradient through an fp32 copy of it.");
  }

  /** Liger drops the logits of a chunk, or reuses their buffer, before it makes the next. */
  public boolean dropsChunks() {
    return job.framework().liger().compareTo(Version.parse("0.8.3")) >= 0;
  }
}
