package dev.vramcast.core.property;

import dev.vramcast.core.job.document.JobDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A law that is held against random jobs. A job that breaks it is shrunk key by key while the law
 * stays broken, and the smallest one is shown as a document, with the commands that run it again.
 *
 * <p>Without more every run tries the same jobs, so that a commit that passed passes again. {@code
 * -Dvramcast.property.seed=N} begins with the job of that seed, which goes looking for new ones,
 * and {@code -Dvramcast.property.percent=P} tries so many of the jobs. With {@code
 * -Dvramcast.property.report=FILE} each law begins with jobs of its own, so that no two laws try
 * the same ones, and adds to the file how many it held against, with its name.
 */
public final class JobProperty {

  /** Jobs that are thrown away for each one that the law is about, at most. */
  private static final int PATIENCE = 200;

  private static final long USUAL_SEED = 1;

  private final Function<Random, JobDocument> generator;
  private final Predicate<JobDocument> about;
  private final int jobs;

  private JobProperty(
      Function<Random, JobDocument> generator, Predicate<JobDocument> about, int jobs) {
    this.generator = generator;
    this.about = about;
    this.jobs = jobs;
  }

  /** A property of the generator's jobs, which depend on the random numbers alone. */
  public static JobProperty forAll(Function<Random, JobDocument> generator) {
    return new JobProperty(generator, document -> true, 1000);
  }

  /** The property of so many jobs. */
  public JobProperty jobs(int number) {
    return new JobProperty(generator, about, number);
  }

  /** The property of those jobs only, before and after they are shrunk. */
  public JobProperty assuming(Predicate<JobDocument> condition) {
    return new JobProperty(generator, about.and(condition), jobs);
  }

  /** Holds the law, which throws where it is broken, against the jobs. */
  public void check(Consumer<JobDocument> law) {
    long seed = Long.getLong("vramcast.property.seed", USUAL_SEED);
    int percent = Integer.getInteger("vramcast.property.percent", 100);
    int wanted = Math.max(1, (int) ((long) jobs * percent / 100));
    String report = System.getProperty("vramcast.property.report", "");
    if (report.isEmpty()) {
      check(law, seed, wanted);
    } else {
      String name = FailedJob.test();
      check(law, seed + ((long) name.hashCode() << Integer.SIZE), wanted);
      add(Path.of(report), wanted + "\t" + name + "\n");
    }
  }

  private static void add(Path report, String line) {
    try {
      Files.writeString(report, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check(Consumer<JobDocument> law, long seed, int wanted) {
    int tried = 0;
    for (int thrown = 0; tried < wanted; thrown++) {
      if (thrown > PATIENCE * wanted) {
        throw new AssertionError("only " + tried + " of " + thrown + " jobs were of the kind");
      }
      JobDocument job = job(seed + thrown);
      if (about.test(job)) {
        tried++;
        Optional<Throwable> failure = failure(law, job);
        if (failure.isPresent()) {
          JobShrinker shrinker = new JobShrinker(about, smaller -> failure(law, smaller));
          throw FailedJob.of(shrinker.shrink(job, failure.get()), job, seed + thrown);
        }
      }
    }
  }

  /** Seeds in a row begin with much the same numbers of {@link Random}, so they are mixed. */
  private JobDocument job(long seed) {
    return generator.apply(new Random(new SplittableRandom(seed).nextLong()));
  }

  private static Optional<Throwable> failure(Consumer<JobDocument> law, JobDocument job) {
    try {
      law.accept(job);
      return Optional.empty();
    } catch (RuntimeException | AssertionError | StackOverflowError e) {
      return Optional.of(e);
    }
  }
}
