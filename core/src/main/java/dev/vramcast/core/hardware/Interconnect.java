package dev.vramcast.core.hardware;

import java.util.OptionalDouble;

/**
 * How a device reaches the others in its node.
 *
 * @param description e.g. {@code NVLink4 + NVSwitch}
 * @param gigabytesPerSecond to its peers, one direction, 10^9 bytes a second; empty when not known
 */
public record Interconnect(String description, OptionalDouble gigabytesPerSecond) {}
