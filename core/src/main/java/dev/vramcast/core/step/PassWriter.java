package dev.vramcast.core.step;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Phase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs one model once: forward, and where there is a graph, backward. */
final class PassWriter {

  private final Graph graph;
  private final Resident resident;
  private final ResolvedJob job;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Pass pass;
  private final BaseModelWriter base;
  private final ReturnedOutputs outputs;
  private final ReturnedOutputs.OfLoop loop;
  private final HeadWriter head;

  private boolean evaluates;
  private boolean keepsOutputs;

  /** Keys and values of all layers are named with the outputs. */
  private boolean holdsCache;

  /** What a head that is compared with another model's waits with; null otherwise. */
  private @Nullable Tensor waiting;

  /** Nothing has run yet; {@code inputs} are the pass's batch. */
  PassWriter(Graph graph, Resident resident, Pass pass, Inputs inputs) {
    this.graph = graph;
    this.resident = resident;
    this.settings = resident.settings();
    this.job = settings.job();
    this.outputs = new ReturnedOutputs(graph, resident);
    this.loop = new ReturnedOutputs.OfLoop(graph, resident, pass);
    this.head = new HeadWriter(graph, resident, pass, outputs, loop);
    this.sharding = resident.sharding();
    this.pass = pass;
    this.base = new BaseModelWriter(graph, resident, pass, inputs);
  }

  void evaluate() {
    evaluates = true;
  }

  /**
   * Whether this pass caches keys and values, whatever the trainer has set. Layers that run again
   * do so in an evaluation alone (transformers/modeling_layers.py {@code
   * GradientCheckpointingLayer}).
   */
  boolean cachesBelow() {
    if (!pass.model().trains()) {
      return false;
    }
    boolean below =
        settings.code().cachesBelow()
            && !settings.framework().is(LoopCode.FORBIDS_CACHE)
            && (evaluates || trainsOnce());
    return below || (evaluates ? returnsCache() : isLeftCache()) && cachesByLayer();
  }

  /** A model that is trained makes a cache where nobody forbids one. */
  private boolean isLeftCache() {
    return trainsOnce()
        && settings.framework().is(LoopCode.LEAVES_CACHE)
        && !settings.code().refusesCache();
  }

  /** Whether it is a supervised pass that trains, whose layers do not run again. */
  private boolean trainsOnce() {
    return pass.graph()
        && job.objective().stage().isSupervised()
        && job.checkpointing() == Checkpointing.NONE
        && settings.code().cachesInTraining();
  }

  /** Nobody has said of a model that is evaluated that it returns no keys and values. */
  boolean returnsCache() {
    FrameworkCode framework = settings.framework();
    return pass.model().trains()
        && framework.is(EvaluationCode.KEEPS_CACHE)
        && !settings.code().refusesCache()
        && (job.checkpointing() == Checkpointing.NONE
            || framework.is(EvaluationCode.CACHES_PAST_CHECKPOINTS));
  }

  /** Whether each layer hands on the keys and values that it has made for itself. */
  private boolean cachesByLayer() {
    return resident
        .architecture()
        .distinctLayers()
        .allMatch(layer -> layer.mixer() instanceof Attention);
  }

  /** The model's outputs are held until they are taken, whatever the training loop does. */
  void keepOutputs() {
    keepsOutputs = true;
  }

  /** What the model has returned, which is the caller's from now on. */
  List<Tensor> takeOutputs() {
    return outputs.hand();
  }

  /** From token ids to the loss. Without a graph nothing but the loss is left behind. */
  void forward() {
    resident.run(pass);
    if (pass.graph()) {
      outputs.findPrevious(isLeftCache() && cachesByLayer());
      run();
    } else {
      // A model that is not trained is as from_pretrained leaves it, which is in evaluation.
      boolean dropped = graph.dropOut(pass.model().trains() && graph.drops(true));
      loop.withoutGrad(this::run);
      graph.dropOut(dropped);
    }
  }

  /** The next pass of the step has ended. */
  void endNext() {
    if (loop.isNamedOn()) {
      head.dropBeside();
    }
  }

  void dropResult() {
    if (!holdsOutputs()) {
      head.dropResult();
      loop.drop();
    }
    if (loop.isLeftAsLoaded()) {
      base.dropCaches();
    }
  }

  boolean holdsOutputs() {
    return loop.trains() || loop.namesLogits();
  }

  void dropOutputs() {
    head.dropBeside();
    loop.drop();
    if (!loop.widens()) {
      base.dropReturnedInputs();
    }
    base.dropCaches();
  }

