package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.allocator.flat.FlatAllocator;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Tells operations of one pool from those of others. As long as the driver refuses nothing, pools
 * have nothing to do with one another, and a processor that sees one at a time foresees more.
 */
final class Lanes {

  private static final int NONE = -1;

  private static final Stream[] STREAMS = Stream.values();

  /** Of the pools whose blocks wait, and of what they wait for; no pool has a lower number. */
  private static final int WAITING = 0;

  /** By pool: its lane. */
  private static final int[] APART = IntStream.range(0, 2 * STREAMS.length).toArray();

  /** As {@link #APART}, but blocks that wait for the same events share a lane. */
  private static final int[] WITH_WAITING =
      IntStream.range(0, APART.length)
          .map(pool -> waits(STREAMS[pool >> 1]) ? WAITING : pool)
          .toArray();

  /**
   * Whether it has to do with what waits: its memory comes from where such blocks do, its blocks
   * are what the process waits for, or it is launched on the stream whose launches end a wait.
   */
  private static boolean waits(Stream stream) {
    return stream.memory() == Stream.COMPUTE
        || stream.isMark()
        || Arrays.stream(STREAMS)
            .anyMatch(other -> other.isReadAside() && other.memory() == stream.memory());
  }

  /** How many there are. */
  static final int COUNT = APART.length;

  private final int[] ofPools;

  /** By place: the lane of the block that was last allocated there. */
  private byte[] from;

  /** By lane; empty until there is something in it. */
  private final int[][] sorted = new int[COUNT][0];

  private final int[] lengths = new int[COUNT];

  /** By lane: where its last allocation is sorted; negative where none is. */
  private final int[] last = new int[COUNT];

  /**
   * No operations.
   *
   * @param streams of all blocks: where one waits for its readers, it waits for launches of the
   *     compute stream too
   */
  Lanes(Stream[] streams) {
    boolean waits = Arrays.stream(streams).anyMatch(Stream::isReadAside);
    this.ofPools = waits ? WITH_WAITING : APART;
    this.from = new byte[256];
    clear();
  }

  private Lanes(Lanes other) {
    this.ofPools = other.ofPools;
    this.from = other.from.clone();
    clear();
  }

  /** As many places in the same lanes. */
  Lanes copy() {
    return new Lanes(this);
  }

  /**
   * The lane of an operation; each is asked for once, in order.
   *
   * @param pools by number of the block
   */
  int of(int place, int number, int[] pools) {
    if (place < 0) {
      return from[~place];
    }
    int lane = ofPools[pools[number]];
    if (place < FlatAllocator.FOR_GOOD) {
      if (place >= from.length) {
        from = Arrays.copyOf(from, Math.max(place + 1, 2 * from.length));
      }
      from[place] = (byte) lane;
    }
    return lane;
  }

  /** Whether each lane is one pool's, as none of their blocks waits for a stream. */
  boolean areApart() {
    return ofPools == APART;
  }

  /** Whether these places are in the same lanes as those. */
  boolean areAs(Lanes other) {
    return Arrays.equals(from, other.from);
  }

  /** Forgets what was sorted. */
  void clear() {
    Arrays.fill(lengths, 0);
    Arrays.fill(last, NONE);
  }

  /** Sorts operations by their lanes, behind those that were sorted before. */
  void sort(int[] piece, int[] pools) {
    int lane = 0;
    int[] into = room(lane, piece.length);
    int at = lengths[lane];
    for (int i = 0; i < piece.length; i += 2) {
      int place = piece[i];
      int next = of(place, piece[i + 1], pools);
      if (next != lane) {
        lengths[lane] = at;
        lane = next;
        into = room(lane, piece.length);
        at = lengths[lane];
      }
      if (place < 0 && endsLast(lane, into, ~place)) {
        continue;
      }
      if (place >= 0) {
        last[lane] = at;
      }
      into[at] = place;
      into[at + 1] = piece[i + 1];
      at += 2;
    }
    lengths[lane] = at;
  }

  /**
   * Whether what is given back is what the lane handed out last, which is then given back at once:
   * only others were given back in between, in whichever order, and the same is free behind them.
   */
  private boolean endsLast(int lane, int[] into, int place) {
    int allocation = last[lane];
    boolean ends = allocation != NONE && into[allocation] == place && areApart();
    if (ends) {
      into[allocation] = FlatAllocator.AT_ONCE;
    }
    return ends;
  }

  /** What is sorted of a lane, with room for so many numbers more. */
  private int[] room(int lane, int more) {
    int least = lengths[lane] + more;
    if (sorted[lane].length < least) {
      sorted[lane] = Arrays.copyOf(sorted[lane], Math.max(least, 2 * sorted[lane].length));
    }
    return sorted[lane];
  }

  /** Operations of a lane, as many as {@link #length} says. */
  int[] sorted(int lane) {
    return sorted[lane];
  }

  /** How many numbers the sorted operations of a lane are. */
  int length(int lane) {
    return lengths[lane];
  }
}
