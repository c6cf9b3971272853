package dev.vramcast.answers.calibrate;

import dev.vramcast.answers.calibrate.CalibrateReport.Kept;
import dev.vramcast.answers.correction.CorrectionStore;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.core.calibration.Attribution;
import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.Estimated;
import dev.vramcast.core.calibration.Hints;
import dev.vramcast.core.calibration.JobScope;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.time.RunExtras;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A run that is to be held against the estimate of its job.
 *
 * @param save where the correction is to be kept
 */
public record CalibrateRequest(EstimateRequest job, Run run, Optional<Save> save) {

  private static final Subject SAVE = new Subject.Flag("--save");

  /**
   * A wish to keep the correction.
   *
   * @param name empty for one that is made of the job
   * @param version of this program
   */
  public record Save(CorrectionStore store, String name, LocalDate today, String version) {}

  /** Compares, and keeps the correction where that is asked for. */
  public CalibrateReport report() {
    EstimateReport estimate = job.report(RunExtras.USUAL);
    ResolvedJob resolved = estimate.resolution().job();
    OptionalDouble speed =
        estimate
            .time()
            .map(time -> OptionalDouble.of(time.tokensPerSecond()))
            .orElse(OptionalDouble.empty());
    ExpectedMemory expected = estimate.expected();
    Estimated estimated =
        Estimated.of(estimate.memory().worst(), expected.reserved().bytes(), speed);
    refuseMoreThanTheCard(estimate.gpu());
    Optional<Kept> kept = save.map(wish -> keep(wish, estimate, estimated));
    OptionalLong card =
        estimate
            .gpu()
            .map(gpu -> OptionalLong.of(gpu.memory().bytes()))
            .orElse(OptionalLong.empty());
    return new CalibrateReport(
        estimate,
        expected,
        run,
        estimated,
        Attribution.of(run, estimated),
        Hints.of(run, estimated, resolved, card),
        kept);
  }

  /** A card of another size is another job, and the figures say so. */
  private void refuseMoreThanTheCard(Optional<Gpu> gpu) {
    for (RunFigure figure : RunFigure.values()) {
      run.figure(figure)
          .filter(measured -> gpu.isPresent())
          .filter(measured -> measured.bytes() > gpu.get().memory().bytes() * 1.02)
          .ifPresent(
              measured -> {
                throw InputError.of(
                        figure.label(),
                        " is ",
                        measured.bytes() >> 20,
                        " MiB (",
                        measured.source(),
                        "), but ",
                        gpu.get().name(),
                        " has ",
                        gpu.get().memory().mebibytes(),
                        " MiB")
                    .concerning(JobKey.GPU)
                    .hint("name the card of the run by ", JobKey.GPU)
                    .kind(ErrorKind.CONTRADICTION)
                    .refusal();
              });
    }
  }

  private Kept keep(Save wish, EstimateReport estimate, Estimated estimated) {
    Gpu gpu =
        estimate
            .gpu()
            .orElseThrow(
                () ->
                    InputError.about(SAVE)
                        .kind(ErrorKind.MISSING)
                        .and(" needs the card of the run")
                        .hint("give ", JobKey.GPU, " NAME")
                        .refusal());
    ResolvedJob resolved = estimate.resolution().job();
    Correction correction = Correction.of(run, estimated, resolved);
    if (!run.hasPeak() && correction.speed().isEmpty()) {
      throw InputError.about(SAVE)
          .kind(ErrorKind.MISSING)
          .and(
              " has nothing to keep: the run reports neither memory at a peak nor a speed that can"
                  + " be compared")
          .refusal();
    }
    JobScope scope = JobScope.of(estimate.model().architecture(), resolved, gpu);
    String name = wish.name().isEmpty() ? name(wish, estimate, resolved, gpu) : wish.name();
    if (!name.matches(SavedCorrection.NAME)) {
      throw InputError.about(SAVE)
          .is(name)
          .allowed("up to 64 letters, digits, points, hyphens and underscores")
          .refusal();
    }
    SavedCorrection saved =
        new SavedCorrection(
            name,
            String.join(", ", run.sources()),
            wish.today(),
            wish.version(),
            correction,
            scope);
    wish.store().save(saved);
    return new Kept(saved, Shown.oneLine(wish.store().file().toString()));
  }

  /** Model, method and card, with a number where the name is taken. */
  private static String name(Save wish, EstimateReport estimate, ResolvedJob job, Gpu gpu) {
    Method method = job.method();
    String base = slug(estimate.model().id() + "-" + method.label() + "-" + gpu.name());
    Set<String> taken =
        wish.store().corrections().stream().map(SavedCorrection::name).collect(Collectors.toSet());
    String name = base;
    for (int number = 2; taken.contains(name); number++) {
      name = base + "-" + number;
    }
    return name;
  }

  private static String slug(String text) {
    String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._]+", "-");
    slug = slug.replaceAll("^[^a-z0-9]+", "");
    return slug.substring(0, Math.min(56, slug.length())).replaceAll("-+$", "");
  }
}
