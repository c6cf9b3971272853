package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Boundary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.module.head.ContrastLoss;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A micro-batch whose loss is over vectors of sentences: passes meet in it, or run again behind it
 * with the gradients that it left (sentence_transformers/base/losses/gradcache.py).
 */
final class EmbeddingWriter {

  private final Graph graph;
  private final ResolvedJob job;
  private final Function<ResidentModel, Resident> residents;
  private final Settings.Contrast contrast;
  private final List<Tensor> batch = new ArrayList<>();

  EmbeddingWriter(
      Graph graph,
      ResolvedJob job,
      Objective.SentenceEmbedding objective,
      Function<ResidentModel, Resident> residents) {
    this.graph = graph;
    this.job = job;
    this.residents = residents;
    this.contrast = objective.contrast();
  }

  void write(Episode.Step step) {
    if (contrast.miniBatch().isPresent()) {
      cached(step);
    } else {
      together(step.passes());
    }
    step.passes().forEach(pass -> residents.apply(pass.model()).sharding().afterPasses());
    batch.forEach(graph::release);
  }

  /** All passes, the loss, and their backward passes, the last first. */
  private void together(List<Pass> passes) {
    Map<PassBatch, Inputs> inputs = new LinkedHashMap<>();
    List<PassWriter> trained = new ArrayList<>();
    List<PassWriter> guides = new ArrayList<>();
    for (Pass pass : passes) {
      Inputs its = pass.graph() ? inputs(pass) : Objects.requireNonNull(inputs.get(pass.batch()));
      inputs.put(pass.batch(), its);
      PassWriter writer = new PassWriter(graph, residents.apply(pass.model()), pass, its);
      if (pass.graph() && !contrast.widths().isEmpty()) {
        // matryoshka.py ForwardDecorator.cache holds what the prepared model has returned.
        writer.keepOutputs();
      }
      writer.forward();
      (pass.graph() ? trained : guides).add(writer);
    }
    List<Boundary> boundaries = new ArrayList<>();
    List<Tensor> vectors = new ArrayList<>();
    for (PassWriter writer : trained) {
      Boundary boundary = new Boundary();
      boundaries.add(boundary);
      vectors.add(boundary.enter(graph, writer.head().result()));
    }
    graph.phase(Phase.FORWARD_HEAD);
    Recording.Of<Tensor> loss =
        graph.recorded(
            () ->
                loss(
                    vectors,
                    guides.stream().map(writer -> writer.head().result()).toList(),
                    examples()));
    vectors.forEach(graph::release);
    trained.forEach(writer -> writer.takeOutputs().forEach(graph::release));
    trained.forEach(writer -> writer.head().dropResult());
    guides.forEach(writer -> writer.head().dropResult());
    graph.phase(Phase.BACKWARD_HEAD);
    backward(loss);
    graph.meeting(trained.size());
    for (int i = trained.size() - 1; i >= 0; i--) {
      trained.get(i).backward(Objects.requireNonNull(boundaries.get(i).take()));
    }
    graph.meeting(1);
  }

  private void backward(Recording.Of<Tensor> loss) {
    Tensor seed = graph.allocate("loss", Category.LOGITS_AND_LOSS, 1, loss.result().dtype());
    graph.send(loss.result(), seed);
    graph.backward(loss.recording());
    graph.release(loss.result());
  }

  /**
   * Vectors of all texts without a graph; the loss and their gradients, as many anchors at a time
   * as a mini-batch has texts; and the last mini-batch of all, with a graph.
   */
  private void cached(Episode.Step step) {
    Pass trained = step.trained();
    Inputs whole = inputs(new Pass(trained.model(), false, step.batch(), trained.head()));
    long width = residents.apply(trained.model()).architecture().hiddenSize();
    List<Tensor> earlier = new ArrayList<>();
    List<PassWriter> writers = new ArrayList<>();
    for (Pass pass : step.others()) {
      PassWriter writer = new PassWriter(graph, residents.apply(pass.model()), pass, whole);
      writers.add(writer);
      writer.forward();
      writer.head().dropBeside();
      earlier.add(others(writer.head().result(), step.rounds() - 1));
    }
    List<Tensor> gradients = compared(writers, earlier, width, trained.batch().sequences());
    PassWriter last = new PassWriter(graph, residents.apply(trained.model()), trained, whole);
    last.forward();
    last.head().dropBeside();
    Tensor one = last.head().result();
    graph.phase(Phase.BACKWARD_HEAD);
    Tensor sent =
        graph.allocate(
            "gradients of activations", Category.LOGITS_AND_LOSS, one.elements(), one.dtype());
    last.backward(sent);
    gradients.forEach(graph::release);
  }

