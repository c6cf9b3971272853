package dev.vramcast.core.range;

/**
 * A range with what it rests on.
 *
 * @param key what the nearest runs have in common with the job
 * @param runs of these; of counted ones only where there are no real ones
 * @param sources that published them
 * @param met whether there are runs of the job's own framework, or its code was counted
 * @param framework of the job
 * @param errors of runs like the job
 */
public record RangeRow(
    RangeKey key,
    int runs,
    int sources,
    boolean met,
    String framework,
    ErrorDistribution errors,
    ErrorRange range) {

  /** The runs in words, e.g. {@code allocated, trl, dense, FSDP, sft}. */
  public String words() {
    if (!met) {
      return "no run of " + framework + ": wide, by " + key.words();
    }
    boolean near = !(key.frameworks() instanceof RangeKey.Frameworks.Any);
    return near ? key.words() : key.words() + ", none of " + framework;
  }

  /** The chance that so many bytes are enough when {@code bytes} are estimated. */
  public double chance(long bytes, long usableBytes) {
    return errors.chanceBelow((double) usableBytes / bytes);
  }
}
