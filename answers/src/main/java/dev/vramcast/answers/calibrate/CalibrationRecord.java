package dev.vramcast.answers.calibrate;

import dev.vramcast.answers.correction.CorrectionRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Extra;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.calibration.Attribution;
import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.calibration.MeasuredSpeed;
import dev.vramcast.core.calibration.RunFigure;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** {@link CalibrateReport} for programs. */
@Describes("A run beside the estimate of its job.")
public record CalibrationRecord(
    @Describes(Meaning.MODEL) String model,
    @Describes(Meaning.GPU + " Null where the job names none.") Optional<String> gpu,
    @Describes("Files and options that say what was measured.") List<String> sources,
    @Describes("Memory of one GPU, by what is counted.") Map<RunFigure, Figure> figures,
    @Describes("Null where none was measured.") Optional<Speed> speed,
    @Describes("Where the difference lies, part by part.") List<Part> parts,
    @Describes("What is alive at the peak, by what made it; where a snapshot tells.")
        List<Part> components,
    @Describes("What the run does not tell, one sentence each.") List<String> notTold,
    @Describes("Common causes of a difference, one sentence each.") List<String> hints,
    @Describes("What was met in the files, one sentence each.") List<String> notes,
    @Describes("The correction that was kept; null where none was.") Optional<Kept> kept,
    @Describes(Meaning.JOB) JobDocument job,
    WarningsRecord warnings) {

  public static final String KIND = "calibration";

  /** A figure beside its estimate. */
  record Figure(Extra<Measured> measured, @Describes("By the estimate.") long estimatedBytes) {}

  /** What a run reports; there where it does. */
  record Measured(
      @Describes("As the run reports it.") long measuredBytes,
      @Describes("By how much it is rounded at most.") long roundingBytes,
      @Describes("The file or the option that says it.") String source)
      implements Inline {

    private static Measured of(MeasuredBytes measured) {
      return new Measured(measured.bytes(), measured.roundingBytes(), measured.source());
    }
  }

  /** A speed beside its estimate. */
  record Speed(
      @Describes("Of all GPUs.") double measuredTokensPerSecond,
      @Describes("Which tokens were counted.") MeasuredSpeed.Counted counted,
      @Describes("The file or the option that says it.") String source,
      @Describes("Of all GPUs, padding included; null where none is estimated.")
          OptionalDouble estimatedTokensPerSecond) {

    private static Speed of(CalibrateReport report, MeasuredSpeed measured) {
      return new Speed(
          measured.total(report.gpus()),
          measured.counted(),
          measured.source(),
          report.estimated().tokensPerSecond());
    }
  }

  /** A part of the memory. */
  record Part(
      @Describes("Its name, for people.") String name,
      @Describes("What it is, for people.") String meaning,
      @Describes("In the run.") long measuredBytes,
      @Describes("By the estimate.") long estimatedBytes,
      @Describes("Measured less estimated.") long differenceBytes) {

    private static Part of(Attribution.Part part) {
      return new Part(
          part.name(),
          part.meaning(),
          part.measuredBytes(),
          part.estimatedBytes(),
          part.differenceBytes());
    }
  }

  /** A correction that was kept. */
  record Kept(
      CorrectionRecord correction, @Describes("The file that it is kept in.") String file) {}

  static CalibrationRecord of(CalibrateReport report) {
    return new CalibrationRecord(
        report.estimate().model().id(),
        report.estimate().gpu().map(Gpu::name),
        report.run().sources(),
        figures(report),
        report.run().speed().map(speed -> Speed.of(report, speed)),
        report.attribution().parts().stream().map(Part::of).toList(),
        report.attribution().components().stream().map(Part::of).toList(),
        report.attribution().untold(),
        report.hints().stream().map(hint -> hint.sentence(ProgramWords.ALL)).toList(),
        report.run().notes(),
        report.kept().map(kept -> new Kept(CorrectionRecord.of(kept.correction()), kept.file())),
        report.estimate().resolution().document(),
        WarningsRecord.of(report.warnings()));
  }

  private static Map<RunFigure, Figure> figures(CalibrateReport report) {
    Map<RunFigure, Figure> figures = new EnumMap<>(RunFigure.class);
    for (RunFigure figure : RunFigure.values()) {
      figures.put(
          figure,
          new Figure(
              Extra.of(report.run().figure(figure).map(Measured::of)),
              report.estimated().bytes(figure)));
    }
    return figures;
  }
}
