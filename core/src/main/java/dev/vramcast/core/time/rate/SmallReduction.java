package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.GIGA;

import java.util.Arrays;

/**
 * An all-reduce of so few bytes that what it waits for counts, as one token of each of some
 * sequences needs. NCCL reckons how long each of its ways takes and goes the shortest: this is its
 * reckoning, and its constants (NVIDIA/nccl, src/graph/tuning.cc, ncclTopoTuneModel).
 *
 * @param ranks of all machines, at least 2
 * @param machines among which they are spread evenly
 */
public record SmallReduction(int ranks, int machines, Links links) {

  private static final double MICROSECOND = 1e-6;

  /** Of protocol LL, latencies within a machine where it is one of several. */
  private static final double AMONG_MACHINES = 1.8;

  /** Bytes a second of trees, of up to two machines and of more. */
  private static final double TREE_OF_TWO = 110 * GIGA;

  private static final double TREE_OF_MORE = 80 * GIGA;

  /** What trees reach of the links. */
  private static final double REACHED = 0.9;

  /** Half of a tree's links carry a rank's bytes up, and half down. */
  private static final double UP_AND_DOWN = 0.5;

  /** Microseconds: before the first step, and of a step over each kind of link. */
  private enum Way {
    TREE_LL(4.4, 0.52, 1.0, 5.0, 1 / 3.8),
    RING_LL(3.6, 0.47, 1.0, 2.7, 1.0 / 4),
    RING_SIMPLE(8.4, 3.4, 5.7, 9.6, 1);

    private final double start;
    private final double nvlink;
    private final double pcie;
    private final double network;
    private final double share;

    Way(double start, double nvlink, double pcie, double network, double share) {
      this.start = start;
      this.nvlink = nvlink;
      this.pcie = pcie;
      this.network = network;
      this.share = share;
    }
  }

  /** Seconds of so many bytes, which every rank has. */
  public double seconds(double bytes) {
    return Arrays.stream(Way.values())
        .mapToDouble(way -> MICROSECOND * latency(way) + bytes / rate(way))
        .min()
        .orElseThrow();
  }

  private double latency(Way way) {
    boolean quick = way != Way.RING_SIMPLE;
    double step = links.switched() ? way.nvlink : way.pcie;
    double within = machines > 1 && quick ? AMONG_MACHINES * step : step;
    if (way == Way.TREE_LL) {
      double up = ((double) ranks / machines - 1) * within + log2(machines) * way.network;
      return way.start + 2 * up;
    }
    int between = 2 * (machines - 1);
    return way.start + (2 * (ranks - 1) - between) * within + between * way.network;
  }

  /** Of a rank's own bytes, each of which goes around a ring nearly twice. */
  private double rate(Way way) {
    double bus = machines > 1 ? Math.min(links.alone(), links.ring(true, 1)) : links.alone();
    if (way == Way.TREE_LL) {
      double most = machines > 2 ? TREE_OF_MORE : TREE_OF_TWO;
      return way.share * UP_AND_DOWN * Math.min(REACHED * bus, most);
    }
    return way.share * bus * ranks / (2.0 * (ranks - 1));
  }

  private static int log2(int machines) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(machines);
  }
}
