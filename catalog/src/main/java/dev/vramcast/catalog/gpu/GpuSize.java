package dev.vramcast.catalog.gpu;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobDocument;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A size of memory by which alone somebody names a card, as cards are sold: {@code 24GB}, {@code
 * 24G}, {@code dual 24GB}, {@code 24GB:2}.
 *
 * @param number how much
 * @param unit {@code GB} or {@code GiB}
 * @param count how many cards; empty where the text does not say
 */
public record GpuSize(int number, String unit, OptionalInt count) {

  private static final int LONGEST = 60;

  private static final String SIZE = "(\\d{1,4})\\s*(gb|gib|g)";

  private static final Pattern ALONE = Pattern.compile(SIZE);

  /** What people say around a size, and names no card. */
  private static final Pattern AROUND =
      Pattern.compile(
          "^(?:(?:an?|my|the|one|gpu|card|with)\\s+)+"
              + "|(?:\\s*(?:of\\s+)?(?:vram|gpu|card|memory|graphics|video))+$");

  /** A number before a size is none of a name. */
  private static final Pattern COUNT_BEFORE =
      Pattern.compile("(\\d{1,6})\\s*[x*]\\s*(" + SIZE + ")");

  /**
   * Reads a text; empty where it says more than a size, or a range of them.
   *
   * @throws InputException when its count is out of range
   */
  public static Optional<GpuSize> of(String text) {
    String plain = text.strip().toLowerCase(Locale.ROOT);
    if (plain.length() > LONGEST) {
      return Optional.empty();
    }
    plain = AROUND.matcher(plain).replaceAll("");
    Matcher before = COUNT_BEFORE.matcher(plain);
    CountedGpu counted =
        CountedGpu.of(before.matches() ? before.group(2) + ":" + before.group(1) : plain);
    Matcher alone = ALONE.matcher(counted.name());
    return alone.matches()
        ? Optional.of(
            new GpuSize(
                Integer.parseInt(alone.group(1)),
                alone.group(2).equals("gib") ? "GiB" : "GB",
                counted.count()))
        : Optional.empty();
  }

  /** Without the count. */
  public String text() {
    return number + unit;
  }

  /**
   * The job with that many GPUs, where a count is given.
   *
   * @throws InputException when the job has another count already
   */
  public JobDocument counted(JobDocument job) {
    return GpuMatch.counted(job, count);
  }
}
