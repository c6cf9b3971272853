package dev.vramcast.core.job;

import java.util.OptionalLong;

/**
 * How PyTorch's caching allocator is set up ({@code PYTORCH_ALLOC_CONF}).
 *
 * @param expandableSegments segments that grow instead of new ones beside them
 * @param maxSplitBytes {@code max_split_size_mb}: larger blocks are not split; empty splits all
 * @param emptied the loop gives back every few steps what is cached
 */
public record AllocatorSettings(
    boolean expandableSegments, OptionalLong maxSplitBytes, boolean emptied) {

  /** What PyTorch does without settings. */
  public static final AllocatorSettings DEFAULT =
      new AllocatorSettings(false, OptionalLong.empty());

  /** Of a loop that gives nothing back. */
  public AllocatorSettings(boolean expandableSegments, OptionalLong maxSplitBytes) {
    this(expandableSegments, maxSplitBytes, false);
  }
}
