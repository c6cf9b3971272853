package dev.vramcast.answers.fit;

import dev.vramcast.answers.correction.CorrectionRecord;
import dev.vramcast.answers.first.DecidesRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.fit.TimeEffect;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** {@link FitReport} for programs. */
@Describes("Whether a job fits a card, and what would make it fit.")
public record FitRecord(
    @Describes(Meaning.SUMMARY) String summary,
    @Describes(Meaning.MODEL) String model,
    @Describes(Meaning.GPU) String gpu,
    @Describes("How many of it.") int gpus,
    @Describes(Meaning.MEMORY) long memoryBytes,
    @Describes("What was asked to stay free.") long keptFreeBytes,
    NeedRecord need,
    @Describes(Meaning.PEAK_EPISODE) String peakEpisode,
    DecidesRecord decides,
    @Describes(Meaning.JOB) JobDocument job,
    @Describes("Changes that save memory, each on its own; need says whether it fits then.")
        List<Change> alone,
    @Describes("Changes that make it fit together.") List<Change> together,
    @Describes(
            "Several changes on the same cards, none of which can be left out, with which it"
                + " probably fits, where only other cards make it fit for certain; none where one"
                + " of alone is enough.")
        List<Change> likely,
    WarningsRecord warnings,
    @Describes("The correction that the figures go by; there where one is used.")
        Extra<Corrected> correction) {

  public static final String KIND = "fit";

  /** A change of the job. */
  record Change(
      @Describes("What is changed, for people.") String change,
      @Describes("What is given up.") Drawback drawback,
      @Describes("What it costs, for people.") String cost,
      @Describes("Memory that each machine then has to have; null where it is not more.")
          OptionalLong hostBytes,
      @Describes("How its time is known.") TimeEffect.Basis time,
      @Describes("Time after for time before, above 1 where slower; null unless estimated.")
          OptionalDouble timeFactor,
      @Describes("Another card; null where it stays.") Optional<String> gpu,
      @Describes("Less than before it, of what decided then.") long savedBytes,
      @Describes("What decided before it, as it is after it.") DecidesRecord decides,
      NeedRecord need,
      @Describes("The job after it.") JobDocument job) {

    private static Change of(Advice.Step step, FitReport report) {
      TimeEffect time = step.time(report.profile());
      return new Change(
          step.change().name(),
          step.change().drawback(),
          step.change().cost(),
          step.hostBytes(),
          time.basis(),
          time.factor(),
          step.change().card().map(Gpu::name),
          step.savedBytes(),
          DecidesRecord.of(step),
          NeedRecord.of(step.after()),
          step.change().document());
    }
  }

  /** The correction that the figures go by. */
  record Corrected(
      CorrectionRecord correction,
      @Describes("What the job needs without the correction.") long uncorrectedNeededBytes) {}

  static FitRecord of(FitReport report, Optional<SavedCorrection> correction) {
    return new FitRecord(
        report.first().sentence(),
        report.model(),
        report.gpu().name(),
        report.check().resolution().job().parallelism().gpus(),
        report.gpu().allocatableBytes(),
        report.card().keptFreeBytes(),
        NeedRecord.of(report.check()),
        report.check().memory().worst().peakEpisode().label(),
        DecidesRecord.of(report.first().outcome()),
        report.check().document(),
        steps(report.advice().map(Advice::alone), report),
        steps(report.advice().map(Advice::together), report),
        steps(report.advice().map(Advice::likely), report),
        WarningsRecord.of(report.warnings()),
        Extra.of(
            correction.map(
                saved ->
                    new Corrected(CorrectionRecord.of(saved), report.uncorrectedNeededBytes()))));
  }

  private static List<Change> steps(Optional<List<Advice.Step>> steps, FitReport report) {
    return steps.orElse(List.of()).stream().map(step -> Change.of(step, report)).toList();
  }
}
