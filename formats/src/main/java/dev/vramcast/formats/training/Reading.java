package dev.vramcast.formats.training;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobDocument.Remark;
import dev.vramcast.core.job.document.JobKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a training file says.
 *
 * @param file its name
 * @param document its values, each with file, line and key, and remarks on what a job document
 *     cannot hold
 * @param settings its keys outside of sections
 * @param kept values without effect on memory or time, by their keys, in the order of the file
 * @param unreadable for each key of the job that the file gives in a way that cannot be used, why
 * @param notModelled what the file names and no figure is made of, such as a stage that a job
 *     document has no name for; it concerns the key of the job that replaces it
 */
public record Reading(
    FormatName format,
    String file,
    JobDocument document,
    List<Finding> findings,
    List<Setting> settings,
    Map<String, Object> kept,
    Map<JobKey, InputError> unreadable,
    Optional<Gap> notModelled) {

  public Reading {
    findings = List.copyOf(findings);
    settings = List.copyOf(settings);
    kept = Collections.unmodifiableMap(new LinkedHashMap<>(kept));
    unreadable = Map.copyOf(unreadable);
  }

  /** This reading with a key of the job that cannot be used unless a flag gives it. */
  public Reading withUnreadable(JobKey key, InputError why) {
    Map<JobKey, InputError> more = new LinkedHashMap<>(unreadable);
    more.putIfAbsent(key, why);
    return new Reading(format, file, document, findings, settings, kept, more, notModelled);
  }

  /** This reading of whose values that cannot be used another reason is given. */
  public Reading withReasons(UnaryOperator<InputError> change) {
    Map<JobKey, InputError> others = new LinkedHashMap<>(unreadable);
    others.replaceAll((key, why) -> change.apply(why));
    return new Reading(format, file, document, findings, settings, kept, others, notModelled);
  }

  /** This reading with another document, and with findings that users are told elsewhere. */
  public Reading holding(JobDocument other, List<Finding> others) {
    return new Reading(format, file, other, others, settings, kept, unreadable, notModelled);
  }

  /** This reading of what is not modelled unless a flag gives another value of the same key. */
  public Reading withGap(Gap gap) {
    return new Reading(
        format,
        file,
        document,
        findings,
        settings,
        kept,
        unreadable,
        notModelled.or(() -> Optional.of(gap)));
  }

  /** This reading with other findings, of which users of an estimate are told what is new. */
  public Reading with(List<Finding> others) {
    List<Finding> more = others.stream().filter(finding -> !findings.contains(finding)).toList();
    JobDocument remarked = document;
    for (Notice notice : Remarks.of(more, file)) {
      remarked = remarked.with(new Remark(Optional.empty(), notice));
    }
    return holding(remarked, others);
  }

  /**
   * The document with flags over it.
   *
   * @throws InputException when the file gives a value that cannot be used and no flag replaces it
   * @throws UnsupportedJobException when the file names something that is not modelled and no flag
   *     replaces it
   */
  public JobDocument under(JobDocument flags) {
    if (notModelled.isPresent() && !isReplaced(flags, notModelled.get())) {
      throw notModelled.get().refusal();
    }
    for (JobKey key : JobKey.values()) {
      InputError error = unreadable.get(key);
      if (error != null && !replaces(flags, key)) {
        throw error.hint().mentions(key)
            ? error.refusal()
            : error.hint(key, " replaces it").refusal();
      }
    }
    return document.with(flags);
  }

  /**
   * Refuses a file that asks for something else than training.
   *
   * @throws InputException when it does
   */
  public void checkTrains() {
    InputError error = unreadable.get(JobKey.METHOD);
    if (error != null && error.kind() == ErrorKind.NO_TRAINING) {
      throw error.refusal();
    }
  }

  private static boolean isReplaced(JobDocument flags, Gap gap) {
    return gap.subject().filter(JobKey.class::isInstance).map(JobKey.class::cast).stream()
        .anyMatch(flags::has);
  }

  private static boolean replaces(JobDocument flags, JobKey key) {
    return flags.has(key) || key == JobKey.MODEL_ID && flags.has(JobKey.MODEL_CONFIG);
  }
}
