package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A resolved job and how it came about.
 *
 * @param values one for each key that plays a part, in the order of {@link JobKey}. A key occurs
 *     twice where a choice brings a number that has no key of its own, such as the layers that
 *     {@code freeze} trains.
 * @param warnings what is to be known of it
 */
public record Resolution(ResolvedJob job, List<ResolvedValue> values, List<Notice> warnings) {

  public Resolution {
    values = List.copyOf(values);
    warnings = List.copyOf(warnings);
  }

  public Optional<ResolvedValue> value(JobKey key) {
    return values.stream().filter(value -> value.key() == key).findFirst();
  }

  /** The values of one kind, e.g. all that were assumed. */
  public List<ResolvedValue> values(Provenance provenance) {
    return values.stream().filter(value -> value.provenance() == provenance).toList();
  }

  /** A document in which everything is said; it resolves to the same job. */
  public JobDocument document() {
    List<JobDocument.Entry> entries = new ArrayList<>();
    for (JobKey key : JobKey.values()) {
      value(key)
          .filter(value -> !value.isLeftOpen())
          .map(value -> new JobDocument.Entry(key, value.value(), origin(key)))
          .ifPresent(entries::add);
    }
    return JobDocument.of(entries);
  }

  /** A profile is among the values where somebody asked for it, and stays asked for. */
  private static Place origin(JobKey key) {
    return key == JobKey.PROFILE ? Place.of("resolved") : new Place.Chosen("resolved");
  }
}