  private void run() {
    List<Tensor> before = loop.leftBefore();
    graph.phase(phase(Phase.FORWARD_LAYERS, Phase.NO_GRAD_LAYERS));
    boolean enters = settings.autocast() && !bare() && !loop.isPastAutocast() && !graph.autocast();
    if (enters) {
      graph.enterAutocast(settings.computeDtype());
    }
    graph.offloadSaved(job.parallelism().offload().contains(OffloadTarget.ACTIVATIONS));
    sharding.beforePass(generates());
    if (balances()) {
      base.returnScores();
    }
    Tensor hidden = base.forward(cachesBelow() || loop.isLeftAsLoaded() || loop.caches());
    if (pass.head() instanceof PassHead.Divergence asked && !asked.way().comparesLogits()) {
      graph.offloadSaved(false);
      waiting = hidden;
      return;
    }
    enterHead();
    loop.keepStates(hidden);
    head.forward(hidden);
    if (balances()) {
      base.balance();
    }
    loop.endFunction();
    before.forEach(graph::release);
    if (pass.head() instanceof PassHead.Divergence) {
      graph.offloadSaved(false);
      return;
    }
    end(enters);
  }

  private void end(boolean leavesAutocast) {
    base.endLoop();
    graph.offloadSaved(false);
    if (leavesAutocast && graph.autocast()) {
      graph.leaveAutocast();
    }
    outputs.take(
        head.logits(),
        keepsOutputs || (pass.graph() && settings.loss().keepsLogits()),
        base.returned());
    outputs.dropPrevious();
    base.dropReturned();
    if (loop.widens()) {
      base.dropReturnedInputs();
    }
    holdsCache = isLeftCache() && settings.loss().keepsLogits();
    if (!loop.isLeftAsLoaded() && !loop.trains() && !holdsCache) {
      base.dropCaches();
    }
  }

  /**
   * The head of a pass that is compared with another model's, when that has run; nothing of others.
   * The loss is computed inside the student's forward pass ({@code _ForwardRedirection} of
   * trl/models/utils.py), so an autocast would be left behind it.
   */
  void compare(List<PassWriter> passes) {
    if (!(pass.head() instanceof PassHead.Divergence asked)) {
      return;
    }
    resident.run(pass);
    enterHead();
    Tensor hidden = waiting;
    if (hidden == null) {
      HeadWriter its = other(passes);
      if (pass.graph()) {
        head.compareLogits(asked, its);
      } else {
        graph.withoutGrad(() -> head.compareLogits(asked, its));
      }
      end(false);
    } else {
      head.compare(hidden, asked, other(passes));
      waiting = null;
      end(settings.autocast());
    }
  }

  private static HeadWriter other(List<PassWriter> passes) {
    return passes.stream().map(PassWriter::head).filter(HeadWriter::isCompared).findFirst().get();
  }

  /** Whether the loss that balances experts is a part of what the pass makes. */
  private boolean balances() {
    boolean trains = pass.graph() || (evaluates && !generates() && pass.model().trains());
    return trains && settings.loss().balancesExperts();
  }

  private void enterHead() {
    graph.phase(phase(Phase.FORWARD_HEAD, Phase.NO_GRAD_HEAD));
  }

  HeadWriter head() {
    return head;
  }

  /**
   * {@code generate} is past the autocast around the prepared model where PEFT's class or PPO's is
   * between them; and an encoder is called alone.
   */
  private boolean bare() {
    boolean prepared =
        evaluates ? SearchWriter.autocasts(job) : GenerationMemory.autocasts(job, resident);
    return generates() && !(prepared && !resident.architecture().readsText());
  }

  private boolean generates() {
    return pass.head() instanceof PassHead.NextTokens;
  }

  private Phase phase(Phase withGraph, Phase without) {
    if (evaluates && !generates()) {
      return Phase.EVALUATION;
    }
    return generates() ? Phase.GENERATION : pass.graph() ? withGraph : without;
  }

  /** From the loss to the gradients of the parameters; nothing where there is no graph. */
  void backward() {
    if (pass.graph()) {
      backward(null);
    }
  }

  /**
   * As {@link #backward()}.
   *
   * @param ofResult gradient of what the pass has made, which is taken over; null where that is the
   *     loss
   */
  void backward(@Nullable Tensor ofResult) {
    resident.run(pass);
    if (ofResult == null) {
      graph.phase(Phase.BACKWARD_HEAD);
    }
    if (balances()) {
      base.balanceBackward();
    }
    Tensor ofStates = head.backward(ofResult);
    graph.phase(Phase.BACKWARD_LAYERS);
    base.backward(ofStates);
    loop.keepGraph();
    if (holdsCache && !settings.loss().findsOldLogits()) {
      base.dropCaches();
    }
    outputs.endBackward();
  }
}
