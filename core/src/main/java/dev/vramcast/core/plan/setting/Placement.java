package dev.vramcast.core.plan.setting;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Gpu;

/**
 * A model on some GPUs.
 *
 * @param gpu decides which kernels run; what a job needs is not held against its memory
 * @param count of all ranks
 */
public record Placement(Architecture architecture, Gpu gpu, int count) {}
