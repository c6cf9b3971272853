package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The device a text names.
 *
 * @param count how many; empty when the text does not say
 * @param assumption what the text left open and how it was read, for the user to see
 */
public record GpuMatch(Gpu gpu, OptionalInt count, Optional<Notice> assumption) {

  /**
   * The job whose {@code hardware.gpu} names this device: a count in the name is the job's count.
   *
   * @throws InputException when the job has another count already
   */
  public JobDocument counted(JobDocument job) {
    return counted(job, count);
  }

  static JobDocument counted(JobDocument job, OptionalInt count) {
    if (count.isEmpty()) {
      return job;
    }
    Optional<Integer> given = job.value(JobKey.GPU_COUNT, Integer.class);
    if (given.isPresent() && given.get() != count.getAsInt()) {
      throw InputError.about(JobKey.GPU)
          .at(job.place(JobKey.GPU))
          .and(
              " names ",
              count.getAsInt(),
              count.getAsInt() == 1 ? " GPU" : " GPUs",
              ", but ",
              JobKey.GPU_COUNT,
              " is ",
              given.get())
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    Place place = job.place(JobKey.GPU).orElseGet(() -> new Place.Chosen(""));
    return job.with(JobKey.GPU_COUNT, count.getAsInt(), place);
  }
}
