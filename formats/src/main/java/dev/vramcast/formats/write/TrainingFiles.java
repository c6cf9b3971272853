package dev.vramcast.formats.write;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.job.resolve.Resolution;
import java.util.List;
import java.util.Optional;

/**
 * The files of a framework.
 *
 * @param files the one that is started first
 * @param effective the job that the framework runs from them
 * @param start how it is started; empty for a file that others use
 * @param warnings one for each difference between the job and {@code effective}, and for what the
 *     files leave to their user
 */
public record TrainingFiles(
    List<WrittenFile> files, Resolution effective, Optional<Start> start, List<Notice> warnings) {

  public TrainingFiles {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }
}
