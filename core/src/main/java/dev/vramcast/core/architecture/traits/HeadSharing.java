package dev.vramcast.core.architecture.traits;

/** Where query heads meet the keys and values that they share. */
public enum HeadSharing {
  /** In the attention interface: a kernel takes groups, or keys and values are repeated. */
  INTERFACE,
  /** Falcon's single head is copied out of the fused projection and left to broadcasting. */
  BROADCAST,
  /** Falcon repeats keys and values, and copies queries, where it splits the fused projection. */
  SPLIT
}
