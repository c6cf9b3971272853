package dev.vramcast.answers.first;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.code.FusedLoss;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.run.TextOnly;
import dev.vramcast.core.run.Unquantised;
import java.util.Collection;
import java.util.List;
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

  /** What an example may have beside its text. */
  public static final List<JobKey> OTHERS = List.of(JobKey.IMAGES, JobKey.AUDIO_SECONDS);

  /** Those of a job. */
  public static Caveats of(Architecture architecture, Resolution resolution, Optional<Gpu> gpu) {
    return new Caveats(
        Unquantised.of(architecture, resolution.job()),
        saysOthers(resolution) ? Optional.empty() : TextOnly.of(architecture, resolution.job()),
        FusedLoss.of(architecture, resolution.job(), gpu));
  }

  /** Those of a job on a card whose model is looked at no more, but what of it is quantised. */
  static Caveats of(FitCheck check) {
    return new Caveats(
        Optional.empty(),
        saysOthers(check.resolution()) ? Optional.empty() : check.textOnly(),
        check.fusedLoss());
  }

  /**
   * Those that several jobs have in common, of models of many kinds: a loss where any has it.
   *
   * @param checks one framework's
   */
  public static Caveats ofMany(Collection<FitCheck> checks) {
    return new Caveats(
        Optional.empty(),
        Optional.empty(),
        checks.stream().flatMap(check -> check.fusedLoss().stream()).findFirst());
  }

  /** Whether somebody said how many images or how much sound there is, be it none. */
  static boolean saysOthers(Resolution resolution) {
    return OTHERS.stream()
        .flatMap(key -> resolution.value(key).stream())
        .anyMatch(value -> value.provenance() == Provenance.SET);
  }
}
