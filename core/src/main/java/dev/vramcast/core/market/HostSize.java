package dev.vramcast.core.market;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a machine has beside its GPUs.
 *
 * @param memoryBytes empty where the list does not say
 * @param diskBytes empty where the list does not say
 * @param networkBits a second that it has to machines of its kind; empty where the list does not
 *     say
 */
public record HostSize(
    OptionalLong memoryBytes, OptionalLong diskBytes, OptionalDouble networkBits) {

  /** A list that says nothing of it. */
  public static final HostSize UNKNOWN = new HostSize(OptionalLong.empty(), OptionalLong.empty());

  /** A machine of whose network a list does not say. */
  public HostSize(OptionalLong memoryBytes, OptionalLong diskBytes) {
    this(memoryBytes, diskBytes, OptionalDouble.empty());
  }

  /** The same on a network. */
  public HostSize over(OptionalDouble bits) {
    return new HostSize(memoryBytes, diskBytes, bits);
  }

  /** Whether nothing is known of its memory and its disk. */
  public boolean isUnknown() {
    return memoryBytes.isEmpty() && diskBytes.isEmpty();
  }
}
