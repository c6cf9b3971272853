package dev.vramcast.answers.request;

import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.Reading;
import java.util.Optional;

/** What describes a job below what is said of it directly: files, or nothing. */
public interface JobBase {

  /** Whether there is no file. */
  boolean isEmpty();

  /** The job with flags over it. */
  JobDocument under(JobDocument flags);

  /** What a framework's files say; empty where a job document, or nothing, describes the job. */
  Optional<Reading> training();

  /** What a framework's files say with flags beside them. */
  Reading reading(JobDocument flags);
}
