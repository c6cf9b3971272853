package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.step.optimizer.OptimizerWriter;
import dev.vramcast.core.trace.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Writes micro-batches and updates of the models that a job trains. */
final class TrainingWriter {

  private final Graph graph;
  private final ResolvedJob job;
  private final Map<ResidentModel, Resident> residents;
  private final Head head;
  private final BiFunction<Pass, Integer, Inputs> inputs;

  /** Empty before training begins. */
  private final Map<ResidentModel, OptimizerWriter> optimizers = new EnumMap<>(ResidentModel.class);

  /** Whether the first micro-batch of the run has been written, where it is unlike the others. */
  private boolean opened;

  /** Passes of the last micro-batch whose outputs the loop names still. */
  private final List<PassWriter> holding = new ArrayList<>();

  /**
   * Nothing is trained yet.
   *
   * @param residents all models, which load before training begins
   * @param head of the model that they share
   * @param inputs a pass's batch, with so many tensors of its size beside token ids
   */
  TrainingWriter(
      Graph graph,
      ResolvedJob job,
      Map<ResidentModel, Resident> residents,
      Head head,
      BiFunction<Pass, Integer, Inputs> inputs) {
    this.graph = graph;
    this.job = job;
    this.residents = residents;
    this.head = head;
    this.inputs = inputs;
  }

