package dev.vramcast.core.plan.machine;

import dev.vramcast.core.hardware.Gpu;

/** What is to run somewhere. */
public interface Workload {

  /** What becomes of it on one machine with so many GPUs. */
  Outcome on(Gpu gpu, int count);
}
