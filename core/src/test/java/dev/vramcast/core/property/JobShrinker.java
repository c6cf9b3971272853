package dev.vramcast.core.property;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Makes a failing job smaller for as long as it fails in the same way. */
final class JobShrinker {

  /** Jobs that are tried at most, so that a slow law ends too. */
  private static final int TRIES = 2000;

  private final Predicate<JobDocument> about;
  private final Function<JobDocument, Optional<Throwable>> law;
  private int tries;

  JobShrinker(Predicate<JobDocument> about, Function<JobDocument, Optional<Throwable>> law) {
    this.about = about;
    this.law = law;
  }

  /** A job that breaks the law, with how it does so. */
  record Failing(JobDocument job, Throwable failure) {}

  /** The smallest failing job that single changes lead to. */
  Failing shrink(JobDocument job, Throwable failure) {
    Failing smallest = new Failing(job, failure);
    Optional<Failing> smaller = Optional.of(smallest);
    while (smaller.isPresent()) {
      smallest = smaller.get();
      smaller = step(smallest);
    }
    return smallest;
  }

  private Optional<Failing> step(Failing from) {
    return smaller(from.job())
        .takeWhile(job -> tries++ < TRIES)
        .flatMap(job -> failing(job, from.failure()).stream())
        .findFirst();
  }

  private Optional<Failing> failing(JobDocument job, Throwable like) {
    return isMeant(job)
        ? law.apply(job)
            .filter(found -> isSameFailure(found, like))
            .map(found -> new Failing(job, found))
        : Optional.empty();
  }

  private boolean isMeant(JobDocument job) {
    try {
      return about.test(job);
    } catch (RuntimeException e) {
      return false;
    }
  }

  /** Any assertion is as good as another; all else has to be thrown at the same place. */
  private static boolean isSameFailure(Throwable found, Throwable like) {
    return found instanceof AssertionError && like instanceof AssertionError
        || found.getClass() == like.getClass() && Objects.equals(place(found), place(like));
  }

  private static Optional<StackTraceElement> place(Throwable failure) {
    return Stream.of(failure.getStackTrace()).findFirst();
  }

  /** First without one key each, then with a simpler value each. */
  private static Stream<JobDocument> smaller(JobDocument job) {
    List<JobKey> keys = List.copyOf(job.entries().keySet());
    return Stream.concat(
        keys.stream().map(key -> job.without(List.of(key))),
        keys.stream().flatMap(key -> simpler(job, key)));
  }

  private static Stream<JobDocument> simpler(JobDocument job, JobKey key) {
    Object plain = key.kind().plain(job.entries().get(key).value());
    return Simpler.than(plain, key.kind().words()).flatMap(value -> with(job, key, value));
  }

  private static Stream<JobDocument> with(JobDocument job, JobKey key, Object value) {
    try {
      return Stream.of(job.with(key, value, Place.of("shrunk")));
    } catch (InputException e) {
      return Stream.empty();
    }
  }
}
