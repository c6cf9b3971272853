package dev.vramcast.core.code;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.LossKernel;
import java.util.Optional;

/** Which losses without whole logits run where. */
public final class FusedLoss {

  private FusedLoss() {}

  /**
   * The one of a job's framework; empty where it has none for this model on this card.
   *
   * @param card empty where only its memory is known
   */
  public static Optional<LossKernel> of(
      Architecture architecture, ResolvedJob job, Optional<Gpu> card) {
    boolean liger = architecture.traits().liger().loss() != LigerTraits.Loss.NONE;
    return job.frameworkCode()
        .lossWithoutLogits()
        .filter(loss -> loss == LossKernel.CHUNKED || runsTriton(card))
        .filter(loss -> loss != LossKernel.LIGER || liger)
        .filter(loss -> !architecture.hears());
  }

  /** Kernels of Liger and their like are Triton's, which compiles for no Apple chip. */
  public static boolean runsTriton(Optional<Gpu> card) {
    return card.filter(found -> found.vendor() == Vendor.APPLE).isEmpty();
  }
}
