package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.LayerLoader;
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
import org.jspecify.annotations.Nullable;

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
    List<StageFront> fronts = earlierFronts(ids, inFlight[0]);
    for (int chunk = 0; chunk <= last; chunk++) {
      if (inFlight[chunk] > 0) {
        Passes passes = new Passes(graph, recomputes(), inFlight[chunk]);
        graph.release(forward(passes, chunk, fronts));
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
    for (Passes passes : earlier) {
      Tensor gradient = passes.backward(received.gradient());
      if (passes == earlier.get(earlier.size() - 1) && !fronts.isEmpty()) {
        fronts.get(fronts.size() - 1).backward(gradient);
      } else {
        graph.release(gradient);
      }
    }
    fronts.stream().limit(Math.max(0, fronts.size() - 1)).forEach(this::backward);
    if (others != null) {
      graph.release(others);
    }
  }

  /**
   * What ran before the layers of the first virtual stage on micro-batches in flight, where an
   * encoder did: what it keeps is there for each. Embedded tokens keep ids alone.
   */
  private List<StageFront> earlierFronts(Tensor ids, int count) {
    StageEncoder encoder = model().encoder();
    List<StageFront> fronts = new ArrayList<>();
    for (int i = 0; encoder != null && i < count; i++) {
      Tensor pixels = encoder.pixels();
      StageFront front = new ImageFront(graph, model().ends(), encoder, ids, pixels);
      graph.release(pixels);
      fronts.add(front);
      if (i < count - 1) {
        graph.release(front.result());
        front.passed(recomputes());
      }
    }
    return fronts;
  }

  private void backward(StageFront front) {
    front.backward(received.gradient());
  }

  /** Of micro-batches in flight, through one virtual stage. */
  private Tensor forward(Passes passes, int chunk, List<StageFront> fronts) {
    List<LayerLoader.RepeatedLayers> layers = model().chunks().get(chunk);
    if (chunk > 0 || fronts.isEmpty()) {
      return passes.forward(layers, received.hidden());
    }
    return through(passes, layers, fronts.get(fronts.size() - 1));
  }

  private Tensor through(Passes passes, List<LayerLoader.RepeatedLayers> layers, StageFront front) {
    Tensor output = passes.forward(layers, front.result(), front.features());
    front.passed(recomputes());
    return output;
  }

  /** One micro-batch, forward and backward, through the last virtual stage. */
  private void one(int chunk, PassHead loss, Tensor ids) {
    Passes passes = new Passes(graph, recomputes(), 1);
    boolean embeds = isFirst() && chunk == 0;
    Tensor pixels = embeds ? pixels() : null;
    StageFront front =
        embeds
            ? front(ids, pixels)
            : new StageFront.OfText(graph, graph.recorded(() -> received.hidden()));
    Tensor output = through(passes, model().chunks().get(chunk), front);
    Tensor gradient;
    if (isLast()) {
      gradient = throughLoss(output, loss, pixels);
    } else {
      graph.release(output);
      drop(pixels);
      gradient = received.gradient();
    }
    graph.phase(Phase.BACKWARD_LAYERS);
    front.backward(passes.backward(gradient));
  }

  /** Null where no encoder runs. */
  private @Nullable Tensor pixels() {
    StageEncoder encoder = model().encoder();
    return encoder == null ? null : encoder.pixels();
  }

  private void drop(@Nullable Tensor pixels) {
    if (pixels != null) {
      graph.release(pixels);
    }
  }

  private StageFront front(Tensor ids, @Nullable Tensor pixels) {
    StageEncoder encoder = model().encoder();
    return encoder == null || pixels == null
        ? new StageFront.OfText(graph, graph.recorded(() -> model().ends().embed(graph, ids)))
        : new ImageFront(graph, model().ends(), encoder, ids, pixels);
  }

  /**
   * The embedding of the first of several virtual stages, whose turn comes with as many in flight.
   */
  private void throughEmbedding(Tensor ids) {
    if (model().encoder() != null) {
      return;
    }
    Recording.Of<Tensor> embedded = graph.recorded(() -> model().ends().embed(graph, ids));
    graph.release(embedded.result());
    if (embedded.result().requiresGrad()) {
      graph.send(embedded.result(), received.gradient());
      graph.backward(embedded.recording());
    }
  }

  /** The step's function returns with the loss, and pixels go. */
  private Tensor throughLoss(Tensor output, PassHead asked, @Nullable Tensor pixels) {
    graph.phase(Phase.FORWARD_HEAD);
    Boundary boundary = new Boundary();
    Recording.Of<Tensor> loss =
        graph.recorded(
            () -> {
              Tensor last = boundary.enterRequiringGrad(graph, output);
              return model().ends().loss(graph, last, asked, loss());
            });
    drop(pixels);
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
        job.frameworkCode().stages().does(StageHabit.WIDENS),
        job.frameworkCode().is(LayerCode.KEEPS_GATHERED),
        job.frameworkCode().is(LossCode.WIDENS_SHARES));
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
