package dev.vramcast.core.time;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.rate.Stack;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.ModelWork;
import java.util.Optional;

/**
 * How long the completions of a generated batch take. Decoding waits for memory: every token of
 * every sequence reads the keys and values before it, and each round all weights once for all
 * sequences that run together. How many do, the pool of an engine of its own decides; Transformers
 * runs all at once until the longest ends.
 *
 * @param seconds of one generated batch
 * @param together sequences that run at once on a replica of the model, on average
 * @param rounds tokens that are made one after the other
 * @param sync of {@code seconds}, those in which an engine gets the new weights
 */
record GenerationTime(double seconds, double together, double rounds, double sync) {

  /** {@code vllm_gpu_memory_utilization} of trl/trainer/grpo_config.py. */
  private static final double COLOCATED_FRACTION = 0.3;

  /** {@code gpu_memory_utilization} of a server (trl/scripts/vllm_serve.py). */
  private static final double SERVER_FRACTION = 0.9;

  /** Bytes of an element of an engine's weights, keys and values. */
  private static final double HALF = 2;

  /** Seconds of a small all-reduce, of which each layer has two; NCCL's over NVLink. */
  private static final double REDUCTION = 20e-6;

  private static final double MILLI = 1e-3;

  /** What a job's time depends on. */
  record Inputs(
      ModelProfile model,
      ModelWork work,
      ResolvedJob job,
      Gpu gpu,
      Layout layout,
      Links links,
      Rates rates) {}

  /** Empty where nothing is generated. */
  static Optional<GenerationTime> of(Inputs in) {
    return in.job()
        .objective()
        .generated()
        .flatMap(
            generation ->
                in.job()
                    .objective()
                    .completed()
                    .flatMap(lengths -> Maker.of(in, generation, lengths)));
  }

  /** Seconds of a GPU for each token that is trained on. */
  double perToken(ResolvedJob job, Layout layout, double tokensOfMicroStep) {
    Settings.Generation generation = job.objective().generated().orElseThrow();
    double microSteps = microSteps(job, generation) * generation.iterations().orElse(1);
    return seconds * layout.modelParallel() / (microSteps * tokensOfMicroStep);
  }

  /** Micro-batches that are generated at once. */
  private static int microSteps(ResolvedJob job, Settings.Generation generation) {
    return generation.stepsPerGeneration().orElse(job.batch().gradAccum());
  }

