package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.run.episode.Episode.Evaluation.Choice;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * One more token of each row: what the loop has of the token before is named until it has the same
 * of this one (transformers/generation/utils.py {@code _sample}, {@code _beam_search}).
 *
 * @param resident the model that generates, at the pass over the prompts
 * @param rows sequences, or beams of them
 * @param autocasts the model runs under autocast
 */
record NextToken(Graph graph, ResolvedJob job, Resident resident, long rows, boolean autocasts) {

  /** Dtype of keys and values, and of what the head computes. */
  DataType dtype() {
    return autocasts ? job.computeDtype() : job.weightDtype();
  }

  /** What was made of the logits of the token before, and is still named. */
  void before(Scope scope, Choice choice, int beams) {
    if (choice == Choice.DRAWN) {
      words(scope, "likeliest logits", DataType.FP32);
    }
    if (choice != Choice.LIKELIEST || beams > 1) {
      words(scope, "probabilities", DataType.FP32);
    }
  }

  /** Logits of the next tokens, beside those of the tokens before. */
  void next(Scope scope) {
    StepSettings settings = resident.settings();
    try (Scope forward = Scope.of(graph)) {
      words(forward, "logits in fp32", DataType.FP32);
      Tensor cast =
          graph.allocate(Aten.TO_COPY, "cast weights", Category.TEMPORARIES, cast(), dtype());
      boolean widens = autocasts && settings.outputsInFp32();
      if (widens) {
        graph.release(graph.allocate("logits", Category.LOGITS_AND_LOSS, words(), dtype()));
      }
      graph.release(cast);
      words(forward, "logits", widens ? DataType.FP32 : settings.logitsDtype());
      words(scope, "logits in fp32", DataType.FP32);
    }
  }

  /** Elements of weights of which autocast keeps copies until the model returns. */
  private long cast() {
    boolean casts = autocasts && job.weightDtype() != dtype();
    if (!casts || job.method() != Method.FULL) {
      return 0;
    }
    Architecture model = resident.architecture();
    long sum = model.vocabularySize() * model.hiddenSize();
    for (LayerRun run : model.layers()) {
      for (DecoderLayer layer : run.period()) {
        sum +=
            Tensors.of(layer).stream()
                .filter(tensor -> tensor.shape().size() > 1)
                .mapToLong(tensor -> run.times() * tensor.count())
                .sum();
      }
    }
    return sum;
  }

  private long words() {
    return Math.multiplyExact(rows, resident.architecture().vocabularySize());
  }

  private Tensor words(Scope scope, String name, DataType type) {
    return scope.own(graph.allocate(name, Category.LOGITS_AND_LOSS, words(), type));
  }
}
