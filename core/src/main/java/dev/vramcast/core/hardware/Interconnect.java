package dev.vramcast.core.hardware;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a device reaches the others in its node.
 *
 * @param link by which it reaches all of them
 * @param bridge to one or three of them, which the device may have beside the link
 * @param peerAccess whether the driver lets a device map the memory of a peer, without which
 *     buffers lie in the host's memory
 * @param description for people, e.g. {@code NVLink4 + NVSwitch}
 */
public record Interconnect(
    Link link, Optional<Link> bridge, boolean peerAccess, String description) {

  /** To the nearest peer, one direction, 10^9 bytes a second; empty when not known. */
  public OptionalDouble gigabytesPerSecond() {
    return bridge.orElse(link).gigabytesPerSecond();
  }
}
