package dev.vramcast.formats.training.run;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.loop.TrainingLoop;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.Optional;

/** Whose code runs the loop of a program that has no trainer. */
public final class LoopReading {

  private LoopReading() {}

  /** The framework by whose rules it is counted; empty where no such loop is read. */
  public static Optional<String> framework(TrainingFile file) {
    return file.node(TrainingLoop.NAME + "." + TrainingLoop.ACCELERATE)
        .map(
            accelerate ->
                Boolean.TRUE.equals(accelerate.value()) ? "accelerate" : "transformers-loop");
  }

  /** Says that it is the program's own loop that is read. */
  public static void say(JobBuilder job, TrainingFile file) {
    JobBuilder.in(file, TrainingLoop.NAME)
        .filter(loop -> framework(file).isPresent())
        .ifPresent(
            loop ->
                job.say(
                    FindingCode.NOT_FOLLOWED,
                    loop,
                    "the program trains in this loop of its own, which is read as passes of one"
                        + " batch of its DataLoader and steps of its optimizer: what else it holds"
                        + " between them is not counted"));
  }
}
