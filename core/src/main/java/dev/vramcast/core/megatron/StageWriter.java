package dev.vramcast.core.megatron;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.megatron.layer.Adapters;
import dev.vramcast.core.megatron.layer.Division;
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
  private final StageRunner passes;

  /** Of the value model, whose parameters and states are beside the policy's. */
  private @Nullable StageRunner values;

  private @Nullable ParameterBuffers valued;
  private boolean hasStates;
  private boolean hasBuffers;

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
        new Adapters(job.adapter(), targets, job.frameworkCode().is(LayerCode.WHOLE_ADAPTERS));
    this.stage = stage;
    this.workspaces = workspaces;
    this.division = Division.of(job.parallelism());
    this.rows = Rows.of(job, batch, division);
    this.buffers = new ParameterBuffers(graph, job, division, true);
    this.passes = passes(model, ResidentModel.POLICY);
  }

  private StageRunner passes(Architecture of, ResidentModel trained) {
    Received received = new Received(graph, rows.share(of.hiddenSize()), buffers.dtype());
    return new StageRunner(graph, job, stage, received, trained, models);
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
      writer.graph.switchModulesOff();
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
          ParameterBuffers frozen = new ParameterBuffers(graph, job, division, false);
          graph.noting(
              () -> {
                load(beside, frozen, adapters.none());
                frozen.write();
              });
        }
        case VALUE -> loadValues();
        case TEACHER, REWARD ->
            throw new IllegalArgumentException("a stage holds no model of kind " + beside.label());
      }
    }
    if (engine.isPresent() && !GenerationEngine.sleeps(job.objective())) {
      engine(Stream.COMPUTE);
    }
  }

  private void load(ResidentModel which, ParameterBuffers its, Adapters targets) {
    models.put(which, StageModel.load(graph, its, model, job, rows, targets, stage));
  }

  /** A critic is a worker of its own with the same degrees (verl/workers/engine/megatron). */
  private void loadValues() {
    Architecture of =
        job.objective()
            .valuing()
            .flatMap(Settings.Companion::architecture)
            .orElseGet(model::scoring);
    ParameterBuffers its = new ParameterBuffers(graph, job, division, true);
    graph.noting(
        () -> {
          models.put(
              ResidentModel.VALUE,
              StageModel.load(graph, its, of, job, rows, adapters.none(), stage));
          its.write();
        });
    valued = its;
    values = passes(of, ResidentModel.VALUE);
  }

  private Tensor engine(Stream stream) {
    graph.site().operation(ENGINE);
    return graph.allocateOn(
        stream, Category.ENGINE.label(), Category.ENGINE, engine.orElse(0), DataType.UINT8);
  }

  private void states() {
    if (!hasStates) {
      buffers.writeStates();
      if (valued != null) {
        valued.writeStates(buffers);
      }
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
    createBuffers();
    passes.run(step.passes(), inputs());
    graph.phase(Phase.STEP);
    buffers.step();
  }

  /** Where tokens are kept as they were gathered there is no buffer for them. */
  private void createBuffers() {
    if (!hasBuffers && !job.frameworkCode().is(LayerCode.KEEPS_GATHERED)) {
      passes.model().ends().createBuffers(graph, buffers);
    }
    hasBuffers = true;
  }

  @Override
  public void valueStep(Episode.ValueStep step) {
    Objects.requireNonNull(values).run(step.passes(), inputs());
    graph.phase(Phase.STEP);
    Objects.requireNonNull(valued).step();
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
    createBuffers();
    for (Pass pass : scoring.passes()) {
      graph.phase(Phase.NO_GRAD_LAYERS);
      Tensor given = input(DataType.INT64);
      StageRunner of =
          pass.model() == ResidentModel.VALUE ? Objects.requireNonNull(values) : passes;
      graph.withoutGrad(() -> of.score(pass, given));
      graph.release(given);
    }
  }

  /** Token ids, labels, positions and the mask of the loss, of which the first is returned. */
  private Tensor inputs() {
    Tensor ids = input(DataType.INT64);
    input(DataType.INT64);
    input(DataType.INT64);
    input(DataType.FP32);
    return ids;
  }

  private Tensor input(DataType dtype) {
    return graph.allocate(Aten.TO_COPY, "inputs", Category.OTHER, rows.all(), dtype);
  }
}
