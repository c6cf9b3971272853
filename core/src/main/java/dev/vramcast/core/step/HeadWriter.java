package dev.vramcast.core.step;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.module.head.Features;
import dev.vramcast.core.module.head.HeadAndLoss;
import dev.vramcast.core.module.head.place.DrawnTokens;
import dev.vramcast.core.module.head.place.LogProbabilityPieces;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Runs the head of one model, and what a pass makes of its result: forward and backward. */
final class HeadWriter {

  private final Graph graph;
  private final Resident resident;
  private final StepSettings settings;
  private final Sharding sharding;
  private final Pass pass;
  private final ReturnedOutputs outputs;
  private final ReturnedOutputs.OfLoop loop;
  private final Boundary before = new Boundary();

  /** What the forward pass leaves for the backward pass; null until it has run. */
  private @Nullable Recording recording;

  private HeadAndLoss.@Nullable Output output;

  /** Null where nothing names it. */
  private @Nullable Tensor input;

  /** The loss over logits of two models, which have been made before; null for other passes. */
  private @Nullable Recording comparison;

  private final List<Boundary> compared = new ArrayList<>();

  /** What the model made, to which the gradients of the compared logits go. */
  private List<Tensor> sources = List.of();

  HeadWriter(
      Graph graph,
      Resident resident,
      Pass pass,
      ReturnedOutputs outputs,
      ReturnedOutputs.OfLoop loop) {
    this.graph = graph;
    this.resident = resident;
    this.settings = resident.settings();
    this.sharding = resident.sharding();
    this.pass = pass;
    this.outputs = outputs;
    this.loop = loop;
  }

  /** From the normalised hidden states, which it takes over. */
  void forward(Tensor hidden) {
    if (pass.head() instanceof PassHead.Features asked) {
      Features features = new Features(asked);
      through(hidden, (inside, unit) -> features.forward(graph, head(), inside, unit));
      return;
    }
    if (pass.head() instanceof PassHead.DrawnTokens asked) {
      DrawnTokens drawn = new DrawnTokens(asked);
      through(hidden, (inside, unit) -> drawn.forward(graph, head(), inside, unit, this::returned));
      return;
    }
    if (pass.head() instanceof PassHead.Pieces asked) {
      LogProbabilityPieces pieces = new LogProbabilityPieces(asked);
      through(
          hidden, (inside, unit) -> pieces.forward(graph, head(), inside, unit, this::returned));
      return;
    }
    through(hidden, (inside, unit) -> head().forward(graph, inside, pass, unit, this::returned));
  }

  /** The same where the result is compared with that of another model, whose head has run. */
  void compare(Tensor hidden, PassHead.Divergence asked, HeadWriter other) {
    through(
        hidden,
        (inside, unit) -> head().compare(graph, inside, asked, unit, other.head(), other.output()));
  }

  /**
   * The loss over these logits and those of another model, whose head has run too; it takes the
   * place of what {@link #forward} has made.
   */
  void compareLogits(PassHead.Divergence asked, HeadWriter other) {
    List<Tensor> own = output().logits();
    List<Tensor> its = new ArrayList<>(List.of(other.output().loss()));
    its.addAll(other.output().beside());
    List<Tensor> entered = new ArrayList<>();
    for (Tensor each : own) {
      Boundary boundary = new Boundary();
      compared.add(boundary);
      entered.add(boundary.enter(graph, each.hold()));
    }
    Recording.Of<Tensor> loss =
        graph.recorded(() -> head().compareLogits(graph, asked, entered, its));
    comparison = loss.recording();
    entered.forEach(graph::release);
    List<Tensor> named = new ArrayList<>(own);
    its.forEach(each -> named.add(each.hold()));
    sources = own;
    output = new HeadAndLoss.Output(loss.result(), named, List.of(), 1);
  }

