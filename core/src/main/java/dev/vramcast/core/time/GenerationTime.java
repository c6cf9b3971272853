package dev.vramcast.core.time;

import static dev.vramcast.core.units.Multiples.MILLI;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.run.Engine;
import dev.vramcast.core.step.StoredWeights;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.TrainingData;
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
 * @param each tokens of a prompt with its completion, on average
 */
record GenerationTime(double seconds, double together, double rounds, double each) {

  /** {@code vllm_gpu_memory_utilization} of trl/trainer/grpo_config.py. */
  private static final double COLOCATED_FRACTION = 0.3;

  /** {@code gpu_memory_utilization} of a server (trl/scripts/vllm_serve.py). */
  private static final double SERVER_FRACTION = 0.9;

  /** Bytes of an element of an engine's weights, keys and values. */
  private static final double HALF = 2;

  /** Bytes of two fp32 moments of a weight. */
  private static final double STATE_BYTES = 8;

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

  /**
   * Seconds of a GPU for each token that is trained on: padding is where sequences are padded.
   *
   * @param tokensOfMicroStep with padding
   */
  double perToken(ResolvedJob job, Layout layout, double tokensOfMicroStep) {
    Settings.Generation generation = job.objective().generated().orElseThrow();
    double microSteps = microSteps(job, generation) * generation.iterations().orElse(1);
    return seconds * layout.modelParallel() / (microSteps * tokens(job, tokensOfMicroStep));
  }

  /**
   * Of those seconds, what training waits for: where an engine on cards of its own is ahead, that
   * by which it takes longer.
   *
   * @param trained seconds of a GPU for each token, of the training itself
   */
  static double waited(ResolvedJob job, double generated, double trained) {
    return isAhead(job) ? Math.max(0, generated - trained) : generated;
  }

  private static boolean isAhead(ResolvedJob job) {
    return job.objective().generated().filter(made -> made.resident().ahead()).isPresent();
  }

  /** Tokens of a micro-batch that are made and trained on: all but padding where none is. */
  double tokens(ResolvedJob job, double padded) {
    return job.batch().padding() == Padding.PACKED ? job.batch().microBatch() * each : padded;
  }

  /** Tokens of a completion on average: half of the longest where nothing is said. */
  private static double meanOf(ResolvedJob job, Settings.Completions lengths, int longest) {
    boolean all = job.frameworkCode().stages().does(StageHabit.GENERATES_ALL);
    return lengths.mean().map(Integer::doubleValue).orElse(all ? longest : (1 + longest) / 2.0);
  }

  /** Micro-batches of a generated batch. */
  private static int microSteps(ResolvedJob job, Settings.Generation generation) {
    return generation.microBatches(job.batch().gradAccum());
  }

  /** Those that are generated one after the other (llamafactory/train/ppo/trainer.py ppo_train). */
  private static int turnsOf(ResolvedJob job, Settings.Generation generation) {
    boolean apart = job.frameworkCode().stages().valuesBesideWords(job.objective().stage());
    return apart ? microSteps(job, generation) : 1;
  }

