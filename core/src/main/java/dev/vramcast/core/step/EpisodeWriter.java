package dev.vramcast.core.step;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes the episodes of a job on an architecture to an allocation trace, one behind the other. The
 * step is the second one, when the optimizer's states exist, and its micro-batch the last, when
 * gradients of the earlier ones exist.
 */
public final class EpisodeWriter implements Episode.Visitor {

  private static final Operation WORKSPACE =
      Operation.of(
          "cublasSetWorkspace", "aten/src/ATen/cuda/CublasHandlePool.cpp getCurrentCUDABlasHandle");

  private static final Operation ENGINE =
      Operation.of("LLM", "trl/generation/vllm_generation.py VLLMGeneration._init_vllm");

  private static final Operation GATHER =
      Operation.of(
          "GatheredParameters",
          "deepspeed/runtime/zero/partition_parameters.py GatheredParameters");

  private static final String CACHE = "keys and values";

  /** The main thread's and the autograd thread's, each with a workspace. */
  private static final int CUBLAS_HANDLES = 2;

  private final Architecture architecture;
  private final ResolvedJob job;
  private final long workspaceBytes;
  private final boolean prefersCudnn;
  private OptionalLong engineBytes = OptionalLong.empty();
  private final Graph graph = new Graph();
  private final Map<ResidentModel, Resident> residents = new EnumMap<>(ResidentModel.class);

  /** Of the models that are trained; empty before training begins. */
  private final Map<ResidentModel, OptimizerWriter> optimizers = new EnumMap<>(ResidentModel.class);

  /**
   * What of a card's size decides what is allocated on it.
   *
   * @param room what it leaves to PyTorch's allocator, where the job's code asks for it
   * @param engine what an engine that generates beside the policy takes of it
   */
  public record OnCard(OptionalLong room, OptionalLong engine) {

    static final OnCard NOTHING = new OnCard(OptionalLong.empty(), OptionalLong.empty());
  }

  private EpisodeWriter(
      Architecture architecture, ResolvedJob job, long workspaceBytes, boolean prefersCudnn) {
    this.architecture = architecture;
    this.job = job;
    this.workspaceBytes = workspaceBytes;
    this.prefersCudnn = prefersCudnn;
  }

  /**
   * The traces of a job's life.
   *
   * @param workspaceBytes cuBLAS workspaces, which PyTorch takes from its allocator
   * @param prefersCudnn cuDNN's attention is the fastest on this GPU
   */
  public static StepTraces write(
      Architecture architecture,
      ResolvedJob job,
      List<Episode> episodes,
      long workspaceBytes,
      boolean prefersCudnn) {
    return write(architecture, job, episodes, workspaceBytes, prefersCudnn, OnCard.NOTHING);
  }

  /**
   * The traces of a job's life on a card.
   *
   * @param card what of its size decides what is allocated
   */
  public static StepTraces write(
      Architecture architecture,
      ResolvedJob job,
      List<Episode> episodes,
      long workspaceBytes,
      boolean prefersCudnn,
      OnCard card) {
    EpisodeWriter writer = new EpisodeWriter(architecture, job, workspaceBytes, prefersCudnn);
    writer.graph.room(card.room());
    writer.engineBytes = card.engine();
    if (job.dropsNothing()) {
      writer.graph.dropOut(false);
    }
    for (Episode episode : episodes) {
      writer.graph.episode(episode);
      episode.accept(writer);
    }
    return writer.graph.finish();
  }

  /** cuBLAS takes its workspaces with the first product; they are written before all else. */
  @Override
  public void load(Episode.Load load) {
    graph.phase(Phase.LOAD);
    for (int i = 0; i < CUBLAS_HANDLES && workspaceBytes > 0; i++) {
      long bytes = workspaceBytes / CUBLAS_HANDLES;
      graph.allocate(WORKSPACE, "cuBLAS workspaces", Category.OTHER, bytes, DataType.UINT8);
    }
    for (ResidentModel model : load.models()) {
      if (model.trains() && job.objective().generated().isPresent()) {
        graph.noting(() -> load(model));
      } else {
        load(model);
      }
    }
    if (engineBytes.isPresent() && !sleeps()) {
      engine();
    }
  }

  private void load(ResidentModel model) {
    Architecture its = Companions.architecture(model, architecture, job);
    residents.put(model, Resident.load(graph, model, its, job, prefersCudnn));
  }

