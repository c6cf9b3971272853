package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.Link;

/**
 * What the links between the GPUs of a job carry, in bytes a second and direction.
 *
 * @param within one machine, beside other work
 * @param alone within one machine, while nothing else runs
 * @param switched whether that is NVLink or its like, which reaches every GPU at full speed
 * @param rough whether GPUs only reach each other through the host's memory
 */
public record Links(double within, double alone, boolean switched, boolean rough) {

  private static final double GIGA = 1e9;

  /**
   * The links of a GPU.
   *
   * @param copiesItself the framework copies between cards itself, and so as fast as PCIe allows
   */
  public static Links of(Gpu gpu, boolean copiesItself) {
    Link link = gpu.interconnect().link();
    double stated = link.gigabytesPerSecond().orElse(0) * GIGA;
    if (link.reachesAll()) {
      return new Links(
          Coefficients.NVLINK * stated, Coefficients.NVLINK_ALONE * stated, true, false);
    }
    boolean peers = reachesPeers(gpu) || copiesItself;
    double pcie = peers ? Coefficients.PCIE : Coefficients.PCIE_THROUGH_HOST;
    double reached = stated > 0 ? Math.min(pcie, stated) : pcie;
    return new Links(reached, reached, false, !peers);
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
    return rough ? 0 : Coefficients.OVERLAP;
  }

  /**
   * Along a ring of data-parallel ranks. The rings of one machine share its network.
   *
   * @param ranksPerRing neighbours of a rank that hold other parts of the model
   */
  public double ring(boolean crossesMachines, int ranksPerRing) {
    int shared = Math.min(Coefficients.GPUS_PER_MACHINE, ranksPerRing);
    double network = Coefficients.NETWORK * Coefficients.GPUS_PER_MACHINE / shared;
    return crossesMachines ? Math.min(within, network) : within;
  }
}