  /**
   * One replica of the model and the completions that it makes.
   *
   * @param sequences completions
   * @param prompt tokens of a prompt
   * @param longest tokens of the longest completion
   * @param mean tokens of a completion
   * @param tensor GPUs of the replica
   * @param turns times that so many are made
   */
  private record Maker(
      Inputs in,
      Settings.Generation generation,
      double sequences,
      double prompt,
      double longest,
      double mean,
      int tensor,
      int turns) {

    static Optional<GenerationTime> of(
        Inputs in, Settings.Generation generation, Settings.Completions lengths) {
      int length = in.job().batch().sequenceLength();
      int longest = lengths.answer(length);
      int turns = turnsOf(in.job(), generation);
      int atOnce = microSteps(in.job(), generation) / turns;
      double each = (double) atOnce * in.job().batch().microBatch();
      double all = each * in.layout().dataParallel();
      Settings.Engine engine = generation.resident();
      int tensor =
          generation.engine().isOfItsOwn()
              ? engine.tensor().orElseGet(() -> degree(in, engine))
              : generation.engine() == GenerationEngine.DEEPSPEED_HYBRID
                  ? engine.tensor().orElse(1)
                  : in.layout().modelParallel();
      Maker maker =
          new Maker(
              in,
              generation,
              0,
              Math.max(1, length - longest),
              longest,
              meanOf(in.job(), lengths, longest),
              tensor,
              turns);
      return switch (generation.engine()) {
        case NONE -> Optional.empty();
        case TRANSFORMERS -> Optional.of(maker.making(each).plain());
        case DEEPSPEED_HYBRID -> Optional.of(maker.making(each * tensor).hybrid());
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

    private static int degree(Inputs in, Settings.Engine engine) {
      double share = engine.memoryFraction().orElse(COLOCATED_FRACTION);
      return in.job()
          .engineDegree(
              HALF * in.model().weights().parameters(),
              HALF * in.model().kept(in.job().batch().sequenceLength()),
              share * in.gpu().allocatableBytes());
    }

    private Maker making(double count) {
      return new Maker(in, generation, count, prompt, longest, mean, tensor, turns);
    }

    private GenerationTime plain() {
      double seconds = decoding().byTransformers(sequences);
      return new GenerationTime(turns * seconds, sequences, turns * longest, prompt + mean);
    }

    private Decoding decoding() {
      return new Decoding(in, prompt, longest, mean, tensor);
    }

    /**
     * DeepSpeed's hybrid engine (deepspeed/runtime/hybrid_engine.py): ZeRO-3 gathers all weights
     * once from all ranks, also for a part of them, then fused kernels, which Python launches, make
     * one token of all sequences after the other.
     */
    private GenerationTime hybrid() {
      SpeedCoefficients all = in.gpu().throughput().coefficients();
      double launched = MILLI * in.work().layers() * all.of(SpeedCoefficient.HYBRID_LAUNCH);
      boolean gathers = in.job().parallelism().strategy() == Strategy.ZERO3;
      double whole = HALF * in.model().weights().parameters();
      double gather = gathers ? whole / in.links().ring(in.layout().machines() > 1, 1) : 0;
      double step = Math.max(decoding().round(sequences, HALF), launched);
      return new GenerationTime(
          longest * step + decoding().prompts(sequences) + gather,
          sequences,
          longest,
          prompt + mean);
    }

    /** Bytes of a weight of an engine whose weights the policy is made of. */
    private double storedBytes() {
      return in.job().quantization().scheme().bytes(in.job().weightDtype());
    }

    private boolean quantises() {
      return generation.engine().quantisesBeside(in.job().quantization().scheme());
    }

    /** Bytes of all weights that an engine holds. */
    private double heldBytes() {
      double all = in.model().weights().parameters();
      if (generation.engine().lendsWeights()) {
        return storedBytes() * all;
      }
      double layers = quantises() ? in.work().stored() : 0;
      return StoredWeights.ENGINE_ELEMENT * layers + HALF * (all - layers);
    }

    /** Bytes to have one of them in the dtype of products. */
    private double readBytes() {
      if (generation.engine().lendsWeights()) {
        return storedBytes();
      }
      return quantises() ? in.rates().traffic().dequantised() : HALF;
    }

    /** As many sequences at once as the pool holds; a group shares the pass over its prompt. */
    private GenerationTime engine(double usualFraction) {
      double fraction = generation.resident().memoryFraction().orElse(usualFraction);
      boolean lends = generation.engine().lendsWeights();
      double pool = fraction * in.gpu().allocatableBytes() - heldBytes() / tensor;
      double pair = HALF * in.model().kept(prompt + mean, tensor);
      double held = lends ? Math.min(pool / pair, Engine.mostSequences(pool)) : pool / pair;
      double slots = Math.max(1, Math.min(sequences, Math.floor(held)));
      double rounds = Math.max(longest, sequences * mean / slots);
      double together = sequences * mean / rounds;
      double step = decoding().byEngine(together, readBytes());
      double prompts = decoding().prompts(sequences / generation.groupSize().orElse(1));
      // An engine of its own gets the new weights.
      double sync = lends ? 0 : HALF * in.model().weights().parameters() / syncRate();
      return new GenerationTime(
          rounds * step + prompts + sync + moving(), together, rounds, prompt + mean);
    }

    /**
     * Every rank gathers each parameter whole; where the model is divided, each of its groups does
     * so over its own part of the network.
     */
    private double syncRate() {
      int divided = Math.max(in.layout().modelParallel(), in.job().parallelism().expert());
      boolean crosses = in.layout().machines() > 1;
      return in.links().ring(crosses, divided);
    }

    /** Weights and states that leave a GPU for the engine, and come back. */
    private double moving() {
      double trained = in.model().weights().parameters() / in.layout().gpus();
      double bytes = 0;
      if (generation.offloaded().contains(OffloadTarget.PARAMETERS)) {
        bytes += in.job().weightDtype().bytes() * trained;
      }
      if (generation.offloaded().contains(OffloadTarget.OPTIMIZER)
          && in.job().adapter().isEmpty()) {
        bytes += STATE_BYTES * trained;
      }
      return 2 * bytes / in.links().outside().host();
    }
  }

  /** What is taken for granted, in one sentence. */
  String sentence(ResolvedJob job) {
    Settings.Completions lengths = job.objective().completed().orElseThrow();
    int longest = lengths.answer(job.batch().sequenceLength());
    return "Completions of "
        + Math.round(meanOf(job, lengths, longest))
        + " tokens on average are generated "
        + Math.round(together)
        + " at once"
        + group(job)
        + " in "
        + Math.round(rounds)
        + (isAhead(job) ? " rounds, while the batch before is trained on." : " rounds.");
  }

  private static String group(ResolvedJob job) {
    return TrainingData.completionsOfAPrompt(job)
        .map(completions -> ", " + completions + " to a prompt,")
        .orElse("");
  }
}
