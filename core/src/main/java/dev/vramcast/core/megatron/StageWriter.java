package dev.vramcast.core.megatron;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.megatron.layer.Adapters;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.LayerLoader;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.megatron.layer.Rows;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Writes the episodes of a rank of one pipeline stage; of the step, what is around its fullest
 * moment: the forward passes of all micro-batches in flight, the backward pass of one, then those
 * of the others.
 */
final class StageWriter implements Episode.Visitor {

  private static final ModuleScope MODEL =
      ModuleScope.model("megatron/core/models/gpt/gpt_model.py", "GPTModel");

  private static final Operation ENGINE =
      Operation.of("LLM", "nemo_rl/models/generation/vllm/vllm_worker.py");

  private static final Operation RECEIVED =
      Operation.of("recv", "megatron/core/pipeline_parallel/p2p_communication.py _communicate");

  private final Architecture model;
  private final ResolvedJob job;
  private final Adapters adapters;
  private final Division division;
  private final Rows rows;
  private final int stage;
  private final Workspaces workspaces;
  private final OptionalLong engine;
  private final Graph graph = new Graph();
  private final ParameterBuffers buffers;
  private final List<List<LayerLoader.RepeatedLayers>> chunks = new ArrayList<>();

  private boolean hasStates;
  private boolean hasBuffers;

  /** Null until the model is loaded. */
  private @Nullable StageEnds ends;

  /** Null until a step has its inputs. */
  private @Nullable Tensor ids;

  private StageWriter(
      Architecture model,
      ResolvedJob job,
      Predicate<Linear> targets,
      int stage,
      Workspaces workspaces,
      OptionalLong engine) {
    this.engine = engine;
    this.model = model;
    this.job = job;
    this.adapters =
        new Adapters(job.adapter(), targets, job.frameworkCode().layers().wholeAdapters());
    this.stage = stage;
    this.workspaces = workspaces;
    this.division = Division.of(job.parallelism());
    this.rows = Rows.of(job, division);
    this.buffers = new ParameterBuffers(graph, job, division);
  }

  /**
   * The traces of a stage.
   *
   * @param targets projections that get an adapter, where adapters are trained
   * @param stage counted from 0
   * @param engine what an engine that generates on the same cards takes of each
   */
  static StepTraces write(
      Architecture model,
      ResolvedJob job,
      List<Episode> episodes,
      Predicate<Linear> targets,
      int stage,
      Workspaces workspaces,
      OptionalLong engine) {
    StageWriter writer = new StageWriter(model, job, targets, stage, workspaces, engine);
    if (job.dropsNothing()) {
      writer.graph.dropOut(false);
    }
    for (Episode episode : episodes) {
      writer.graph.episode(episode);
      writer.graph.site().within(MODEL, () -> episode.accept(writer));
    }
    return writer.graph.finish();
  }

  @Override
  public void load(Episode.Load load) {
    if (!load.models().equals(List.of(ResidentModel.POLICY))) {
      throw new IllegalArgumentException("a stage holds one model, not " + load.models());
    }
    graph.stepInBackward();
    graph.phase(Phase.LOAD);
    graph.noting(this::loadLayers);
    workspaces.write(graph, buffers.hasExperts());
    graph.noting(buffers::write);
    if (engine.isPresent() && !GenerationEngine.sleeps(job.objective())) {
      engine(Stream.COMPUTE);
    }
  }

  private Tensor engine(Stream stream) {
    graph.site().operation(ENGINE);
    return graph.allocateOn(
        stream, "generation engine", Category.OTHER, engine.orElse(0), DataType.UINT8);
  }

  private void states() {
    if (!hasStates) {
      buffers.writeStates();
      hasStates = true;
    }
  }

