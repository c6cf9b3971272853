package dev.vramcast.core.run;

import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.run.outside.CudaContext;
import dev.vramcast.core.step.StoredWeights;
import dev.vramcast.core.units.Multiples;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * vLLM or SGLang on the cards that train: a share, vLLM's of the whole card, of which its weights
 * and a pool for keys and values are made (vllm/v1/worker/gpu_worker.py, as quoted for 0.11 to
 * 0.23). What its profile run and CUDA graphs take is not known and not in here.
 *
 * @param requestedBytes the share of the card
 * @param weightBytes of the engine's own copy of the model, on one of its ranks
 * @param sequenceBytes keys and values of the longest sequence it is set up for, on one rank
 * @param longest tokens of that sequence
 * @param pairBytes keys and values of a prompt with its longest completion, on one rank
 * @param lends the policy is made of its weights
 */
public record Engine(
    long requestedBytes,
    long weightBytes,
    long sequenceBytes,
    int longest,
    long pairBytes,
    boolean lends) {

  /** {@code standby_target_gpu_util}, from a tenth of the card in GiB on. */
  private static final NavigableMap<Double, Double> ASLEEP =
      new TreeMap<>(Map.of(0.0, 0.75, 1.0, 0.775, 1.4, 0.8, 2.0, 0.825, 2.5, 0.9, 4.0, 0.925));

  /** {@code max_num_seqs}, up to a pool of so many GiB. */
  private static final NavigableMap<Double, Integer> MOST_SEQUENCES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(2.0, 8),
              Map.entry(4.0, 16),
              Map.entry(8.0, 32),
              Map.entry(12.0, 48),
              Map.entry(16.0, 64),
              Map.entry(24.0, 80),
              Map.entry(40.0, 96),
              Map.entry(48.0, 112),
              Map.entry(80.0, 128),
              Map.entry(Double.POSITIVE_INFINITY, 256)));

  /** {@code vllm_gpu_memory_utilization} of trl/trainer/grpo_config.py. */
  private static final double USUAL_FRACTION = 0.3;

  /** The engine computes in 16 bits, whatever the policy's weights are stored in. */
  private static final int WEIGHT_BYTES = 2;

  /**
   * The engine of a job; empty where none shares its cards.
   *
   * @throws InputException when no card is named, of which it takes a share, or its ranks do not
   *     divide the GPUs
   */
  static Optional<Engine> of(Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    Optional<Settings.Generation> generation = job.objective().generated();
    if (generation.isEmpty() || !generation.get().engine().sharesCards()) {
      return Optional.empty();
    }
    Gpu card =
        gpu.orElseThrow(
            () ->
                InputError.about(JobKey.GPU)
                    .kind(ErrorKind.MISSING)
                    .and(" is required where ", JobKey.ENGINE, " is ", generation.get().engine())
                    .and(", whose memory is a share of the whole card")
                    .refusal());
    Settings.Engine settings = generation.get().resident();
    settings.tensor().ifPresent(tensor -> checkGroups(tensor, job));
    int ranks = degree(architecture, job, requested(architecture, job, card));
    int longest = settings.longest().orElse((int) Math.max(1, architecture.maxPositions()));
    boolean lends = generation.get().engine().lendsWeights();
    long weights =
        lends
            ? StoredWeights.bytes(architecture, job)
            : ownWeights(architecture, job, generation.get().engine()) / ranks;
    return Optional.of(
        new Engine(
            requested(architecture, job, card),
            weights,
            WEIGHT_BYTES * KeyValueSize.onRank(architecture, longest, ranks),
            longest,
            WEIGHT_BYTES * KeyValueSize.onRank(architecture, job.batch().sequenceLength(), ranks),
            lends));
  }

  /** Of a job that names no GPUs the number is known here alone, and may be one of many tried. */
  private static void checkGroups(int tensor, ResolvedJob job) {
    int gpus = job.parallelism().gpus();
    if (gpus % tensor != 0) {
      throw InputError.about(JobKey.ENGINE_TENSOR)
          .is(tensor)
          .and(", stated or by the framework's default, but ", JobKey.GPU_COUNT, " is ", gpus)
          .and(" where nobody says it")
          .kind(ErrorKind.CONTRADICTION)
          .allowed(
              gpus == 1 ? "1" : "a number that divides it",
              ", or ",
              JobKey.GPU_COUNT,
              " a multiple of ",
              tensor)
          .refusal();
    }
  }

  /**
   * The engine's tensor-parallel degree; where nobody states it, 1, or the least at which its share
   * holds its weights.
   */
  private static int degree(Architecture architecture, ResolvedJob job, long share) {
    Optional<Integer> stated = job.objective().generated().flatMap(g -> g.resident().tensor());
    return stated.orElseGet(
        () ->
            job.engineDegree(
                WEIGHT_BYTES * Tensors.count(architecture),
                WEIGHT_BYTES * KeyValueSize.elements(architecture, job.batch().sequenceLength()),
                share));
  }

  /** Its own copy of a policy, which vLLM has in 4 bits where the policy is. */
  private static long ownWeights(
      Architecture architecture, ResolvedJob job, GenerationEngine engine) {
    return engine.quantisesBeside(job.quantization().scheme())
        ? StoredWeights.inEngine(architecture)
        : WEIGHT_BYTES * Tensors.count(architecture);
  }

  /** The share of the cards that an engine is set up to take. */
  public static double fraction(Settings.Generation generation) {
    return generation.resident().memoryFraction().orElse(USUAL_FRACTION);
  }

  /**
   * The share of a card that the job's engine takes for itself. SGLang's is one of what is free
   * when it starts (sglang/srt/model_executor/model_runner_kv_cache_mixin.py
   * _profile_available_bytes, whose {@code pre_model_load_memory} that is).
   */
  static long requested(Architecture architecture, ResolvedJob job, Gpu card) {
    Settings.Generation generation = job.objective().generated().orElseThrow();
    double fraction = fraction(generation);
    if (generation.engine() == GenerationEngine.SGLANG_COLOCATE) {
      return Math.max(0, Math.round(fraction * free(architecture, job, card)));
    }
    if (!generation.engine().lendsWeights()) {
      return Math.round(fraction * card.allocatableBytes());
    }
    long free =
        card.allocatableBytes() - CudaContext.bytes(Optional.of(card), job.framework().torch());
    double share = GenerationEngine.sleeps(job.objective()) ? asleep(card) : fraction;
    return Math.round(share * free);
  }

  /**
   * The share that replaces the stated one where the engine sleeps while the policy trains: by a
   * tenth of the card in GiB, less a twentieth since vLLM 0.11 (unsloth_zoo/vllm_utils.py
   * load_vllm, standby_target_gpu_util, 2025.10 to 2026.10).
   */
  private static double asleep(Gpu card) {
    double tenth = Multiples.gib(card.allocatableBytes()) / 10;
    return 0.95 * Objects.requireNonNull(ASLEEP.floorEntry(tenth)).getValue();
  }

  /** What is left of its share for keys and values. */
  long poolBytes() {
    return requestedBytes - weightBytes;
  }

  /** How many sequences of the job it generates at once. */
  long concurrency() {
    long held = Math.max(0, poolBytes()) / Math.max(1, pairBytes);
    return lends ? Math.min(held, mostSequences(poolBytes())) : held;
  }

  /** {@code max_num_seqs} of so large a pool (unsloth_zoo/vllm_utils.py load_vllm). */
  public static long mostSequences(double pool) {
    return Objects.requireNonNull(MOST_SEQUENCES.ceilingEntry(pool / GIB)).getValue();
  }

  /**
   * Whether it starts: its share must be free, and its pool must hold one of its longest sequences.
   *
   * @param job whose policy is on the card by then
   * @throws InputException for lack of memory, naming what would let it
   */
  void checkStart(Architecture architecture, ResolvedJob job, Gpu card) {
    if (poolBytes() < sequenceBytes) {
      long tokens = Math.max(0, Math.round((double) poolBytes() / sequenceBytes * longest));
      InputError error =
          InputError.about(JobKey.ENGINE_FRACTION)
              .and(" leaves the engine ", gib(poolBytes()), " for keys and values, less than the ")
              .and(gib(sequenceBytes), " of one sequence of ", JobKey.ENGINE_LENGTH, " ", longest)
              .and(", so it does not start");
      throw InputException.forLackOfMemory(allowing(error, tokens, card));
    }
    long free = free(architecture, job, card);
    if (free < requestedBytes) {
      InputError error =
          InputError.about(JobKey.ENGINE_FRACTION)
              .and(" asks for ", gib(requestedBytes), ", but beside the policy ", gib(free))
              .and(" of the card are free, so the engine does not start");
      throw InputException.forLackOfMemory(
          !lends && free < weightBytes
              ? error.hint("the engine's weights alone are ", gib(weightBytes))
              : error.allowed("a fraction of at most ", share(free, card)));
    }
  }

  /**
   * What lets one sequence into the pool.
   *
   * @param tokens that are in it as it is
   */
  private InputError allowing(InputError error, long tokens, Gpu card) {
    if (weightBytes >= card.allocatableBytes()) {
      return error.hint("the engine's weights alone are ", gib(weightBytes));
    }
    boolean whole = weightBytes + sequenceBytes > card.allocatableBytes();
    String share = whole ? "" : share(weightBytes + sequenceBytes, card);
    if (tokens > 0) {
      return whole
          ? error.allowed(JobKey.ENGINE_LENGTH, " of at most ", tokens)
          : error.allowed(
              JobKey.ENGINE_LENGTH, " of at most ", tokens, ", or a fraction of at least ", share);
    }
    return whole
        ? error.allowed("a shorter ", JobKey.ENGINE_LENGTH, " with a larger fraction")
        : error.allowed(
            "a fraction of at least ", share, ", or less with a shorter ", JobKey.ENGINE_LENGTH);
  }

  /** What is free of a card when the engine starts. */
  private static long free(Architecture architecture, ResolvedJob job, Gpu card) {
    long outside = DeviceMemory.outside(job, Optional.of(card)).bytes();
    return card.allocatableBytes() - outside - policyBytes(architecture, job);
  }

  /** What a rank has of the policy on its card when the engine starts. */
  private static long policyBytes(Architecture architecture, ResolvedJob job) {
    if (job.objective().generated().filter(each -> each.engine().lendsWeights()).isPresent()) {
      return 0;
    }
    boolean away =
        job.objective()
            .generated()
            .filter(each -> each.offloaded().contains(OffloadTarget.PARAMETERS))
            .isPresent();
    long bytes = Tensors.count(architecture) * job.weightDtype().bytes();
    Parallelism degrees = job.parallelism();
    return away
        ? 0
        : switch (degrees.strategy()) {
          case FSDP1, FSDP2, ZERO3 -> bytes / degrees.shards();
          case MEGATRON -> bytes / ((long) degrees.tensor() * degrees.pipeline());
          case NONE, DDP, ZERO1, ZERO2 -> bytes;
        };
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", Multiples.gib(Math.max(0, bytes)));
  }

  private static String share(long bytes, Gpu card) {
    return String.format(
        Locale.ROOT, "%.2f", (double) Math.max(0, bytes) / card.allocatableBytes());
  }

  /** What is taken for granted of it, and how many sequences it generates at once. */
  String sentence(GenerationEngine engine) {
    boolean other = engine == GenerationEngine.SGLANG_COLOCATE;
    return (other ? "SGLang" : "vLLM")
        + " takes "
        + gib(requestedBytes)
        + " of the card, "
        + (lends ? "the policy's weights among them, " : "")
        + "of which "
        + gib(poolBytes())
        + " are left for the keys and values of "
        + concurrency()
        + " sequences at once; its CUDA graphs and profile run are not counted.";
  }
}
