package dev.tunefit.formats.pickle;

/**
 * How much a pickle may hold.
 *
 * @param bytes of the file
 * @param textBytes of one text
 * @param containers lists, tuples and dictionaries
 * @param items in all of them
 * @param open containers that are begun and not ended, and values that wait for theirs
 */
public record PickleBounds(long bytes, int textBytes, int containers, long items, int open) {

  /**
   * What a snapshot of half a million events needs: a dictionary and a tuple for each, and a list
   * of frames for each place in the code.
   */
  public static final PickleBounds USUAL =
      new PickleBounds(512L << 20, 1 << 20, 4_000_000, 64_000_000, 100_000);
}
