package dev.vramcast.core.time;

import static dev.vramcast.core.units.Multiples.MICRO;
import static dev.vramcast.core.units.Multiples.MILLI;

import dev.vramcast.core.code.ModelingCode;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.time.rate.CustomAllReduce;
import dev.vramcast.core.time.rate.EngineKernels;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.rate.SmallReduction;
import dev.vramcast.core.time.rate.Stack;
import dev.vramcast.core.time.work.ModelWork;

/**
 * Tokens that a replica of a model makes one after the other.
 *
 * @param prompt tokens of a prompt
 * @param longest tokens of the longest answer
 * @param mean tokens of an answer
 * @param tensor GPUs of the replica
 */
record Decoding(GenerationTime.Inputs in, double prompt, double longest, double mean, int tensor) {

  /** Bytes of an element of keys, values and hidden states. */
  private static final double HALF = 2;

  /** Row-parallel products of a layer, behind the attention and behind the experts or the MLP. */
  private static final int REDUCTIONS = 2;

  /** Passes of {@code torch.cat}, which makes the cache anew (transformers/cache_utils.py). */
  private static final int GROWN = 2;

  /**
   * Seconds of so many sequences at once, by the modules that train, launched one by one for every
   * token until the longest ends.
   */
  double byTransformers(double sequences) {
    SpeedCoefficients all = in.gpu().throughput().coefficients();
    double adapters =
        in.job().adapter().isPresent() ? all.of(SpeedCoefficient.ADAPTER_LAUNCHES) : 1;
    double launched =
        in.work().layers()
            * Stack.of(in.job()).launchSeconds(in.job().parallelism().strategy(), all)
            * adapters
            * all.of(SpeedCoefficient.DECODE_LAUNCHES);
    double round = round(sequences, trainedBytes(), passes());
    return longest * Math.max(round, launched) + prompts(sequences);
  }

  /** How often Transformers' modules read or write keys and values for a token. */
  private double passes() {
    double heads = Math.max(1, 2 * in.work().queries() / in.work().keys());
    return GROWN + (repeats() && heads > 1 ? 1 + 2 * heads : 1);
  }

  /** Keys and values are written out for every query head, as rows of a batch have masks. */
  private boolean repeats() {
    ModelingCode code = new StepSettings(in.job(), in.model().model().traits()).code();
    return switch (in.job().attention()) {
      case FLASH, FLEX -> code.repeatsBeforeFlash();
      case SDPA -> !code.packsQueries();
      case EAGER -> true;
    };
  }

  /** Bytes to have a weight in the dtype of products: read, unpacked or cast. */
  private double trainedBytes() {
    if (Rates.isQuantised(in.job())) {
      return in.rates().traffic().dequantised();
    }
    double stored = in.job().weightDtype().bytes();
    double compute = in.job().computeDtype().bytes();
    return stored == compute ? stored : stored + 2 * compute;
  }

  /** Seconds of one token of each of so many sequences by kernels that a graph launches. */
  double byEngine(double count, double weightBytes) {
    SpeedCoefficients all = in.gpu().throughput().coefficients();
    double visited = in.model().weights().routed() * (1 - idle(count));
    double kernels =
        EngineKernels.seconds(in.work().layers(), in.model().weights().mixtures())
            + EngineKernels.ofExperts(visited, in.work().hidden());
    return round(count, weightBytes)
        + kernels
        + MILLI * all.of(SpeedCoefficient.ENGINE_STEP)
        + MICRO * all.of(SpeedCoefficient.ENGINE_SEQUENCE) * count;
  }

  /** Seconds of one token of each of so many sequences, for what memory and products give. */
  double round(double count, double weightBytes) {
    return round(count, weightBytes, 1);
  }

  private double round(double count, double weightBytes, double passes) {
    ModelWork work = in.work();
    double read = weightBytes * (work.stored() - work.experts() * idle(count) + work.head());
    double keys = passes * HALF * in.model().kept(prompt + mean / 2, tensor) * count;
    double share = in.gpu().throughput().coefficients().of(SpeedCoefficient.DECODE_MEMORY);
    double memory = (read / tensor + keys) / (share * in.rates().memory());
    double computed = 2 * (work.linear() + work.head()) * count / in.rates().head() / tensor;
    return Math.max(memory, computed) + reduced(count);
  }

  /** All-reduces of hidden states of a token of each sequence, which wait for products. */
  private double reduced(double count) {
    if (tensor == 1) {
      return 0;
    }
    int machines = (int) Math.ceil((double) tensor / Layout.perMachine(in.gpu()));
    SmallReduction each = SmallReduction.of(in.gpu(), tensor, machines, in.links());
    double bytes = HALF * count * in.model().hidden();
    double seconds =
        CustomAllReduce.of(tensor, machines, in.links())
            .flatMap(kernel -> kernel.seconds(bytes))
            .orElseGet(() -> each.seconds(bytes));
    return REDUCTIONS * in.work().layers() * seconds;
  }

  /** Share of experts that no token of so many visits, each of which visits some. */
  private double idle(double count) {
    ModelWork work = in.work();
    if (!work.isMixtureOfExperts()) {
      return 0;
    }
    double visited = (work.linear() - (work.stored() - work.experts())) / work.experts();
    return Math.pow(1 - visited, count);
  }

  /** Seconds of the passes over so many prompts, which compute as training does. */
  double prompts(double count) {
    int length = in.job().batch().sequenceLength();
    double operations = 2 * in.work().linear() + in.work().attention() * prompt / length;
    return count * prompt * operations / in.rates().head() / tensor;
  }
}
