package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * One batch of an evaluation, the last of those whose logits are gathered on the GPU
 * (transformers/trainer.py evaluation_loop).
 */
final class EvaluationWriter {

  private static final Operation CONCATENATED =
      Operation.of("aten::cat", "transformers/trainer_pt_utils.py nested_concat");

  private static final Operation GATHERED =
      Operation.of("aten::empty", "accelerate/utils/operations.py _gpu_gather");

  private static final ModuleScope LOOP =
      ModuleScope.outside("evaluation", "transformers/trainer.py evaluation_loop");

  private final Graph graph;
  private final ResolvedJob job;
  private final Function<ResidentModel, Resident> residents;

  EvaluationWriter(Graph graph, ResolvedJob job, Function<ResidentModel, Resident> residents) {
    this.graph = graph;
    this.job = job;
    this.residents = residents;
  }

  /** The loop that trains still names its batch; {@code model.eval()} drops nothing out. */
  void write(Episode.Evaluation evaluation) {
    boolean dropped = graph.dropOut(false);
    graph.phase(Phase.EVALUATION);
    try (Scope scope = Scope.of(graph)) {
      inputs(scope, trained());
      batch(scope, evaluation);
    }
    graph.dropOut(dropped);
  }

  /** The batch that was trained on, of as many sequences as its examples have. */
  private Resident trained() {
    PassBatch batch = PassBatch.of(job.batch());
    int sequences = batch.sequences() * job.objective().stage().sequencesOfAnExample();
    Resident policy = residents.apply(ResidentModel.POLICY);
    policy.run(
        new Pass(
            ResidentModel.POLICY, false, new PassBatch(sequences, batch.length()), job.loss()));
    return policy;
  }

  private void batch(Scope scope, Episode.Evaluation evaluation) {
    evaluation
        .generated()
        .ifPresent(
            search ->
                new SearchWriter(graph, job, residents.apply(search.prompts().model()), search)
                    .write());
    if (!evaluation.passes().isEmpty()) {
      passes(scope, evaluation);
    }
  }

  private void passes(Scope scope, Episode.Evaluation evaluation) {
    List<PassWriter> writers = writers(scope, evaluation.passes());
    Gathering gathering = new Gathering(evaluation);
    gathering.earlier();
    for (int i = 0; i < writers.size(); i++) {
      boolean yields = evaluation.gathered() > 0 && i == writers.size() - 1;
      run(writers.get(i), evaluation.passes().get(i), yields);
    }
    writers.forEach(writer -> writer.compare(writers));
    writers.forEach(writer -> writer.head().report());
    writers.forEach(PassWriter::dropResult);
    if (evaluation.gathered() > 0) {
      gathering.add(writers.get(writers.size() - 1).takeOutputs());
    }
    for (Pass pass : evaluation.passes()) {
      residents.apply(pass.model()).sharding().afterPasses();
    }
  }

  private List<PassWriter> writers(Scope scope, List<Pass> passes) {
    Map<PassBatch, Inputs> batches = new LinkedHashMap<>();
    List<PassWriter> writers = new ArrayList<>();
    for (Pass pass : passes) {
      Resident resident = residents.apply(pass.model());
      resident.run(pass);
      Inputs inputs = batches.computeIfAbsent(pass.batch(), b -> inputs(scope, resident));
      PassWriter writer = new PassWriter(graph, resident, pass, inputs);
      writer.evaluate();
      writers.add(writer);
    }
    return writers;
  }

  /** A model that returns a cache holds what each layer has put there until it returns. */
  private void run(PassWriter writer, Pass pass, boolean yields) {
    if (yields) {
      writer.keepOutputs();
    }
    boolean caches = !writer.cachesBelow() && writer.returnsCache();
    try (Scope scope = Scope.of(graph)) {
      if (caches) {
        Resident resident = residents.apply(pass.model());
        scope.own(cache(graph, resident, resident.run(pass)));
      }
      writer.forward();
    }
  }

  /** Keys and values of all layers, which a model has returned. */
  static Tensor cache(Graph graph, Resident resident, StepSettings settings) {
    long elements =
        settings.batch() * KeyValueSize.expanded(resident.architecture(), settings.sequence());
    return graph.allocate(
        Aten.CAT, "key-value cache", Category.ACTIVATIONS, elements, settings.computeDtype());
  }

  private Inputs inputs(Scope scope, Resident resident) {
    Inputs inputs = Inputs.of(graph, resident, Inputs.LABELS_AND_MASK);
    inputs.all().forEach(scope::own);
    return inputs;
  }

  /**
   * Logits and labels of all batches so far, with those of all ranks; each batch is put behind them
   * by a copy of all ({@code EvalLoopContainer.add}).
   */
  private final class Gathering {

    private final int batches;
    private final List<Tensor> earlier = new ArrayList<>();

    /** The loop still names those of the batch before, when there are more. */
    private final List<Tensor> named = new ArrayList<>();

    private final long logits;
    private final long labels;
    private final DataType dtype;

    Gathering(Episode.Evaluation evaluation) {
      this.batches = evaluation.gathered();
      Pass pass = evaluation.passes().get(evaluation.passes().size() - 1);
      Resident resident = residents.apply(pass.model());
      StepSettings settings = resident.run(pass);
      Architecture model = resident.architecture();
      OptionalInt classes = job.objective().classes();
      boolean tokens = classes.isEmpty() || job.objective().classifiesTokens();
      this.labels = tokens ? settings.tokens() : settings.batch();
      this.logits = labels * (classes.isPresent() ? classes.getAsInt() : model.vocabularySize());
      this.dtype = settings.outputsInFp32() ? DataType.FP32 : settings.logitsDtype();
    }

    void earlier() {
      if (batches > 1) {
        earlier.addAll(both(CONCATENATED, batches - 1L));
      }
      if (batches > 2) {
        named.addAll(both(GATHERED, 1));
      }
    }

    /** Takes over the logits of a batch. */
    void add(List<Tensor> outputs) {
      graph.site().within(LOOP, () -> concatenate(outputs));
    }

    private void concatenate(List<Tensor> outputs) {
      named.forEach(graph::release);
      try (Scope scope = Scope.of(graph)) {
        if (job.parallelism().gpus() > 1) {
          both(GATHERED, 1).forEach(scope::own);
          outputs.forEach(graph::release);
        } else {
          outputs.forEach(scope::own);
        }
        if (batches > 1) {
          both(CONCATENATED, batches).forEach(scope::own);
          earlier.forEach(graph::release);
        }
      }
    }

    private List<Tensor> both(Operation operation, long count) {
      long all = Math.multiplyExact(count, job.parallelism().gpus());
      return List.of(
          graph.allocate(
              operation, "gathered logits", Category.LOGITS_AND_LOSS, all * logits, dtype),
          graph.allocate(
              operation,
              "gathered labels",
              Category.LOGITS_AND_LOSS,
              all * labels,
              DataType.INT64));
    }
  }
}