  @Override
  public void step(Episode.Step step) {
    if (step.passes().size() != 1
        || !step.passes().get(0).batch().equals(PassBatch.of(job.batch()))
        || !(step.trained().head() instanceof PassHead.Loss
            || step.trained().head() instanceof PassHead.LogProbabilities)) {
      throw new IllegalArgumentException("a stage runs one pass over a micro-batch");
    }
    states();
    if (!hasBuffers) {
      made(ends).createBuffers(graph, buffers);
    }
    ids = input(DataType.INT64);
    input(DataType.INT64);
    input(DataType.INT64);
    input(DataType.FP32);
    passes(step.trained());
    graph.phase(Phase.STEP);
    buffers.step();
  }

  @Override
  public void valueStep(Episode.ValueStep step) {
    throw new IllegalArgumentException("a stage holds no value model");
  }

  /** What an engine on the same cards holds; a stage generates nothing itself. */
  @Override
  public void generation(Episode.Generation generation) {
    if (!generation.prompts().isEmpty()) {
      throw new IllegalArgumentException("a stage generates nothing");
    }
    if (generation.holdsStates()) {
      states();
    }
    graph.phase(Phase.GENERATION);
    boolean leaves = generation.away().contains(OffloadTarget.PARAMETERS);
    if (leaves) {
      graph.leave();
    }
    if (engine.isPresent() && GenerationEngine.sleeps(job.objective())) {
      graph.release(engine(Stream.DRIVER));
    }
    if (leaves) {
      graph.comeBack();
    }
  }

  @Override
  public void evaluation(Episode.Evaluation evaluation) {
    throw new IllegalArgumentException("a stage does not evaluate");
  }

  /** Forward passes of one micro-batch after the other, of which nothing stays. */
  @Override
  public void scoring(Episode.Scoring scoring) {
    if (scoring.holdsStates()) {
      states();
    }
    made(ends).createBuffers(graph, buffers);
    hasBuffers = true;
    for (Pass pass : scoring.passes()) {
      graph.phase(Phase.NO_GRAD_LAYERS);
      Tensor given = input(DataType.INT64);
      graph.withoutGrad(() -> scored(pass, given));
      graph.release(given);
    }
  }

  private void scored(Pass pass, Tensor given) {
    Tensor hidden = isFirst() ? made(ends).embed(graph, given) : hidden();
    for (List<LayerLoader.RepeatedLayers> chunk : chunks) {
      hidden = new Passes(graph, false, 1).forward(chunk, hidden);
    }
    if (isLast()) {
      graph.phase(Phase.NO_GRAD_HEAD);
      boolean copies = job.frameworkCode().loss().copiesLogits();
      graph.release(made(ends).loss(graph, hidden, pass.head(), copies));
    } else {
      graph.release(hidden);
    }
  }

  /** Virtual stages go around: the first of every rank, then the second of every rank. */
  private void loadLayers() {
    List<Integer> sizes = StageSizes.of(model.layerCount(), job.parallelism());
    ends = StageEnds.of(buffers, rows, division, model, isFirst(), isLast());
    LayerLoader loader =
        new LayerLoader(
            graph, buffers, rows, division, adapters, job.parallelism().expertImbalance());
    for (int chunk = 0; chunk < division.chunks(); chunk++) {
      int first = firstLayer(sizes, chunk);
      int count = sizes.get(stage) / division.chunks();
      chunks.add(loader.load(StageLayers.of(model.layers(), first, count)));
    }
  }

  private int firstLayer(List<Integer> sizes, int chunk) {
    int chunks = division.chunks();
    int ofAll = sizes.stream().mapToInt(size -> size / chunks).sum();
    int before = sizes.stream().limit(stage).mapToInt(size -> size / chunks).sum();
    return chunk * ofAll + before;
  }

  private boolean isFirst() {
    return stage == 0;
  }

  private boolean isLast() {
    return stage == division.pipeline() - 1;
  }

  /** Token ids, labels, positions and the mask of the loss. */
  private Tensor input(DataType dtype) {
    return graph.allocate(Aten.TO_COPY, "inputs", Category.OTHER, rows.all(), dtype);
  }

