package dev.vramcast.formats.pickle;

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

  private static final long MOST_BYTES = 512L << 20;
  private static final int LONGEST_TEXT = 1 << 20;
  private static final int MOST_CONTAINERS = 4_000_000;
  private static final long MOST_ITEMS = 64_000_000;
  private static final int MOST_OPEN = 100_000;

  /** An entry of a hash table with its number; a table with the head of its map. */
  private static final int ITEM_BYTES = 64;

  private static final int CONTAINER_BYTES = 128;

  /**
   * What a snapshot of half a million events needs, or less where that would fill a heap: half of
   * it may go to items, a quarter to containers.
   *
   * @param heapBytes the most that the Java heap may grow to
   */
  public static PickleBounds forHeap(long heapBytes) {
    return new PickleBounds(
        MOST_BYTES,
        LONGEST_TEXT,
        (int) Math.min(MOST_CONTAINERS, heapBytes / 4 / CONTAINER_BYTES),
        Math.min(MOST_ITEMS, heapBytes / 2 / ITEM_BYTES),
        MOST_OPEN);
  }
}
