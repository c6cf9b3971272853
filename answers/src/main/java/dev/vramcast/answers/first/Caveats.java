package dev.vramcast.answers.first;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.traits.LigerTraits;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.run.TextOnly;
import dev.vramcast.core.run.Unquantised;
import java.util.Optional;

/**
 * What a job's model and card make of its settings, beyond what their names let expect.
 *
 * @param unquantised what of a quantised base is not; empty where all of size is
 * @param textOnly what is left out of a model that takes in more than text; empty where nothing is,
 *     or where somebody said so
 * @param fusedLoss the loss of the framework without whole logits, where it has one for this model
 *     on this card
 */
public record Caveats(
    Optional<Unquantised> unquantised,
    Optional<TextOnly> textOnly,
    Optional<LossKernel> fusedLoss) {

  /** Those of a job. */
  public static Caveats of(Architecture architecture, Resolution resolution, Optional<Gpu> gpu) {
    return new Caveats(
        Unquantised.of(architecture, resolution.job()),
        saysImages(resolution) ? Optional.empty() : TextOnly.of(architecture, resolution.job()),
        fusedLoss(architecture, resolution, gpu));
  }

  /** What the framework alone lets expect. */
  public static Caveats ofFramework(Resolution resolution) {
    return new Caveats(
        Optional.empty(), Optional.empty(), resolution.job().frameworkCode().lossWithoutLogits());
  }

  /** Whether somebody said how many images there are, be it none. */
  static boolean saysImages(Resolution resolution) {
    return resolution
        .value(JobKey.IMAGES)
        .filter(value -> value.provenance() == Provenance.SET)
        .isPresent();
  }

  private static Optional<LossKernel> fusedLoss(
      Architecture architecture, Resolution resolution, Optional<Gpu> gpu) {
    boolean liger = architecture.traits().liger().loss() != LigerTraits.Loss.NONE;
    // Fused kernels are Triton's, which compiles for no Apple chip.
    boolean triton = gpu.filter(card -> card.vendor() == Vendor.APPLE).isEmpty();
    return resolution
        .job()
        .frameworkCode()
        .lossWithoutLogits()
        .filter(loss -> loss == LossKernel.CHUNKED || triton)
        .filter(loss -> loss != LossKernel.LIGER || liger)
        .filter(loss -> !architecture.hears());
  }
}
