package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.GIGA;
import static dev.vramcast.core.units.Multiples.MICRO;

import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.hardware.Gpu;
import java.util.Arrays;

/**
 * An all-reduce of so few bytes that what it waits for counts, as one token of each of some
 * sequences needs. NCCL reckons how long each of its ways takes and goes the shortest: these are
 * constants and formulas of NCCL 2.30 (NVIDIA/nccl, src/graph/tuning.cc, ncclTopoTuneModel) for a
 * tree and a ring of its protocol LL and for a ring of Simple. Its protocol LL128, NVLink SHARP
 * (NVLS), and what it corrects by the number of bytes are left out. Two cards that are peers over
 * PCIe, which vLLM and SGLang add up by {@link CustomAllReduce} too, are NCCL's here: no source
 * says how long these take.
 *
 * @param ranks of all machines, at least 2
 * @param machines among which they are spread evenly
 * @param most bytes a second of protocol LL, whatever the links carry
 */
public record SmallReduction(int ranks, int machines, Links links, double most) {

  /** What trees reach of the links. */
  private static final double REACHED = 0.92;

  /** Half of a tree's links carry a rank's bytes up, and half down. */
  private static final double UP_AND_DOWN = 0.5;

  /** GB/s of protocol LL ({@code llMaxBws}) in one machine, by the generation of its cards. */
  private enum LowLatency {
    VOLTA(39),
    AMPERE(87.7),
    HOPPER(141),
    BLACKWELL(282);

    /** Of two machines and of more, whose processors are of Intel. */
    private static final double OF_TWO = 39;

    private static final double OF_MORE = 20.4;

    private final double rate;

    LowLatency(double rate) {
      this.rate = rate;
    }

    private static LowLatency of(Capability capability) {
      if (capability.isAtLeast(10, 0)) {
        return BLACKWELL;
      }
      if (capability.isAtLeast(9, 0)) {
        return HOPPER;
      }
      return capability.isAtLeast(8, 0) ? AMPERE : VOLTA;
    }
  }

  /** Microseconds: before the first step, of a step over each kind of link, and to launch one. */
  private enum Way {
    TREE_LL(6.8, 0.6, 1.0, 5.0, 0, 1 / 3.8),
    RING_LL(6.6, 0.6, 1.0, 2.7, 1.0, 0.5),
    RING_SIMPLE(8.4, 3.4, 5.7, 14.0, 3.0, 1);

    private final double start;
    private final double nvlink;
    private final double pcie;
    private final double network;
    private final double launch;
    private final double share;

    Way(double start, double nvlink, double pcie, double network, double launch, double share) {
      this.start = start;
      this.nvlink = nvlink;
      this.pcie = pcie;
      this.network = network;
      this.launch = launch;
      this.share = share;
    }
  }

  /** Among GPUs of a kind; those of other makers than NVIDIA are taken to wait as long. */
  public static SmallReduction of(Gpu gpu, int ranks, int machines, Links links) {
    LowLatency known = gpu.generation().capability().map(LowLatency::of).orElse(LowLatency.AMPERE);
    double most =
        machines == 1 ? known.rate : machines == 2 ? LowLatency.OF_TWO : LowLatency.OF_MORE;
    return new SmallReduction(ranks, machines, links, GIGA * most);
  }

  /** Seconds of so many bytes, which every rank has. */
  public double seconds(double bytes) {
    return Arrays.stream(Way.values())
        .mapToDouble(way -> MICRO * latency(way) + bytes / rate(way))
        .min()
        .orElseThrow();
  }

  private double latency(Way way) {
    double step = links.switched() ? way.nvlink : way.pcie;
    if (way == Way.TREE_LL) {
      double up = ((double) ranks / machines - 1) * step + log2(machines) * way.network;
      return way.start + 2 * up;
    }
    int between = 2 * (machines - 1);
    double within = machines > 1 ? Math.max(step, way.launch) : step;
    return way.start + (2 * (ranks - 1) - between) * within + between * way.network;
  }

  /** Of a rank's own bytes, each of which goes around a ring nearly twice. */
  private double rate(Way way) {
    double bus = machines > 1 ? Math.min(links.alone(), links.ring(true, 1)) : links.alone();
    if (way == Way.TREE_LL) {
      return UP_AND_DOWN * Math.min(way.share * REACHED * bus, most);
    }
    double carried = way == Way.RING_LL ? Math.min(way.share * bus, most) : bus;
    return carried * ranks / (2.0 * (ranks - 1));
  }

  private static int log2(int machines) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(machines);
  }
}
