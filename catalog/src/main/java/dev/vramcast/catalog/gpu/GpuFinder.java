package dev.vramcast.catalog.gpu;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;

/** Tells which device a text means. */
public interface GpuFinder {

  /**
   * The device that a text names, with a count as in {@code A100-80GB:8} or {@code 8xH100}.
   *
   * @throws InputException when no device, or several with different memory, have that name
   */
  GpuMatch find(String text);

  /**
   * The device of a job, if it names one.
   *
   * @throws InputException as {@link #find}, at the name's place
   */
  default Optional<GpuMatch> named(JobDocument job) {
    return job.locating(() -> job.text(JobKey.GPU).map(this::find));
  }
}
