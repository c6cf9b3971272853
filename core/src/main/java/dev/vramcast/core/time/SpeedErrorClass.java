package dev.vramcast.core.time;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.rate.Stack;
import dev.vramcast.core.time.work.ModelWork;

/**
 * Kinds of jobs whose estimates are off by as much. The ends are the 5 % and 95 % quantiles of the
 * measured time for the estimated one, over runs of sources that the coefficients of the estimate
 * were fitted without, each source counted once and runs of other kinds a tenth as much ({@code
 * vramcast validate --fit-time} prints them).
 */
enum SpeedErrorClass {
  TUNED("tuned stacks", 466, 0.76, 1.43),
  LARGE("user stacks, 3B and more, 4,096 tokens a micro-step and more", 146, 0.79, 1.64),
  SMALL("user stacks, smaller models or micro-steps", 55, 0.85, 1.80),
  QLORA("QLoRA in user stacks", 35, 0.81, 1.58),
  TINY("micro-steps of 1,024 tokens and less", 46, 0.76, 1.76),
  /** The upper end, which one run would make 3.6, is that of 122 runs with unstated settings. */
  EXPERTS("MoE by grouped products", 15, 0.61, 1.8),
  /** How long completions are decides, and an engine's own settings, of which no file tells. */
  GENERATED("judgement on generated completions, whose lengths are not known", 0, 0.5, 2.0),
  /** Offloading, PCIe through the host, experts in a loop, devices without runs: a judgement. */
  ROUGH("what few runs are known of", 0, 0.7, 2.5);

  private static final int TINY_TOKENS = 1024;
  private static final int LARGE_TOKENS = 4096;
  private static final double LARGE_MODEL = 3e9;

  private final String words;
  private final int runs;
  private final double low;
  private final double high;

  SpeedErrorClass(String words, int runs, double low, double high) {
    this.words = words;
    this.runs = runs;
    this.low = low;
    this.high = high;
  }

  /**
   * The kind of a job.
   *
   * @param parameters of the model
   * @param looped whether experts run one by one
   */
  static SpeedErrorClass of(
      ResolvedJob job, Gpu gpu, Links links, ModelWork work, double parameters, boolean looped) {
    boolean shares = job.parallelism().gpus() > 1 && links.rough();
    if (job.objective().generated().isPresent()) {
      return GENERATED;
    }
    if (!job.parallelism().offload().isEmpty()
        || shares
        || looped
        || gpu.throughput().reached() == MatmulClass.UNKNOWN) {
      return ROUGH;
    } else if (job.batch().tokens() <= TINY_TOKENS) {
      return TINY;
    } else if (work.isMixtureOfExperts()) {
      return EXPERTS;
    } else if (!Stack.of(job).isUserStack()) {
      return TUNED;
    } else if (Rates.isQuantised(job)) {
      return QLORA;
    }
    boolean large = parameters >= LARGE_MODEL && job.batch().tokens() >= LARGE_TOKENS;
    return large ? LARGE : SMALL;
  }

  /** The range of speeds about an estimate of it. */
  SpeedRange about(double tokensPerSecond) {
    return new SpeedRange(tokensPerSecond / high, tokensPerSecond / low, words, runs);
  }
}
