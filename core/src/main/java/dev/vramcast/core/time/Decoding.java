package dev.vramcast.core.time;

import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
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
            / 3;
    return longest * Math.max(round(sequences, trainedBytes()), launched) + prompts(sequences);
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

  /** Seconds of one token of each of so many sequences. */
  double round(double count, double weightBytes) {
    ModelWork work = in.work();
    double read = weightBytes * (work.stored() - work.experts() * idle(count) + work.head());
    double keys = HALF * in.model().kept(prompt + mean / 2, tensor) * count;
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
    return REDUCTIONS * in.work().layers() * each.seconds(HALF * count * in.model().hidden());
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
