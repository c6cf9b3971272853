package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.ResolvedJob;

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

  /**
   * That of a job whose own settings say more: TransformerEngine's linears, whose kernels scale and
   * turn in one pass, and in torchao's float8, once torch.compile has put scaling into the kernels
   * around products. Without it the products are counted in the precision of the job, since scaling
   * passes over each operand several times.
   */
  public MatmulType of(ResolvedJob job) {
    boolean narrow =
        job.linears().areEngines() || job.linears() == NarrowLinears.TORCHAO && job.compile();
    boolean four = job.linears() == NarrowLinears.ENGINE_FP4;
    return this == PRECISION && narrow ? four ? NVFP4 : FP8 : this;
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
