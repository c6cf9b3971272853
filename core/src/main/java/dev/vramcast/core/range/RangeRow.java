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
 * @param settled bytes of the estimate that a setting says, and so are no estimate
 */
public record RangeRow(
    RangeKey key,
    int runs,
    int sources,
    boolean met,
    String framework,
    ErrorDistribution errors,
    ErrorRange range,
    long settled) {

  /** The same, where so many bytes of the estimate are a setting: an engine's share of a card. */
  public RangeRow beside(long bytes) {
    return new RangeRow(key, runs, sources, met, framework, errors, range, bytes);
  }

  /** The runs in words, e.g. {@code allocated, trl, dense, FSDP, sft}. */
  public String words() {
    if (!met) {
      return "no run of " + framework + ": wide, by " + key.words();
    }
    boolean near = !(key.frameworks() instanceof RangeKey.Frameworks.Any);
    return near ? key.words() : key.words() + ", none of " + framework;
  }

  /** The range of the truth when {@code bytes} are estimated. */
  public ByteRange about(long bytes) {
    long sure = Math.min(settled, bytes);
    ByteRange rest = range.about(bytes - sure);
    return new ByteRange(sure + rest.lowBytes(), sure + rest.highBytes());
  }

  /** The chance that so many bytes are enough when {@code bytes} are estimated. */
  public double chance(long bytes, long usableBytes) {
    if (settled >= bytes) {
      return usableBytes >= bytes ? 1 : 0;
    }
    return errors.chanceBelow((double) (usableBytes - settled) / (bytes - settled));
  }
}
