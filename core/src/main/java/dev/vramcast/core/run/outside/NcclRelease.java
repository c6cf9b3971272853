package dev.vramcast.core.run.outside;

import static dev.vramcast.core.units.Multiples.MIB;

import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.units.Version;

/**
 * What a communicator of one release of NCCL takes that others do not, for the release that the
 * wheels of a PyTorch release require: 2.1 has 2.18.1, 2.2 has 2.19.3, 2.3 and 2.4 have 2.20.5, 2.5
 * and 2.6 have 2.21.5, 2.7 has 2.26.2, 2.8 to 2.10 have 2.27, 2.11 has 2.28.9, 2.12 and 2.13 have
 * 2.29.7, 2.14 has 2.30.7 ({@code Requires-Dist} of torch).
 *
 * @param mapsPages memory comes from cuMemCreate, of which the least is a page of 2 MiB
 *     (src/include/alloc.h, from 2.19 on)
 * @param connectsAtStart rings, trees, the switch and the network's buffers are set up with the
 *     communicator, and not when a collective first needs them (src/init.cc runtimeConn, from 2.22
 *     on)
 * @param switchChunk bytes a channel and GPU of the node that NVLink SHARP takes
 *     (src/transport/nvls.cc)
 * @param switchRings NVLink SHARP has as many channels as the rings, and not its own number
 */
record NcclRelease(
    boolean mapsPages, boolean connectsAtStart, long switchChunk, boolean switchRings) {

  static NcclRelease of(Version torch) {
    boolean sums = torch.atLeast(2, 1);
    boolean later = torch.atLeast(2, 7);
    long chunk = !sums ? 0 : later ? 2 : torch.atLeast(2, 5) ? 6 : 12;
    return new NcclRelease(torch.atLeast(2, 2), !later, chunk * MIB, torch.atLeast(2, 3) && !later);
  }

  /** Bytes of NVLink SHARP among so many GPUs of one node. */
  long switchBytes(Link.Channels channels, int gpus) {
    int count = switchRings ? channels.node() : channels.inSwitch();
    return count * switchChunk * gpus;
  }
}
