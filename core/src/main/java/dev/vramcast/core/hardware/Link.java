package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A way from one device to others.
 *
 * @param id e.g. {@code nvlink4-nvswitch}
 * @param gigabytesPerSecond to a peer, one direction, 10^9 bytes a second, as the maker states it;
 *     empty when not known
 * @param networkGigabytesPerSecond between machines whose devices it joins: of the network adapters
 *     that the maker's design has for each device, one direction
 * @param channels of an NCCL communicator over it
 * @param domain devices that it joins across the machines of a rack; empty where it joins those of
 *     one machine
 */
public record Link(
    String id,
    Kind kind,
    OptionalDouble gigabytesPerSecond,
    double networkGigabytesPerSecond,
    Channels channels,
    OptionalInt domain) {

  /**
   * Channels of an NCCL communicator, as {@code NCCL_DEBUG=INFO} prints them: NCCL searches the
   * topology for as many as the links carry (src/graph/search.cc); 0 where NCCL does not run.
   *
   * @param node of collectives, in one machine
   * @param nodes of collectives, over several machines
   * @param inSwitch of NVLink SHARP, which sums in the switch
   * @param pointToPoint of sends and receives, to all peers
   * @param perPeer of sends and receives, to one peer of the same machine
   */
  public record Channels(int node, int nodes, int inSwitch, int pointToPoint, int perPeer) {

    /** Of devices that NCCL does not know. */
    public static final Channels NONE = new Channels(0, 0, 0, 0, 0);
  }

  /** How a link is built. */
  public enum Kind implements Named {
    /** NVLink through switches, each of which may sum what passes it. */
    NVSWITCH("nvswitch"),
    /** NVLink from device to device. */
    NVLINK("nvlink"),
    /** AMD's Infinity Fabric from device to device. */
    XGMI("xgmi"),
    /** Ethernet from device to device, as Gaudi has it. */
    ROCE("roce"),
    /** The slots of the machine. */
    PCIE("pcie"),
    /** A bridge over two or four cards, which rented machines seldom have. */
    BRIDGE("bridge"),
    /** Google's interchip interconnect. */
    ICI("ici");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    @Override
    public String label() {
      return label;
    }
  }

  /** Whether it is NVIDIA's link from device to device. */
  public boolean isNvlink() {
    return kind == Kind.NVSWITCH || kind == Kind.NVLINK;
  }

  /** Whether every device of a machine reaches every other at full speed, beside the PCIe slots. */
  public boolean reachesAll() {
    return switch (kind) {
      case NVSWITCH, NVLINK, XGMI, ROCE -> gigabytesPerSecond.isPresent();
      case PCIE, BRIDGE, ICI -> false;
    };
  }
}
