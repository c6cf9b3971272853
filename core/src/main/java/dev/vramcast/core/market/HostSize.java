package dev.vramcast.core.market;

import java.util.OptionalLong;

/**
 * What a machine has beside its GPUs.
 *
 * @param memoryBytes empty where the list does not say
 * @param diskBytes empty where the list does not say
 */
public record HostSize(OptionalLong memoryBytes, OptionalLong diskBytes) {

  /** A list that says nothing of it. */
  public static final HostSize UNKNOWN = new HostSize(OptionalLong.empty(), OptionalLong.empty());
}
