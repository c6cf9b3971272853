package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Named;

/** In which dtype the products of linear layers run; the head keeps the job's own. */
public enum MatmulType implements Named {
  /** As the job's precision says. */
  PRECISION("precision"),
  FP8("fp8"),
  NVFP4("nvfp4");

  private final String label;

  MatmulType(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Whether a GPU has a rate for it. */
  public boolean runsOn(Gpu gpu) {
    return switch (this) {
      case PRECISION -> true;
      case FP8 -> gpu.throughput().fp8Teraflops().isPresent();
      case NVFP4 -> gpu.throughput().nvfp4Teraflops().isPresent();
    };
  }
}
