package dev.tunefit.catalog.gpu;

import dev.tunefit.core.hardware.Gpu;
import java.util.Optional;

/**
 * The device a text names.
 *
 * @param count how many, 1 when the text does not say
 * @param assumption what the text left open and how it was read, for the user to see
 */
public record GpuMatch(Gpu gpu, int count, Optional<String> assumption) {}