  /** The optimizers, whose states exist from now on. */
  void optimizers() {
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

  /** A micro-batch that runs these passes, and the update. */
  void train(List<Pass> passes) {
    train(passes, () -> runPasses(passes));
  }

  /** A micro-batch, which {@code run} writes, and the update. */
  void train(List<Pass> passes, Runnable run) {
    List<ResidentModel> trained =
        passes.stream().filter(Pass::graph).map(Pass::model).distinct().toList();
    optimizers();
    trained.forEach(this::prepare);
    trained.forEach(model -> expectGradients(model, passes));
    if (opens()) {
      opened = true;
      graph.opening(() -> open(trained, run));
    }
    if (trained.stream().anyMatch(this::writesFirst)) {
      runBefore(trained, run);
    } else if (trained.stream().anyMatch(this::leavesGradients)) {
      passes.forEach(pass -> resident(pass.model()).sharding().beforePasses());
      graph.earlier(
          () -> {
            runBefore(trained, run);
            dropHeld();
          });
      if (job.batch().gradAccum() > 2 && trained.stream().anyMatch(this::reachesHigherBefore)) {
        runBefore(trained, run);
      }
    }
    run.run();
    trained.forEach(model -> Objects.requireNonNull(optimizers.get(model)).finish());
    graph.phase(Phase.STEP);
    trained.forEach(this::update);
    dropHeld();
  }

  /** Whether the first micro-batch of the run is unlike the others. */
  private boolean opens() {
    return !opened && job.checkpointsOnHost() && job.frameworkCode().is(LayerCode.OFFLOADS_LATE);
  }

  private void open(List<ResidentModel> trained, Runnable run) {
    trained.forEach(model -> resident(model).settings().running().opens(true));
    runBefore(trained, run);
    dropHeld();
    trained.forEach(model -> opened(resident(model)));
  }

  /** Gradients that it has made stay for the next one, where that adds to them. */
  private void opened(Resident trained) {
    trained.settings().running().opens(false);
    if (!trained.settings().startsWithGradients()) {
      trained
          .model()
          .trainables()
          .forEach(t -> graph.repeat(t.copies(), () -> t.parameter().dropGradient(graph)));
    }
  }

  /** A micro-batch before the last, whose gradients nobody reduces. */
  private void runBefore(List<ResidentModel> trained, Runnable run) {
    trained.forEach(model -> resident(model).sharding().reduces(false));
    run.run();
    trained.forEach(model -> resident(model).sharding().reduces(true));
  }

  private void dropHeld() {
    holding.forEach(PassWriter::dropOutputs);
    holding.clear();
  }

  /**
   * Where whole gradients are added up, those of all layers are there at the end of the backward
   * pass of every micro-batch but the last, which reduces each layer's as it goes. Then the table
   * of tokens adds up its gradients. A head over the vocabulary that is a parameter of its own does
   * so beside its logits, where the last micro-batch is at least as high, unless both have one flat
   * gradient. Adapters alone are too few to be higher there, unless all parameters are there too.
   */
  private boolean reachesHigherBefore(ResidentModel model) {
    Sharding sharding = resident(model).sharding();
    if (sharding.flattensRoot()) {
      return job.adapter().map(adapter -> !adapter.modulesToSave().isEmpty()).orElse(true)
          || sharding.keepsUnreduced();
    }
    return job.adapter().isEmpty() && (head.tied() || !head.predictsWords());
  }

  /**
   * Of two micro-batches the first is on the trace where it may be the higher one: it begins
   * without the gradients that it leaves. Experts that no unit has keep theirs from layer to layer.
   */
  private boolean writesFirst(ResidentModel model) {
    return job.batch().gradAccum() == 2
        && leavesGradients(model)
        && resident(model).sharding().flattensRoot()
        && job.parallelism().expert() == 1
        && reachesHigherBefore(model);
  }

  /** The last micro-batch of a step reduces what those before have left whole. */
  private boolean leavesGradients(ResidentModel model) {
    return job.batch().gradAccum() > 1
        && !job.optimizer().name().stepsInBackward()
        && resident(model).sharding().addsUpWhole();
  }

  /** What earlier steps and micro-batches left. */
  private void prepare(ResidentModel model) {
    Resident trained = resident(model);
    boolean keepsNone = job.optimizer().name().stepsInBackward();
    if (trained.settings().startsWithGradients() && !keepsNone && !writesFirst(model)) {
      trained.sharding().createGradients();
    }
    if (job.optimizer().inBackward()) {
      graph.stepInBackward();
    }
    OptimizerWriter writer = optimizers.get(model);
    if (writer != null && keepsNone) {
      trained.updated().forEach(t -> t.parameter().onGradient(p -> writer.arrived(t)));
    }
  }

  /** Gradients of a model that several passes train come together before they are there. */
  private void expectGradients(ResidentModel model, List<Pass> passes) {
    long graphs = passes.stream().filter(Pass::graph).filter(p -> p.model() == model).count();
    if (graphs > 1 && !(job.objective() instanceof Objective.SentenceEmbedding)) {
      resident(model).model().trainables().forEach(t -> t.parameter().usedIn((int) graphs));
    }
  }

  private void update(ResidentModel model) {
    Resident trained = resident(model);
    OptimizerWriter writer = Objects.requireNonNull(optimizers.get(model));
    if (job.optimizer().name().stepsInBackward()) {
      return;
    }
    if (trained.sharding().partitions().isEmpty()) {
      writer.writeStep();
    } else {
      trained.sharding().step(partition -> writer.writeStep(Trainable.of(partition)));
    }
  }

  /** Passes without a graph give figures to the loss, which is computed when all have run. */
  private void runPasses(List<Pass> passes) {
    Map<PassBatch, Inputs> batches = new LinkedHashMap<>();
    passes.forEach(
        pass ->
            batches.computeIfAbsent(
                pass.batch(), batch -> inputs.apply(pass, Inputs.LABELS_AND_MASK)));
    passes.forEach(pass -> resident(pass.model()).sharding().beforePasses());
    Pass first = passes.stream().filter(Pass::graph).findFirst().orElse(passes.get(0));
    Inputs.waiting(graph, job, resident(first.model()).model());
    dropHeld();
    graph.contexts().begin();
    List<PassWriter> writers = new ArrayList<>();
    for (Pass pass : passes) {
      Inputs batch = Objects.requireNonNull(batches.get(pass.batch()));
      writers.add(new PassWriter(graph, resident(pass.model()), pass, batch));
    }
    PassWriter before = null;
    for (PassWriter writer : writers) {
      writer.forward();
      if (before != null) {
        before.endNext();
      }
      before = writer;
    }
    writers.forEach(writer -> writer.compare(writers));
    writers.forEach(writer -> writer.head().report());
    writers.forEach(PassWriter::dropResult);
    writers.stream().filter(PassWriter::holdsOutputs).forEach(holding::add);
    Collections.reverse(writers);
    writers.forEach(PassWriter::backward);
    graph.contexts().end(resident(first.model()).settings().loss().findsOldLogits());
    passes.forEach(pass -> resident(pass.model()).sharding().afterPasses());
  }

  /** A model that the job has loaded. */
  private Resident resident(ResidentModel model) {
    return Objects.requireNonNull(residents.get(model));
  }
}
