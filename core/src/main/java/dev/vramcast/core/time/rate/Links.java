package dev.vramcast.core.time.rate;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import java.util.OptionalDouble;

/**
 * What the links between the GPUs of a job carry, in bytes a second and direction.
 *
 * @param within one machine, beside other work
 * @param alone within one machine, while nothing else runs
 * @param switched whether that is NVLink or its like, which reaches every GPU at full speed
 * @param rough whether GPUs only reach each other through the host's memory
 * @param outside what lies behind one machine, and what hides behind computing
 */
public record Links(double within, double alone, boolean switched, boolean rough, Outside outside) {

  /**
   * Rates outside a machine's own links.
   *
   * @param host between a GPU and the memory of its machine
   * @param network between machines, for each GPU
   * @param overlap of computing or launching, the part that communication can hide behind
   */
  public record Outside(double host, double network, double overlap) {

    private static Outside of(Link link, SpeedCoefficients all) {
      return new Outside(
          GIGA * all.of(SpeedCoefficient.PCIE),
          GIGA * all.of(SpeedCoefficient.NETWORK) * link.networkGigabytesPerSecond(),
          all.of(SpeedCoefficient.OVERLAP));
    }
  }

  private static final double BITS_A_BYTE = 8;

  /**
   * The links of a GPU.
   *
   * @param copiesItself the framework copies between cards itself, and so as fast as PCIe allows
   */
  public static Links of(Gpu gpu, boolean copiesItself) {
    SpeedCoefficients all = gpu.throughput().coefficients();
    Link link = gpu.interconnect().link();
    Outside outside = Outside.of(link, all);
    double stated = link.gigabytesPerSecond().orElse(0) * GIGA;
    if (link.reachesAll()) {
      return new Links(
          all.of(SpeedCoefficient.NVLINK) * stated,
          Coefficients.NVLINK_ALONE * stated,
          true,
          false,
          outside);
    }
    boolean peers = reachesPeers(gpu) || copiesItself;
    double pcie = peers ? outside.host() : Coefficients.PCIE_THROUGH_HOST;
    double reached = stated > 0 ? Math.min(pcie, stated) : pcie;
    return new Links(reached, reached, false, !peers, outside);
  }

  /**
   * The same where machines have so much to each other: NCCL's rings divide it among their GPUs,
   * and none is faster than what the runs of the fit reached.
   *
   * @param bits a second of a machine; empty for the network of those runs
   */
  public Links over(OptionalDouble bits) {
    if (bits.isEmpty()) {
      return this;
    }
    double each = bits.getAsDouble() / BITS_A_BYTE / Coefficients.GPUS_PER_MACHINE;
    Outside slower =
        new Outside(outside.host(), Math.min(outside.network(), each), outside.overlap());
    return new Links(within, alone, switched, rough, slower);
  }

  /**
   * Whether NCCL copies from card to card. It does on server cards; on consumer and workstation
   * boards, runs show a tenth of what PCIe has.
   */
  private static boolean reachesPeers(Gpu gpu) {
    return gpu.gpuClass() == GpuClass.DATACENTER;
  }

  /** Of the time that a GPU computes, the part that copies between GPUs can hide behind. */
  public double overlap() {
    return rough ? 0 : outside.overlap();
  }

  /** Among so many neighbours, while nothing else runs. */
  public double among(int ranks) {
    return ranks > Coefficients.GPUS_PER_MACHINE ? Math.min(alone, outside.network()) : alone;
  }

  /**
   * Along a ring of data-parallel ranks. The rings of one machine share its network.
   *
   * @param ranksPerRing neighbours of a rank that hold other parts of the model
   */
  public double ring(boolean crossesMachines, int ranksPerRing) {
    int shared = Math.min(Coefficients.GPUS_PER_MACHINE, ranksPerRing);
    double network = outside.network() * Coefficients.GPUS_PER_MACHINE / shared;
    return crossesMachines ? Math.min(within, network) : within;
  }
}
