package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.formats.write.TrainingFiles;
import dev.vramcast.formats.write.TrainingJob;
import dev.vramcast.formats.write.TrainingWriter;
import java.util.EnumSet;
import java.util.List;

/** The configuration of {@code accelerate launch} on its own. */
public final class AccelerateWriter implements TrainingWriter {

  @Override
  public String name() {
    return "accelerate";
  }

  @Override
  public boolean isCompanion() {
    return true;
  }

  @Override
  public TrainingFiles write(TrainingJob wanted) {
    JobCoverage coverage =
        new JobCoverage(
            name(),
            wanted.resolution().job().framework().name(),
            wanted,
            EnumSet.allOf(Stage.class));
    coverage.warn(
        "the file holds GPUs, autocast and how the job is spread; the rest of the job is said by"
            + " the program that is launched with it");
    return coverage.companion(List.of(AccelerateKeys.of(coverage, "accelerate.yaml")));
  }
}