  /**
   * transformers/generation/utils.py: the prompts go through the model at once and leave their keys
   * and values, which each token after them is put behind ({@code DynamicLayer.update} of
   * cache_utils.py, by {@code cat}). What an engine beside the policy holds is there as long as it
   * generates, or always where it does not sleep.
   */
  @Override
  public void generation(Episode.Generation generation) {
    if (generation.holdsStates()) {
      optimizers();
    }
    graph.phase(Phase.GENERATION);
    boolean leaves = generation.away().contains(OffloadTarget.PARAMETERS);
    if (leaves) {
      graph.leave();
    }
    if (sleeps()) {
      graph.release(engine());
    }
    if (leaves) {
      graph.comeBack();
    }
    Tensor gathered = gathered();
    for (Pass prompts : generation.prompts()) {
      Inputs inputs = inputs(prompts, 1);
      Tensor cache = keysAndValues(generation.sequences(), prompts.batch().length());
      PassWriter writer = new PassWriter(graph, resident(prompts.model()), prompts, inputs);
      writer.forward();
      writer.dropResult();
      graph.release(cache);
      lastToken(generation);
      inputs.all().forEach(graph::release);
    }
    if (gathered != null) {
      graph.release(gathered);
    }
  }

  /**
   * DeepSpeed's hybrid engine has all weights of ZeRO-3 gathered while it generates, or a part of
   * them on each of the GPUs that generate together (deepspeed/runtime/hybrid_engine.py generate).
   */
  private @Nullable Tensor gathered() {
    Settings.Generation generation = job.objective().generated().orElseThrow();
    if (generation.engine() != GenerationEngine.DEEPSPEED_HYBRID
        || job.parallelism().strategy() != Strategy.ZERO3) {
      return null;
    }
    long elements = Tensors.count(architecture) / generation.resident().tensor().orElse(1);
    return graph.allocate(
        GATHER, "gathered parameters", Category.GATHERED, elements, job.weightDtype());
  }

  /** Before the last token the keys of one layer are there twice; behind the layers are logits. */
  private void lastToken(Episode.Generation generation) {
    long tokens = generation.length();
    long rows = generation.sequences();
    Tensor cache = keysAndValues(rows, tokens);
    long half = rows * KeyValueSize.largest(architecture, tokens - 1) / 2;
    graph.release(graph.allocate(Aten.CAT, CACHE, Category.ACTIVATIONS, half, job.weightDtype()));
    long words = rows * architecture.vocabularySize();
    Tensor logits = graph.allocate("logits", Category.LOGITS_AND_LOSS, words, job.weightDtype());
    Tensor wide = graph.allocate("logits in fp32", Category.LOGITS_AND_LOSS, words, DataType.FP32);
    graph.release(logits);
    graph.release(graph.allocate("probabilities", Category.LOGITS_AND_LOSS, words, DataType.FP32));
    graph.release(wide, cache);
  }

  private Tensor keysAndValues(long sequences, long tokens) {
    long elements = sequences * KeyValueSize.expanded(architecture, tokens);
    return graph.allocate(Aten.CAT, CACHE, Category.ACTIVATIONS, elements, job.weightDtype());
  }

  /** Weights and pool of an engine on the same card. */
  private Tensor engine() {
    graph.site().operation(ENGINE);
    Stream from = sleeps() ? Stream.DRIVER : Stream.COMPUTE;
    return graph.allocateOn(
        from, "generation engine", Category.OTHER, engineBytes.orElse(0), DataType.UINT8);
  }

  /** The engine gives its memory back between generations. */
  private boolean sleeps() {
    return engineBytes.isPresent() && GenerationEngine.sleeps(job.objective());
  }

  /** Results of what repeats wait on the GPU for their steps, others are put into the data set. */
  @Override
  public void scoring(Episode.Scoring scoring) {
    if (scoring.holdsStates()) {
      optimizers();
    }
    Map<PassBatch, Inputs> inputs = new LinkedHashMap<>();
    if (scoring.repeats() && scoring.rounds() > 1) {
      // Ids and masks of sequences that wait for a micro-batch of theirs.
      long tokens = scoring.passes().get(0).batch().tokens();
      long waiting = 2L * (scoring.rounds() - 1) * tokens;
      graph.allocate(Inputs.MOVED, "inputs", Category.OTHER, waiting, DataType.INT64);
    }
    for (Pass pass : scoring.passes()) {
      PassWriter writer =
          passWriter(pass, inputs.computeIfAbsent(pass.batch(), b -> inputs(pass, 0)));
      writer.forward();
      if (scoring.repeats()) {
        long results = scoring.rounds() * results(pass);
        graph.allocate(
            Aten.CAT, "log-probabilities", Category.LOGITS_AND_LOSS, results, DataType.FP32);
      }
      writer.dropResult();
    }
    scoring.passes().forEach(pass -> resident(pass.model()).sharding().afterPasses());
    inputs.values().forEach(batch -> batch.all().forEach(graph::release));
  }

