package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.LayerLoader;
import dev.vramcast.core.megatron.layer.Rows;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs micro-batches through the models of a stage.
 *
 * @param stage counted from 0
 * @param trained the model whose step it runs
 * @param models those that are loaded, when a pass runs
 */
record StageRunner(
    Graph graph,
    ResolvedJob job,
    Rows rows,
    int stage,
    Received received,
    ResidentModel trained,
    Map<ResidentModel, StageModel> models) {

  /** The model that is trained. */
  StageModel model() {
    return resident(trained);
  }

  private StageModel resident(ResidentModel which) {
    return Objects.requireNonNull(models.get(which));
  }

  /**
   * The schedule's variable for the gradient that was sent to the stage before holds it until the
   * next one is there. What is compared with the policy runs before it, and what a stage receives
   * and sends is that of all passes in one tensor, which is there as long as the policy's part is
   * (swift/megatron/trainers/dpo_trainer.py forward_step).
   */
  void run(List<Pass> step, Tensor ids) {
    Division division = division();
    List<Pass> compared = step.stream().filter(pass -> !pass.graph()).toList();
    Pass learns = step.stream().filter(Pass::graph).findFirst().orElseThrow();
    graph.phase(Phase.FORWARD_LAYERS);
    List<List<LayerLoader.RepeatedLayers>> chunks = model().chunks();
    int[] inFlight =
        Schedule.inFlight(stage, division.pipeline(), division.chunks(), job.batch().gradAccum());
    int last = chunks.size() - 1;
    long fromBefore = isFirst() ? 0 : Arrays.stream(inFlight).sum();
    long beside = compared.size() * (fromBefore + (isLast() ? 0 : 1));
    Tensor others = beside == 0 ? null : received.hidden(beside);
    inFlight[last]--;
    Tensor sent = isFirst() || job.batch().gradAccum() == 1 ? null : received.gradient();
    List<Passes> earlier = new ArrayList<>();
    for (int chunk = 0; chunk <= last; chunk++) {
      if (inFlight[chunk] > 0) {
        Passes passes = new Passes(graph, recomputes(), inFlight[chunk]);
        graph.release(passes.forward(chunks.get(chunk), received.hidden()));
        earlier.add(passes);
      }
    }
    for (Pass pass : compared) {
      graph.phase(Phase.NO_GRAD_LAYERS);
      graph.withoutGrad(() -> score(pass, ids));
    }
    graph.phase(Phase.FORWARD_LAYERS);
    one(last, learns.head(), ids);
    if (isFirst() && last > 0) {
      throughEmbedding(ids);
    }
    if (sent != null) {
      graph.release(sent);
    }
    Collections.reverse(earlier);
    earlier.forEach(passes -> graph.release(passes.backward(received.gradient())));
    if (others != null) {
      graph.release(others);
    }
  }

  /** One micro-batch, forward and backward, through the last virtual stage. */
  private void one(int chunk, PassHead loss, Tensor ids) {
    Passes passes = new Passes(graph, recomputes(), 1);
    boolean embeds = isFirst() && chunk == 0;
    Recording.Of<Tensor> embedded =
        graph.recorded(() -> embeds ? model().ends().embed(graph, ids) : received.hidden());
    Tensor output = passes.forward(model().chunks().get(chunk), embedded.result());
    Tensor gradient;
    if (isLast()) {
      gradient = throughLoss(output, loss);
    } else {
      graph.release(output);
      gradient = received.gradient();
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
  private void throughEmbedding(Tensor ids) {
    Recording.Of<Tensor> embedded = graph.recorded(() -> model().ends().embed(graph, ids));
    graph.release(embedded.result());
    if (embedded.result().requiresGrad()) {
      graph.send(embedded.result(), received.gradient());
      graph.backward(embedded.recording());
    }
  }

  private Tensor throughLoss(Tensor output, PassHead asked) {
    graph.phase(Phase.FORWARD_HEAD);
    Boundary boundary = new Boundary();
    Recording.Of<Tensor> loss =
        graph.recorded(
            () -> {
              Tensor last = boundary.enterRequiringGrad(graph, output);
              return model().ends().loss(graph, last, asked, loss());
            });
    graph.phase(Phase.BACKWARD_HEAD);
    graph.send(
        loss.result(),
        graph.allocate(
            Aten.EMPTY_LIKE,
            "loss",
            Category.LOGITS_AND_LOSS,
            loss.result().elements(),
            DataType.FP32));
    graph.backward(loss.recording());
    graph.release(loss.result());
    return Objects.requireNonNull(boundary.take());
  }

  /** A forward pass of one micro-batch, of which nothing stays. */
  void score(Pass pass, Tensor given) {
    StageModel its = resident(pass.model());
    Tensor hidden = isFirst() ? its.ends().embed(graph, given) : received.hidden();
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

  /** How the framework makes of logits what is asked for; jit_fuser is torch.compile. */
  private StageEnds.LossOptions loss() {
    return new StageEnds.LossOptions(
        job.frameworkCode().is(LossCode.COPIES_LOGITS),
        job.compile() || job.frameworkCode().is(LossCode.COMPILES_SHARES),
        job.frameworkCode().stages().does(StageHabit.WIDENS));
  }

  private boolean isFirst() {
    return stage == 0;
  }

  private boolean isLast() {
    return stage == division().pipeline() - 1;
  }

  private Division division() {
    return Division.of(job.parallelism());
  }

  private boolean recomputes() {
    return job.checkpointing() == Checkpointing.FULL;
  }
}