  /**
   * One replica of the model and the completions that it makes.
   *
   * @param sequences completions
   * @param prompt tokens of a prompt
   * @param longest tokens of the longest completion
   * @param mean tokens of a completion
   * @param tensor GPUs of the replica
   */
  private record Maker(
      Inputs in,
      Settings.Generation generation,
      double sequences,
      double prompt,
      double longest,
      double mean,
      int tensor) {

    static Optional<GenerationTime> of(
        Inputs in, Settings.Generation generation, Settings.Completions lengths) {
      int length = in.job().batch().sequenceLength();
      int longest = lengths.answer(length);
      double each = (double) microSteps(in.job(), generation) * in.job().batch().microBatch();
      double all = each * in.layout().dataParallel();
      Settings.Engine engine = generation.resident();
      int tensor =
          generation.engine().isOfItsOwn()
              ? engine.tensor().orElse(1)
              : in.layout().modelParallel();
      Maker maker =
          new Maker(
              in,
              generation,
              0,
              Math.max(1, length - longest),
              longest,
              lengths.mean().orElse(longest),
              tensor);
      return switch (generation.engine()) {
        case NONE -> Optional.empty();
        case TRANSFORMERS, DEEPSPEED_HYBRID -> Optional.of(maker.making(each).plain());
        case VLLM_COLOCATE, SGLANG_COLOCATE, SHARED -> {
          double replicas = Math.max(1, (double) in.layout().gpus() / tensor);
          yield Optional.of(maker.making(all / replicas).engine(COLOCATED_FRACTION));
        }
        case VLLM_SERVER, SGLANG_SERVER -> {
          double replicas = Math.max(1, (double) engine.gpus() / tensor);
          yield Optional.of(maker.making(all / replicas).engine(SERVER_FRACTION));
        }
      };
    }

    private Maker making(double count) {
      return new Maker(in, generation, count, prompt, longest, mean, tensor);
    }

    /** All sequences at once, by the modules that train, launched one by one for every token. */
    private GenerationTime plain() {
      SpeedCoefficients all = in.gpu().throughput().coefficients();
      double adapters =
          in.job().adapter().isPresent() ? all.of(SpeedCoefficient.ADAPTER_LAUNCHES) : 1;
      double launched =
          in.work().layers()
              * Stack.of(in.job()).launchSeconds(in.job().parallelism().strategy(), all)
              * adapters
              / 3;
      double round = Math.max(round(sequences, trainedBytes()), launched);
      return new GenerationTime(longest * round + prompts(sequences), sequences, longest, 0);
    }

    /** Bytes to have a weight in the dtype of products: read, unpacked or cast. */
    private double trainedBytes() {
      if (Rates.isQuantised(in.job())) {
        return in.rates().dequantised();
      }
      double stored = in.job().weightDtype().bytes();
      double compute = in.job().computeDtype().bytes();
      return stored == compute ? stored : stored + 2 * compute;
    }

    /** As many sequences at once as the pool holds; a group shares the pass over its prompt. */
    private GenerationTime engine(double usualFraction) {
      SpeedCoefficients all = in.gpu().throughput().coefficients();
      double fraction = generation.resident().memoryFraction().orElse(usualFraction);
      double weights = HALF * in.model().weights().parameters() / tensor;
      double pool = fraction * in.gpu().allocatableBytes() - weights;
      double pair = HALF * in.model().kept(prompt + mean) / tensor;
      double slots = Math.max(1, Math.min(sequences, Math.floor(pool / pair)));
      double rounds = Math.max(longest, sequences * mean / slots);
      double together = sequences * mean / rounds;
      double step = round(together, HALF) + MILLI * all.of(SpeedCoefficient.ENGINE_STEP);
      double prompts = prompts(sequences / generation.groupSize().orElse(1));
      double sync = HALF * in.model().weights().parameters() / in.links().within();
      return new GenerationTime(rounds * step + prompts + sync, together, rounds, sync);
    }

    /** One token of each of so many sequences. */
    private double round(double count, double weightBytes) {
      ModelWork work = in.work();
      double read = weightBytes * (work.stored() - work.experts() * idle(count) + work.head());
      double keys = HALF * in.model().kept(prompt + mean / 2) * count;
      double share = in.gpu().throughput().coefficients().of(SpeedCoefficient.DECODE_MEMORY);
      double memory = (read + keys) / (share * in.rates().memory());
      double computed = 2 * (work.linear() + work.head()) * count / in.rates().head();
      double reduced = tensor > 1 ? 2 * work.layers() * REDUCTION : 0;
      return Math.max(memory, computed) / tensor + reduced;
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

    /** The passes over so many prompts, which compute as training does. */
    private double prompts(double count) {
      double operations = 2 * in.work().linear() + in.work().attention() * prompt / length();
      return count * prompt * operations / in.rates().head() / tensor;
    }

    private double length() {
      return in.job().batch().sequenceLength();
    }
  }

  /** What is taken for granted, in one sentence. */
  String sentence(ResolvedJob job) {
    Settings.Completions lengths = job.objective().completed().orElseThrow();
    int longest = lengths.answer(job.batch().sequenceLength());
    return "Completions of "
        + lengths.mean().orElse(longest)
        + " tokens on average are generated "
        + Math.round(together)
        + " at once in "
        + Math.round(rounds)
        + " rounds.";
  }
}
