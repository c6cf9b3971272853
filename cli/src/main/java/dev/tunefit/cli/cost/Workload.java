package dev.tunefit.cli.cost;

import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.time.TimeEstimator;
import java.util.Optional;

/** What is to run somewhere. */
public interface Workload {

  /** What becomes of it on one machine with so many GPUs. */
  Outcome on(Gpu gpu, int count);

  /** Why nothing can be said about such GPUs; empty when something can. */
  static Optional<String> unknown(Gpu gpu) {
    return switch (gpu.vendor()) {
      case GOOGLE, INTEL -> Optional.of("runs other code than that which is modelled");
      case NVIDIA, AMD ->
          TimeEstimator.knows(gpu)
              ? Optional.empty()
              : Optional.of("its memory bandwidth or its bf16 rate is not known");
    };
  }
}
