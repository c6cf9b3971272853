package dev.vramcast.core.run;

import dev.vramcast.core.hardware.Capability;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Interconnect;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.Parallelism;
import java.util.Optional;

/**
 * What NCCL holds on a GPU, outside PyTorch's allocator: for each group of ranks that talk to each
 * other a buffer for every channel of every connection on which it receives. A process group opens
 * its communicator with the first collective; one GPU has none.
 */
final class Communicators {

  /**
   * {@code NCCL_LL_LINES_PER_THREAD * NCCL_LL_MAX_NTHREADS * NCCL_STEPS * 16}, the low-latency
   * protocol (NCCL, src/include/device.h and src/init.cc computeBuffSizes).
   */
  private static final long LL = 8 * 512 * 8 * 16;

  /** {@code NCCL_LL128_ELEMS_PER_THREAD * NCCL_LL128_MAX_NTHREADS * NCCL_STEPS * 8}. */
  private static final long LL128 = 120 * 640 * 8 * 8;

  /** {@code DEFAULT_BUFFSIZE}, the protocol for bandwidth. */
  private static final long SIMPLE = 4L << 20;

  private static final long CONNECTION = LL + LL128 + SIMPLE;

  /**
   * {@code NCCL_NVLS_CHUNKSIZE * NCCL_STEPS}, once up and once down for each rank of a node: what
   * an all-reduce in the switch takes a channel (src/transport/nvls.cc).
   */
  private static final long NVLS = 2 * 8 * (128L << 10);

  /** In a ring a rank receives from one neighbour, in a tree from the other one too. */
  private static final int NEIGHBOURS = 2;

  private final Parallelism degrees;
  private final Interconnect interconnect;
  private final Optional<Capability> capability;

  private Communicators(Parallelism degrees, Gpu gpu) {
    this.degrees = degrees;
    this.interconnect = gpu.interconnect();
    this.capability = gpu.generation().capability();
  }

  /** Bytes for all groups of one rank; none where the GPU is unknown or has another library. */
  static long bytes(Parallelism degrees, Optional<Gpu> gpu) {
    return gpu.filter(card -> card.vendor() == Vendor.NVIDIA)
        .map(card -> new Communicators(degrees, card).sum())
        .orElse(0L);
  }

  private long sum() {
    return switch (degrees.strategy()) {
          case NONE -> 0;
          case DDP -> reducing(degrees.replicate());
          case FSDP1, FSDP2, ZERO1, ZERO2, ZERO3, MEGATRON ->
              connected(degrees.shard(), NEIGHBOURS) + reducing(degrees.replicate());
        }
        + reducing(degrees.tensor())
        + connected(degrees.pipeline(), NEIGHBOURS)
        + connected(degrees.context(), NEIGHBOURS)
        + connected(degrees.expert(), degrees.expert());
  }

  /** Buffers of a group in which every rank receives from so many others at most. */
  private long connected(int ranks, int peers) {
    return (long) channels() * Math.min(peers, ranks - 1) * CONNECTION;
  }

  /** A group that sums over its ranks. */
  private long reducing(int ranks) {
    if (ranks == 1) {
      return 0;
    }
    int inNode = Math.min(ranks, Math.max(1, degrees.gpus() / degrees.nodes()));
    long inSwitch = sumsInSwitch() && inNode > 2 ? (long) channels() * inNode * NVLS : 0;
    return connected(ranks, NEIGHBOURS) + inSwitch;
  }

  /** Without peer access the buffers lie in host memory (src/transport/shm.cc). */
  private int channels() {
    return interconnect.peerAccess() ? interconnect.link().channels() : 0;
  }

  /** NVLink SHARP is there from Hopper on (src/graph/search.cc, ncclTopoCompute: ccMin). */
  private boolean sumsInSwitch() {
    return interconnect.link().kind() == Link.Kind.NVSWITCH
        && capability.filter(each -> each.isAtLeast(9, 0)).isPresent();
  }
}
