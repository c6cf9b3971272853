package dev.vramcast.core.run.outside;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.core.hardware.Link;

/**
 * What one NCCL communicator holds on each of its GPUs, outside PyTorch's allocator. Both ends of a
 * connection allocate and both are aligned to 2 MiB (src/transport/p2p.cc, p2pSendSetup and
 * p2pRecvSetup): the receiver 4 KiB, LL 512 KiB, LL128 4.6875 MiB and Simple 4 MiB, the sender 4
 * KiB; NVIDIA/nccl#1685 prints these sizes.
 *
 * @param ranks GPUs that talk to each other
 * @param inNode how many of them are in one machine
 * @param peers to which a rank sends or from which it receives outside of collectives
 */
record Communicator(int ranks, int inNode, Traffic traffic, int peers) {

  /** What is sent over it. */
  enum Traffic {
    /** From rank to rank alone. */
    SENDS,
    /** Shards are gathered and scattered; what is summed is small, as the gradients' norm. */
    SHARDS,
    /** Gradients or activations are summed, for which there is NVLink SHARP. */
    SUMS
  }

  /** 10 MiB of the receiver and 2 MiB of the sender. */
  private static final long CONNECTION = 12 * MIB;

  /** Three structures a channel (src/channel.cc), each on a page of its own. */
  private static final long PAGES_A_CHANNEL = 3 * 2 * MIB;

  /** Of the communicator itself: abort flags, work queue, proxies. */
  private static final long PAGES = 7 * 2 * MIB;

  /** {@code NCCL_STEPS * 2}: slots of the shared buffer of the network (src/transport/net.cc). */
  private static final long NETWORK_SLOTS = 16;

  /** {@code NCCL_P2P_NVL_CHUNKSIZE}: of a send where all GPUs are joined by NVLink. */
  private static final long CHUNK_NVLINK = 512 << 10;

  /** {@code NCCL_P2P_PCI_CHUNKSIZE}, {@code NCCL_P2P_NET_CHUNKSIZE}: else. */
  private static final long CHUNK = 128 << 10;

  /** Bytes on one GPU. */
  long bytes(Link link, boolean peerAccess, boolean sumsInSwitch, NcclRelease release) {
    if (ranks <= 1) {
      return 0;
    }
    Link.Channels channels = link.channels();
    boolean collects = release.connectsAtStart() || traffic != Traffic.SENDS;
    long collectives = collects ? rings(channels) + trees(channels) : 0;
    long connected = peerAccess ? collectives + sends(channels) : 0;
    long inSwitch =
        sumsInSwitch && inNode > 2 && (release.connectsAtStart() || traffic == Traffic.SUMS)
            ? release.switchBytes(channels, inNode)
            : 0;
    return fixed(link, release) + connected + inSwitch;
  }

  private long fixed(Link link, NcclRelease release) {
    Link.Channels channels = link.channels();
    int all = Math.max(collectives(channels), channels.pointToPoint());
    long pages = release.mapsPages() && all > 0 ? all * PAGES_A_CHANNEL + PAGES : 0;
    boolean network = release.connectsAtStart() || peers > 0;
    long chunk = link.isNvlink() && ranks == inNode ? CHUNK_NVLINK : CHUNK;
    return pages + (network ? channels.pointToPoint() * NETWORK_SLOTS * chunk : 0);
  }

  /** A ring sends to the next rank and receives from the one before. */
  private long rings(Link.Channels channels) {
    return collectives(channels) * CONNECTION;
  }

  /**
   * A tree goes the other way to the same neighbours, in half of the channels: 144 MiB on four A100
   * with 24 channels (NVIDIA/nccl#964); two ranks have all of it in their ring.
   */
  private long trees(Link.Channels channels) {
    return ranks > 2 ? collectives(channels) * CONNECTION / 2 : 0;
  }

  private long sends(Link.Channels channels) {
    int near = Math.min(peers, inNode - 1);
    int far = Math.min(peers, ranks - 1) - near;
    return (near * (long) channels.perPeer() + far) * CONNECTION;
  }

  private int collectives(Link.Channels channels) {
    return ranks == inNode ? channels.node() : channels.nodes();
  }
}
