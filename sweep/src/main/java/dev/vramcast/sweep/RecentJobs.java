package dev.vramcast.sweep;

import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The jobs that were estimated last, with the cards they were estimated on. */
final class RecentJobs {

  /** A job keeps its traces, of some hundred kilobytes, so there are few. */
  private static final int MOST = 32;

  private static final class Kept {
    final Map<Optional<Abilities>, JobEstimate> jobs = new HashMap<>();
    final Map<Optional<Gpu>, CardEstimate> cards = new LinkedHashMap<>();

    JobEstimate on(Optional<Gpu> gpu, Supplier<JobEstimate> settle) {
      Optional<Abilities> abilities = gpu.map(Gpu::abilities);
      JobEstimate known = jobs.get(abilities);
      if (known == null) {
        known = settle.get().orSame(jobs.values().stream());
        jobs.put(abilities, known);
      }
      return known;
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

  private @Nullable JobEstimate lastJob;

  /** The job of a document on a card, settled where it is not among the last ones. */
  JobEstimate get(
      JobDocument document,
      Optional<Gpu> gpu,
      BiFunction<JobDocument, Optional<Gpu>, JobEstimate> settle) {
    Map<JobKey, Object> key = key(document);
    Kept known = last;
    if (known == null || !key.equals(lastKey)) {
      known = kept.get(key);
    }
    Kept found = known == null ? new Kept() : known;
    JobEstimate job = found.on(gpu, () -> settle.apply(document, gpu));
    if (found != last) {
      kept.putIfAbsent(key, found);
      lastKey = key;
      last = found;
    }
    lastJob = job;
    return job;
  }

  /** The job that was asked for last on its card. */
  CardEstimate on(Optional<Gpu> gpu) {
    Kept known = Objects.requireNonNull(last);
    return known.cards.computeIfAbsent(gpu, Objects.requireNonNull(lastJob)::on);
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
