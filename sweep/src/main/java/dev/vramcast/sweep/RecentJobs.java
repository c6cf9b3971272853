package dev.vramcast.sweep;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The jobs that were estimated last, with the cards they were estimated on. */
final class RecentJobs {

  /** A job keeps its traces, of some hundred kilobytes, so there are few. */
  private static final int MOST = 32;

  private static final class Kept {
    final JobEstimate job;
    final Map<Optional<Gpu>, CardEstimate> cards = new LinkedHashMap<>();

    Kept(JobEstimate job) {
      this.job = job;
    }
  }

  private final Map<Map<JobKey, Object>, Kept> kept =
      new LinkedHashMap<>(2 * MOST, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<JobKey, Object>, Kept> eldest) {
          return size() > MOST;
        }
      };

  /** Of the job that was asked for last; both are null before the first. */
  private @Nullable Map<JobKey, Object> lastKey;

  private @Nullable Kept last;

  /** The job of a document, estimated where it is not among the last ones. */
  JobEstimate get(JobDocument document, Function<JobDocument, JobEstimate> estimate) {
    Map<JobKey, Object> key = key(document);
    Kept known = last;
    if (known == null || !key.equals(lastKey)) {
      known = kept.get(key);
      if (known == null) {
        known = new Kept(estimate.apply(document));
        kept.put(key, known);
      }
      lastKey = key;
      last = known;
    }
    return known.job;
  }

  /** The job that was asked for last on a card. */
  CardEstimate on(Optional<Gpu> gpu) {
    Kept known = Objects.requireNonNull(last);
    return known.cards.computeIfAbsent(gpu, known.job::on);
  }

  /** What decides an estimate: the values without the places they are from. */
  private static Map<JobKey, Object> key(JobDocument document) {
    Map<JobKey, Object> key = new EnumMap<>(JobKey.class);
    document
        .entries()
        .forEach(
            (name, entry) -> {
              if (name != JobKey.GPU && !RowEstimator.DATA.contains(name)) {
                key.put(name, entry.value());
              }
            });
    return key;
  }
}
