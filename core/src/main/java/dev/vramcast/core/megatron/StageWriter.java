package dev.vramcast.core.megatron;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.StageHabit;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
  private final Map<ResidentModel, StageModel> models = new EnumMap<>(ResidentModel.class);

  private boolean hasStates;
  private boolean hasBuffers;

  /** Null until a step has its inputs. */
  private @Nullable Tensor ids;

  private StageWriter(
      Architecture model,
      ResolvedJob job,
      PassBatch batch,
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
    this.rows = Rows.of(job, batch, division);
    this.buffers = new ParameterBuffers(graph, job, division, false);
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
    PassBatch batch = batch(episodes);
    StageWriter writer = new StageWriter(model, job, batch, targets, stage, workspaces, engine);
    if (job.dropsNothing()) {
      writer.graph.dropOut(false);
    }
    for (Episode episode : episodes) {
      writer.graph.episode(episode);
      writer.graph.site().within(MODEL, () -> episode.accept(writer));
    }
    return writer.graph.finish();
  }

  /** What all passes run over: the modules of a stage are written for one shape. */
  private static PassBatch batch(List<Episode> episodes) {
    List<PassBatch> batches =
        episodes.stream()
            .filter(episode -> !(episode instanceof Episode.Generation))
            .flatMap(episode -> episode.passes().stream())
            .map(Pass::batch)
            .distinct()
            .toList();
    if (batches.size() != 1) {
      throw new IllegalArgumentException("a stage runs passes over one batch, not " + batches);
    }
    return batches.get(0);
  }

  /**
   * A reference is a second model of 16-bit weights that no buffer holds (swift/megatron/trainers/
   * rlhf_mixin.py prepare_model).
   */
  @Override
  public void load(Episode.Load load) {
    graph.stepInBackward();
    graph.phase(Phase.LOAD);
    graph.noting(() -> load(ResidentModel.POLICY, buffers, adapters));
    workspaces.write(graph, buffers.hasExperts());
    graph.noting(buffers::write);
    for (ResidentModel beside : load.models()) {
      switch (beside) {
        case POLICY -> {}
        case REFERENCE -> {
          ParameterBuffers frozen = new ParameterBuffers(graph, job, division, true);
          graph.noting(
              () -> {
                load(beside, frozen, adapters.none());
                frozen.write();
              });
        }
        case TEACHER, VALUE, REWARD ->
            throw new IllegalArgumentException("a stage holds no model of kind " + beside.label());
      }
    }
    if (engine.isPresent() && !GenerationEngine.sleeps(job.objective())) {
      engine(Stream.COMPUTE);
    }
  }

  private void load(ResidentModel which, ParameterBuffers its, Adapters targets) {
    StageModel.Beside beside =
        new StageModel.Beside(job.frameworkCode().layers().gathersRecurrent(), job.frozen());
    models.put(
        which, StageModel.load(graph, its, model, job.parallelism(), rows, targets, beside, stage));
  }

  private StageModel resident(ResidentModel which) {
    return made(models.get(which));
  }

  private StageModel policy() {
    return resident(ResidentModel.POLICY);
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
    if (!(step.trained().head() instanceof PassHead.Loss
        || step.trained().head() instanceof PassHead.LogProbabilities)) {
      throw new IllegalArgumentException("a stage trains on the loss of tokens");
    }
    states();
    if (!hasBuffers) {
      policy().ends().createBuffers(graph, buffers);
    }
    ids = input(DataType.INT64);
    input(DataType.INT64);
    input(DataType.INT64);
    input(DataType.FP32);
    passes(step);
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
    policy().ends().createBuffers(graph, buffers);
    hasBuffers = true;
    for (Pass pass : scoring.passes()) {
      graph.phase(Phase.NO_GRAD_LAYERS);
      Tensor given = input(DataType.INT64);
      graph.withoutGrad(() -> scored(pass, given));
      graph.release(given);
    }
  }

  private void scored(Pass pass, Tensor given) {
    StageModel its = resident(pass.model());
    Tensor hidden = isFirst() ? its.ends().embed(graph, given) : hidden();
    for (List<LayerLoader.RepeatedLayers> chunk : its.chunks()) {
      hidden = new Passes(graph, false, 1).forward(chunk, hidden);
    }
    if (isLast()) {
      graph.phase(Phase.NO_GRAD_HEAD);
      graph.release(its.ends().loss(graph, hidden, pass.head(), loss()));
    } else {
      graph.release(hidden);
    }
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
   * next one is there. What is compared with the policy runs before it, and what a stage receives
   * and sends is that of all passes in one tensor, which is there as long as the policy's part is
   * (swift/megatron/trainers/dpo_trainer.py forward_step).
   */
  private void passes(Episode.Step step) {
    List<Pass> compared = step.passes().stream().filter(pass -> !pass.graph()).toList();
    graph.phase(Phase.FORWARD_LAYERS);
    List<List<LayerLoader.RepeatedLayers>> chunks = policy().chunks();
    int[] inFlight =
        Schedule.inFlight(stage, division.pipeline(), division.chunks(), job.batch().gradAccum());
    int last = chunks.size() - 1;
    long received = isFirst() ? 0 : Arrays.stream(inFlight).sum();
    long beside = compared.size() * (received + (isLast() ? 0 : 1));
    Tensor others = beside == 0 ? null : hidden(beside);
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
    for (Pass pass : compared) {
      graph.phase(Phase.NO_GRAD_LAYERS);
      graph.withoutGrad(() -> scored(pass, made(ids)));
    }
    graph.phase(Phase.FORWARD_LAYERS);
    one(last, step.trained().head());
    if (isFirst() && last > 0) {
      throughEmbedding();
    }
    if (sent != null) {
      graph.release(sent);
    }
    Collections.reverse(earlier);
    earlier.forEach(passes -> graph.release(passes.backward(gradient())));
    if (others != null) {
      graph.release(others);
    }
  }

  /** One micro-batch, forward and backward, through the last virtual stage. */
  private void one(int chunk, PassHead loss) {
    Passes passes = new Passes(graph, recomputes(), 1);
    boolean embeds = isFirst() && chunk == 0;
    Recording.Of<Tensor> embedded =
        graph.recorded(() -> embeds ? policy().ends().embed(graph, made(ids)) : hidden());
    Tensor output = passes.forward(policy().chunks().get(chunk), embedded.result());
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
    Recording.Of<Tensor> embedded = graph.recorded(() -> policy().ends().embed(graph, made(ids)));
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
              return policy().ends().loss(graph, last, asked, loss());
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

  /** How the framework makes of logits what is asked for. */
  private StageEnds.LossWays loss() {
    return new StageEnds.LossWays(
        job.frameworkCode().loss().copiesLogits(),
        job.frameworkCode().stages().does(StageHabit.WIDENS));
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
    return hidden(1);
  }

  private Tensor hidden(long count) {
    return graph.allocate(
        RECEIVED,
        "hidden states",
        Category.ACTIVATIONS,
        Math.multiplyExact(count, rows.share(model.hiddenSize())),
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
