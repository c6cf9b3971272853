package dev.vramcast.answers.correction;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.SavedCorrection;
import java.time.LocalDate;
import java.util.Map;
import java.util.OptionalDouble;

/** A correction for programs. */
public record CorrectionRecord(
    @Describes("What it was kept as.") String name,
    @Describes("The run that it was measured in.") String run,
    @Describes("The day of that.") LocalDate date,
    @Describes("Version of the program that made it.") String vramcastVersion,
    @Describes("Factor of what tensors take.") double tensors,
    @Describes("Factor of what the caching allocator reserves beside them.") double allocator,
    @Describes("What is added outside the allocator; may be negative.") long outsideBytes,
    @Describes("Factor of the speed; null where none was measured.") OptionalDouble speed,
    @Describes("Parameters of the model; it is for jobs with half to twice as many.")
        long parameters,
    @Describes("Tokens of a forward pass on one GPU; likewise.") long tokens,
    @Describes("What decides which code runs, by name; all of it has to be equal.")
        Map<String, String> jobs)
    implements Inline {

  public static CorrectionRecord of(SavedCorrection saved) {
    Correction correction = saved.correction();
    return new CorrectionRecord(
        saved.name(),
        saved.run(),
        saved.date(),
        saved.version(),
        correction.tensors(),
        correction.allocator(),
        correction.outsideBytes(),
        correction.speed(),
        saved.scope().parameters(),
        saved.scope().tokens(),
        saved.scope().code());
  }
}
