package dev.vramcast.formats.training.run;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The most examples that a run passes over, where its file takes no more than some of a data set:
 * what its hours and dollars count, unless the user says how many there are. It is read behind the
 * passes, and counts only where these end the run.
 */
public final class ExampleLimit {

  /** Of ms-swift: {@code AI-ModelScope/alpaca-gpt4-data-zh#500}. */
  private static final Pattern COUNTED = Pattern.compile(".{1,500}#(\\d{1,9})");

  private static final String MOST = "at most ";

  private ExampleLimit() {}

  /**
   * So many of each of the data sets that a key lists.
   *
   * @param limit the key of the number; below 1 there is no limit
   */
  public static void ofEach(JobBuilder job, String limit, String dataSets) {
    ofSeveral(job, () -> count(job, dataSets), limit);
  }

  /**
   * So many of all data together.
   *
   * @param names of the key, of which the first that is there counts
   */
  public static void ofAll(JobBuilder job, String... names) {
    ofSeveral(job, () -> 1, names);
  }

  private static void ofSeveral(JobBuilder job, IntSupplier dataSets, String... names) {
    job.reads(
        List.of(JobKey.EXAMPLES),
        () ->
            job.any(names)
                .filter(most -> most.number().signum() > 0)
                .ifPresent(
                    most -> put(job, most, (long) most.whole() * dataSets.getAsInt(), MOST)));
  }

  /**
   * What stands behind the name of each data set, where it does behind all. Of one that has fewer
   * rows they are taken again (ms-swift 4.6.0 dataset/utils.py sample_dataset).
   */
  public static void behindNames(JobBuilder job, String dataSets) {
    job.reads(
        List.of(JobKey.EXAMPLES),
        () -> job.get(dataSets).ifPresent(names -> behindNames(job, names)));
  }

  private static void behindNames(JobBuilder job, Setting names) {
    List<Optional<Long>> each = names.words().stream().map(ExampleLimit::behind).toList();
    if (each.stream().allMatch(Optional::isPresent)) {
      put(job, names, each.stream().flatMap(Optional::stream).mapToLong(Long::longValue).sum(), "");
    }
  }

  private static Optional<Long> behind(String name) {
    Matcher counted = COUNTED.matcher(name);
    return counted.matches() ? Optional.of(Long.parseLong(counted.group(1))) : Optional.empty();
  }

  private static int count(JobBuilder job, String dataSets) {
    return Math.max(1, job.get(dataSets).map(names -> names.words().size()).orElse(1));
  }

  private static void put(JobBuilder job, Setting limit, long examples, String most) {
    boolean told =
        Stream.of(JobKey.STEPS, JobKey.TOKENS, JobKey.EXAMPLES, JobKey.DATA_FILE)
            .anyMatch(job::has);
    if (told || !job.has(JobKey.EPOCHS) || examples == 0) {
      return;
    }
    job.put(JobKey.EXAMPLES, examples, limit);
    job.assume(
        limit,
        limit.key() + " is " + limit.shown() + ": a run has " + most + examples + " examples; ",
        JobKey.EXAMPLES,
        " says how many there are");
  }
}