  /**
   * The schedule's variable for the gradient that was sent to the stage before holds it until the
   * next one is there.
   */
  private void passes(Pass pass) {
    graph.phase(Phase.FORWARD_LAYERS);
    int[] inFlight =
        Schedule.inFlight(stage, division.pipeline(), division.chunks(), job.batch().gradAccum());
    int last = chunks.size() - 1;
    inFlight[last]--;
    Tensor sent = isFirst() || job.batch().gradAccum() == 1 ? null : gradient();
    List<Passes> earlier = new ArrayList<>();
    for (int chunk = 0; chunk <= last; chunk++) {
      if (inFlight[chunk] > 0) {
        Passes passes = new Passes(graph, recomputes(), inFlight[chunk]);
        graph.release(passes.forward(chunks.get(chunk), hidden()));
        earlier.add(passes);
      }
    }
    one(last, pass.head());
    if (isFirst() && last > 0) {
      throughEmbedding();
    }
    if (sent != null) {
      graph.release(sent);
    }
    Collections.reverse(earlier);
    earlier.forEach(passes -> graph.release(passes.backward(gradient())));
  }

  /** One micro-batch, forward and backward, through the last virtual stage. */
  private void one(int chunk, PassHead loss) {
    Passes passes = new Passes(graph, recomputes(), 1);
    boolean embeds = isFirst() && chunk == 0;
    Recording.Of<Tensor> embedded =
        graph.recorded(() -> embeds ? made(ends).embed(graph, made(ids)) : hidden());
    Tensor output = passes.forward(chunks.get(chunk), embedded.result());
    Tensor gradient;
    if (isLast()) {
      gradient = throughLoss(output, loss);
    } else {
      graph.release(output);
      gradient = gradient();
    }
    graph.phase(Phase.BACKWARD_LAYERS);
    Tensor first = passes.backward(gradient);
    if (embedded.result().requiresGrad()) {
      graph.send(embedded.result(), first);
      graph.backward(embedded.recording());
    } else {
      graph.release(first);
    }
  }

  /**
   * The embedding of the first of several virtual stages, whose turn comes with as many in flight.
   */
  private void throughEmbedding() {
    Recording.Of<Tensor> embedded = graph.recorded(() -> made(ends).embed(graph, made(ids)));
    graph.release(embedded.result());
    if (embedded.result().requiresGrad()) {
      graph.send(embedded.result(), gradient());
      graph.backward(embedded.recording());
    }
  }

  private Tensor throughLoss(Tensor output, PassHead asked) {
    graph.phase(Phase.FORWARD_HEAD);
    Boundary boundary = new Boundary();
    Recording.Of<Tensor> loss =
        graph.recorded(
            () -> {
              Tensor last = graph.enterRequiringGrad(output, boundary);
              boolean copies = job.frameworkCode().loss().copiesLogits();
              return made(ends).loss(graph, last, asked, copies);
            });
    graph.phase(Phase.BACKWARD_HEAD);
    graph.send(
        loss.result(),
        graph.allocate(
            Aten.EMPTY_LIKE, "loss", Category.LOGITS_AND_LOSS, rows.all(), DataType.FP32));
    graph.backward(loss.recording());
    graph.release(loss.result());
    return Objects.requireNonNull(boundary.take());
  }

  /** Something that was made before, as loading and inputs come first. */
  private static <T> T made(@Nullable T part) {
    return Objects.requireNonNull(part);
  }

  private boolean recomputes() {
    return job.checkpointing() == Checkpointing.FULL;
  }

  /** What the stage before sends. */
  private Tensor hidden() {
    return graph.allocate(
        RECEIVED,
        "hidden states",
        Category.ACTIVATIONS,
        rows.share(model.hiddenSize()),
        buffers.dtype());
  }

  /** What the stage after sends back. */
  private Tensor gradient() {
    return graph.allocate(
        RECEIVED,
        "gradients of activations",
        Category.COMMUNICATION,
        rows.share(model.hiddenSize()),
        buffers.dtype());
  }
}
