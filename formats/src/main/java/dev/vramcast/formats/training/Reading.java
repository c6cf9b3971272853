package dev.vramcast.formats.training;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Map;

/**
 * What a training file says.
 *
 * @param file its name
 * @param document its values, each with file, line and key, and remarks on what a job document
 *     cannot hold
 * @param unreadable for each key of the job that the file gives in a way that cannot be used, why
 */
public record Reading(
    FormatName format,
    String file,
    JobDocument document,
    List<Finding> findings,
    Map<JobKey, InputError> unreadable) {

  public Reading {
    findings = List.copyOf(findings);
    unreadable = Map.copyOf(unreadable);
  }

  /**
   * The document with flags over it.
   *
   * @throws InputException when the file gives a value that cannot be used and no flag replaces it
   */
  public JobDocument under(JobDocument flags) {
    for (JobKey key : JobKey.values()) {
      InputError error = unreadable.get(key);
      if (error != null && !replaces(flags, key)) {
        throw error.hint(key, " replaces it").refusal();
      }
    }
    return document.with(flags);
  }

  private static boolean replaces(JobDocument flags, JobKey key) {
    return flags.has(key) || key == JobKey.MODEL_ID && flags.has(JobKey.MODEL_CONFIG);
  }
}