  private void through(Tensor hidden, BiFunction<Tensor, ShardUnit, HeadAndLoss.Output> run) {
    ShardUnit own = resident.model().units().head();
    ShardUnit unit = endsModel() ? new ModelEnd(graph, own, sharding) : own;
    Tensor given = before.enter(graph, hidden);
    recording =
        graph.record(
            () -> {
              Tensor inside = unit.enter(given);
              input = inside;
              output = run.apply(inside, unit);
            });
    dropInput();
    if (!endsModel()) {
      sharding.afterForward();
    }
  }

  private HeadAndLoss head() {
    return resident.model().head();
  }

  /** What the head has made, when it has run. */
  private HeadAndLoss.Output output() {
    return Objects.requireNonNull(output);
  }

  List<Tensor> logits() {
    return output().logits();
  }

  /** What the pass has made of its sequences; it stays the writer's. */
  Tensor result() {
    return output().loss();
  }

  /** The model returns, and the loss is computed behind it. */
  private void returned() {
    outputs.dropPrevious();
    loop.widenStates();
    if (pass.head() instanceof PassHead.Loss loss && !takesLogits(loss)) {
      return;
    }
    if (settings.autocast()) {
      graph.leaveAutocast();
    }
    dropInput();
  }

  private void dropInput() {
    if (input != null) {
      graph.release(input);
      input = null;
    }
  }

  /** Whether another model's head is compared with it. */
  boolean isCompared() {
    return pass.head() instanceof PassHead.HiddenStates || pass.head() instanceof PassHead.Compared;
  }

  /** The model has returned when the loss is computed of what its head gave. */
  private boolean endsModel() {
    if (settings.loss().returnsLogits()
        || pass.head() instanceof PassHead.PairScores
        || pass.head() instanceof PassHead.PairValues) {
      return true;
    }
    if (pass.head() instanceof PassHead.LogProbabilities asked) {
      return !asked.way().selects();
    }
    if (pass.head() instanceof PassHead.Divergence asked) {
      return asked.way().comparesLogits();
    }
    if (pass.head() instanceof PassHead.Pieces asked) {
      return asked.whole();
    }
    if (pass.head() instanceof PassHead.Compared || pass.head() instanceof PassHead.DrawnTokens) {
      return true;
    }
    return pass.head() instanceof PassHead.Loss loss && takesLogits(loss);
  }

  /** The loss takes logits behind the model. */
  private boolean takesLogits(PassHead.Loss loss) {
    return settings.job().supervision().takesLogits() && loss.kernel() != LossKernel.CHUNKED;
  }

  /** The trainer logs what it makes of the results of the model that is trained. */
  void report() {
    if (pass.model().trains() && pass.adapters()) {
      head().report(graph, output(), pass);
    }
  }

  /** The loss is computed: what it reads of this pass is dropped, save what is sent backward. */
  void dropResult() {
    output().beside().forEach(graph::release);
    if (!pass.graph()) {
      graph.release(output().loss());
    }
  }

  /** Frees what it left for a backward pass, which is not written. */
  void abandon() {
    graph.release(result());
    BackwardPass.drop(graph, Objects.requireNonNull(recording));
  }

  /** What the caller of the model has dropped already. */
  void dropBeside() {
    output().beside().forEach(graph::release);
    output = new HeadAndLoss.Output(result(), List.of(), List.of(), output().seedElements());
  }

  /**
   * From the result to the gradient of the hidden states.
   *
   * @param ofResult gradient of what the pass has made, which is taken over; null where that is the
   *     loss
   * @return null where nothing before the head is trained
   */
  @Nullable Tensor backward(@Nullable Tensor ofResult) {
    if (!endsModel()) {
      sharding.beforeBackward();
    }
    graph.send(result(), ofResult == null ? output().seed(graph) : ofResult);
    if (comparison != null) {
      graph.backward(comparison);
      for (int i = sources.size() - 1; i >= 0; i--) {
        graph.send(sources.get(i), Objects.requireNonNull(compared.get(i).take()));
      }
    }
    graph.backward(Objects.requireNonNull(recording));
    return before.take();
  }
}
