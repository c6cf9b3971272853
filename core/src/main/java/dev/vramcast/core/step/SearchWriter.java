package dev.vramcast.core.step;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.KeyValueSize;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.module.VisionModule;
import dev.vramcast.core.run.episode.Episode.Evaluation.Choice;
import dev.vramcast.core.run.episode.Episode.Evaluation.Search;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;

/** What an evaluation generates (transformers/generation/utils.py generate). */
final class SearchWriter {

  private static final ModuleScope GENERATE =
      ModuleScope.outside("generate", "transformers/generation/utils.py generate");

  private static final String CACHE = "keys and values";

  private final Graph graph;
  private final ResolvedJob job;
  private final Resident resident;
  private final Search search;
  private final NextToken token;

  /** Tokens of a text that an encoder reads; 0 where there is none. */
  private final long source;

  SearchWriter(Graph graph, ResolvedJob job, Resident resident, Search search) {
    this.graph = graph;
    this.job = job;
    this.resident = resident;
    this.search = search;
    resident.run(search.prompts());
    this.token = new NextToken(graph, job, resident, search.rows(), autocasts(job));
    VisionModule encoder = resident.model().vision();
    this.source =
        encoder != null && encoder.readsText()
            ? encoder.pixels() / search.prompts().batch().sequences()
            : 0;
  }

  /**
   * Whether the model that generates is the prepared one: PEFT's {@code generate} calls the model
   * below the class that autocast is around.
   */
  static boolean autocasts(ResolvedJob job) {
    return job.autocast() && job.adapter().isEmpty();
  }

  /** The first pass, and the last token, before which keys and values are most. */
  void write() {
    graph.phase(Phase.GENERATION);
    try (Scope scope = Scope.of(graph)) {
      Inputs inputs = Inputs.of(graph, resident, 1);
      inputs.all().forEach(scope::own);
      // An encoder has run before there are any.
      Tensor cache = keysAndValues(source > 0 ? 0 : search.prompts().batch().length());
      run(inputs);
      graph.release(cache);
      graph.phase(Phase.GENERATION);
      graph.site().within(GENERATE, this::lastToken);
    }
    graph.phase(Phase.EVALUATION);
  }

  private void run(Inputs inputs) {
    PassWriter writer = new PassWriter(graph, resident, search.prompts(), inputs);
    writer.evaluate();
    writer.forward();
    writer.head().dropResult();
  }

  private Tensor keysAndValues(long tokens) {
    Architecture model = resident.architecture();
    long read = tokens > 0 ? KeyValueSize.read(model, source) : 0;
    long elements = rows(KeyValueSize.expanded(model, tokens) + read);
    return graph.allocate(Aten.CAT, CACHE, Category.ACTIVATIONS, elements, token.dtype());
  }

  /**
   * What the loop has of the token before is named until it has the same of this one; keys of one
   * layer are there twice while a token is put behind them, and when beams have changed.
   */
  private void lastToken() {
    try (Scope scope = Scope.of(graph)) {
      Architecture model = resident.architecture();
      long before = search.length() - 1;
      scope.own(keysAndValues(before));
      long states = rows(source * model.hiddenSize());
      scope.own(graph.allocate("encoder states", Category.ACTIVATIONS, states, job.weightDtype()));
      token.before(scope, search.choice(), search.beams());
      long keys = KeyValueSize.largest(model, before) / 2;
      graph.release(layer(keys));
      token.next(scope);
      if (search.beams() > 1) {
        graph.release(layer(Math.max(keys, KeyValueSize.largestRead(model, source) / 2)));
      }
    }
  }

  private Tensor layer(long elements) {
    return graph.allocate(Aten.CAT, CACHE, Category.ACTIVATIONS, rows(elements), token.dtype());
  }

  private long rows(long elements) {
    return Math.multiplyExact(search.rows(), elements);
  }

  /**
   * One more token of each row: what the loop has of the token before is named until it has the
   * same of this one (transformers/generation/utils.py {@code _sample}, {@code _beam_search}).
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
      return model.vocabularySize() * model.hiddenSize()
          + Tensors.inLayers(model, NextToken::matrices);
    }

    private static long matrices(DecoderLayer layer) {
      return Tensors.of(layer).stream()
          .filter(tensor -> tensor.shape().size() > 1)
          .mapToLong(ParameterTensor::count)
          .sum();
    }

    private long words() {
      return Math.multiplyExact(rows, resident.architecture().vocabularySize());
    }

    private Tensor words(Scope scope, String name, DataType type) {
      return scope.own(graph.allocate(name, Category.LOGITS_AND_LOSS, words(), type));
    }
  }
}