  /** Vectors of the mini-batches before the one that is written. */
  private Tensor others(Tensor vectors, int rounds) {
    return graph.allocate(
        "embeddings", Category.LOGITS_AND_LOSS, rounds * vectors.elements(), vectors.dtype());
  }

  /** The gradients of all vectors, which are dropped. */
  private List<Tensor> compared(
      List<PassWriter> writers, List<Tensor> earlier, long width, int rows) {
    graph.phase(Phase.NO_GRAD_HEAD);
    List<Tensor> copies = new ArrayList<>();
    DataType dtype = writers.get(0).head().result().dtype();
    long examples = examples();
    for (long count : new long[] {examples, examples * (contrast.texts() - 1)}) {
      copies.add(graph.allocate("embeddings", Category.LOGITS_AND_LOSS, count * width, dtype));
    }
    List<Tensor> guides = writers.size() > 1 ? guides(width, dtype) : List.of();
    Boundary first = new Boundary();
    Boundary second = new Boundary();
    List<Tensor> sides =
        List.of(
            first.enterRequiringGrad(graph, copies.get(0)),
            second.enterRequiringGrad(graph, copies.get(1)));
    Recording.Of<Tensor> loss =
        graph.withGrad(false, () -> loss(sides, guides, Math.min(rows, examples)));
    backward(loss);
    sides.forEach(graph::release);
    guides.forEach(graph::release);
    earlier.forEach(graph::release);
    writers.forEach(writer -> writer.head().dropResult());
    return List.of(Objects.requireNonNull(first.take()), Objects.requireNonNull(second.take()));
  }

  private List<Tensor> guides(long width, DataType dtype) {
    Tensor anchors =
        graph.allocate("embeddings", Category.LOGITS_AND_LOSS, examples() * width, dtype);
    Tensor others =
        graph.allocate(
            "embeddings",
            Category.LOGITS_AND_LOSS,
            examples() * (contrast.texts() - 1) * width,
            dtype);
    return List.of(anchors, others);
  }

  private Tensor loss(List<Tensor> vectors, List<Tensor> guides, long rows) {
    long width =
        vectors.stream().mapToLong(Tensor::elements).sum() / (examples() * contrast.texts());
    ContrastLoss loss = new ContrastLoss(contrast, examples(), rows, width);
    List<Tensor> known = guides.isEmpty() ? List.of() : sides(guides);
    List<Tensor> sides = sides(vectors);
    Tensor result = loss.forward(graph, sides.get(0), sides.get(1), known);
    sides.forEach(graph::release);
    known.forEach(graph::release);
    return result;
  }

  /** Anchors, and all other texts; those of several columns are put together. */
  private List<Tensor> sides(List<Tensor> vectors) {
    if (vectors.size() == 1) {
      Tensor all = vectors.get(0);
      long anchors = all.elements() / contrast.texts();
      return List.of(
          ShapeOps.slice(graph, all.hold(), anchors),
          ShapeOps.slice(graph, all.hold(), all.elements() - anchors));
    }
    if (vectors.size() == 2) {
      return List.of(vectors.get(0).hold(), vectors.get(1).hold());
    }
    Tensor[] others = vectors.subList(1, vectors.size()).toArray(Tensor[]::new);
    return List.of(vectors.get(0).hold(), ShapeOps.concatenate(graph, "embeddings", others));
  }

  private long examples() {
    return job.batch().microBatch();
  }

  /** Ids and masks of a pass, and those of other micro-batches that are there with them. */
  private Inputs inputs(Pass pass) {
    Resident resident = residents.apply(pass.model());
    resident.run(pass);
    Inputs made = Inputs.of(graph, resident, 1);
    batch.addAll(made.all());
    long others = job.batch().gradAccum() - 1L;
    if (others > 0 && job.frameworkCode().is(LoopCode.FETCHES_STEP)) {
      long numbers = 2 * others * made.ids().elements();
      batch.add(graph.allocate(Inputs.MOVED, "inputs", Category.OTHER, numbers, DataType.INT64));
    }
    return made;
  }
}
