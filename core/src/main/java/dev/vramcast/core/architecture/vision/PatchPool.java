package dev.vramcast.core.architecture.vision;

/**
 * Averages of squares of patches behind a tower's last layer, in fp32, without those of padding
 * (transformers Gemma4VisionPooler, Gemma4VisionModel.forward).
 *
 * @param side of a square in patches
 * @param standardised bias and scale of the whole tower follow
 */
public record PatchPool(int side, boolean standardised) {}
