package dev.vramcast.core.job;

import java.util.OptionalLong;

/**
 * How PyTorch's caching allocator is set up ({@code PYTORCH_ALLOC_CONF}).
 *
 * @param expandableSegments segments that grow instead of new ones beside them
 * @param maxSplitBytes {@code max_split_size_mb}: larger blocks are not split; empty splits all
 */
public record AllocatorSettings(boolean expandableSegments, OptionalLong maxSplitBytes) {

  /** What PyTorch does without settings. */
  public static final AllocatorSettings DEFAULT =
      new AllocatorSettings(false, OptionalLong.empty());
}