  private static long results(Pass pass) {
    return pass.head() instanceof PassHead.LogProbabilities asked
        ? asked.labels()
        : pass.batch().tokens();
  }

  /** Between two steps, so that there are optimizer states and no gradients. */
  @Override
  public void evaluation(Episode.Evaluation evaluation) {
    optimizers();
    new EvaluationWriter(graph, job, this::resident).write(evaluation);
  }

  @Override
  public void step(Episode.Step step) {
    train(step.passes());
  }

  @Override
  public void valueStep(Episode.ValueStep step) {
    train(step.passes());
  }

  private void train(List<Pass> passes) {
    List<ResidentModel> trained =
        passes.stream().filter(Pass::graph).map(Pass::model).distinct().toList();
    optimizers();
    trained.forEach(this::prepare);
    runPasses(passes);
    graph.phase(Phase.STEP);
    trained.forEach(this::update);
  }

  private void update(ResidentModel model) {
    Resident trained = resident(model);
    OptimizerWriter writer = Objects.requireNonNull(optimizers.get(model));
    if (trained.sharding().partitions().isEmpty()) {
      writer.writeStep();
    } else {
      trained.sharding().step(partition -> writer.writeStep(Trainable.of(partition)));
    }
  }

  /** The optimizers, whose states exist from now on. */
  private void optimizers() {
    if (optimizers.isEmpty()) {
      residents.forEach(
          (model, trained) -> {
            if (model.trains()) {
              optimizers.put(model, optimizer(trained));
            }
          });
    }
  }

  private OptimizerWriter optimizer(Resident trained) {
    OptimizerWriter made =
        new OptimizerWriter(
            graph, trained.settings(), trained.updated(), trained.sharding().keepsOnHost());
    made.writeStates();
    return made;
  }

  /** What earlier steps and micro-batches left. */
  private void prepare(ResidentModel model) {
    Resident trained = resident(model);
    if (trained.settings().startsWithGradients()) {
      trained.sharding().createGradients();
    }
    if (job.optimizer().inBackward()) {
      graph.stepInBackward();
    }
  }

  /** Passes without a graph give figures to the loss, which is computed when all have run. */
  private void runPasses(List<Pass> passes) {
    Map<PassBatch, Inputs> inputs = new LinkedHashMap<>();
    passes.forEach(
        pass ->
            inputs.computeIfAbsent(pass.batch(), batch -> inputs(pass, Inputs.LABELS_AND_MASK)));
    waiting(passes.get(0));
    List<PassWriter> writers = new ArrayList<>();
    for (Pass pass : passes) {
      writers.add(passWriter(pass, Objects.requireNonNull(inputs.get(pass.batch()))));
    }
    writers.forEach(PassWriter::forward);
    writers.forEach(writer -> writer.compare(writers));
    writers.forEach(PassWriter::report);
    writers.forEach(PassWriter::dropResult);
    Collections.reverse(writers);
    writers.forEach(PassWriter::backward);
    passes.forEach(pass -> resident(pass.model()).sharding().afterPasses());
  }

  /** Pixels of a step's other micro-batches; their ids are some kilobytes and left out. */
  private void waiting(Pass pass) {
    VisionModule vision = resident(pass.model()).model().vision();
    int others = job.batch().gradAccum() - 1;
    if (vision != null && others > 0 && job.frameworkCode().loop().fetchesStep()) {
      graph.allocate(
          Inputs.MOVED, "pixels", Category.OTHER, others * vision.pixels(), DataType.FP32);
      if (vision.pixelMask() > 0) {
        long masks = others * vision.pixelMask();
        graph.allocate(Inputs.MOVED, "inputs", Category.OTHER, masks, DataType.INT64);
      }
    }
  }

  private PassWriter passWriter(Pass pass, Inputs inputs) {
    return new PassWriter(graph, resident(pass.model()), pass, inputs);
  }

  /** A model that the job has loaded. */
  private Resident resident(ResidentModel model) {
    return Objects.requireNonNull(residents.get(model));
  }

  /** The batch of a pass. */
  private Inputs inputs(Pass pass, int others) {
    Resident resident = resident(pass.model());
    resident.run(pass);
    return Inputs.of(graph, resident, others);
  }
}
