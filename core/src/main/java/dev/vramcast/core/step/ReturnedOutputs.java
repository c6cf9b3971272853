package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.Entropy;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.run.episode.PassHead.Features.Taking;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a model has returned: made fp32 on its way, and held for as long as the loop names it. */
final class ReturnedOutputs {

  private static final String CODE = "accelerate/utils/operations.py ConvertOutputsToFp32";

  private static final ModuleScope SCOPE = ModuleScope.outside("outputs", CODE);

  private static final Operation WIDENED = Operation.of("aten::_to_copy", CODE);

  private final Graph graph;
  private final Resident resident;
  private final StepSettings settings;

  /** Outputs of the step before, where something holds them. */
  private final List<Tensor> previous = new ArrayList<>();

  /** Outputs that outlive the loss. */
  private final List<Tensor> kept = new ArrayList<>();

  ReturnedOutputs(Graph graph, Resident resident) {
    this.graph = graph;
    this.resident = resident;
    this.settings = resident.settings();
  }

  /** A loop that keeps its outputs holds those of the last step, with what was cached. */
  void findPrevious(boolean cached) {
    if (!settings.loss().findsOldLogits()) {
      return;
    }
    graph.contexts().findPrevious();
    boolean wide = settings.outputsInFp32();
    previous.add(
        graph.allocate(
            WIDENED,
            wide ? "logits in fp32" : resident.architecture().head().linears().get(0).lastName(),
            Category.LOGITS_AND_LOSS,
            logits(),
            wide ? DataType.FP32 : settings.logitsDtype()));
    if (cached) {
      previous.add(EvaluationWriter.cache(graph, resident, settings));
    }
  }

  /** Elements of what the model returns: of words for each token, or of classes. */
  private long logits() {
    Objective objective = settings.job().objective();
    OptionalInt classes = objective.classes();
    long rows =
        classes.isEmpty() || objective.classifiesTokens() ? settings.tokens() : settings.batch();
    return rows
        * (classes.isPresent() ? classes.getAsInt() : resident.architecture().vocabularySize());
  }

  /** Those of the step before are dropped, where there are any. */
  void dropPrevious() {
    if (!previous.isEmpty()) {
      previous.forEach(graph::release);
      graph.contexts().dropPrevious();
      previous.clear();
    }
  }

  /**
   * accelerate makes the outputs fp32, and drops what the model returned when all of it is there;
   * the Trainer drops them before the backward pass.
   *
   * @param keeps they outlive the loss
   * @param beside what the model returns beside its logits; it stays the caller's
   */
  void take(List<Tensor> outputs, boolean keeps, List<Tensor> beside) {
    graph.site().within(SCOPE, () -> widen(outputs, keeps, beside));
  }

  private void widen(List<Tensor> outputs, boolean keeps, List<Tensor> beside) {
    List<Tensor> wide = new ArrayList<>();
    outputs.forEach(logits -> wide.add(widened(logits, "logits in fp32")));
    try (Scope scope = Scope.of(graph)) {
      beside.forEach(tensor -> scope.own(widened(tensor, "image outputs in fp32")));
      outputs.forEach(graph::release);
      if (logsEntropy()) {
        wide.forEach(this::logEntropy);
      }
      if (keeps) {
        kept.addAll(wide);
      } else {
        wide.forEach(graph::release);
      }
    }
  }

  /** trl/trainer/sft_trainer.py compute_loss, of the logits with which the model had its loss. */
  private boolean logsEntropy() {
    ResolvedJob job = settings.job();
    return settings.framework().is(LossCode.LOGS_ENTROPY)
        && job.objective().stage() == Stage.SFT
        && job.loss() == LossKernel.FULL;
  }

  private void logEntropy(Tensor logits) {
    long words = resident.architecture().vocabularySize();
    boolean shifts = settings.framework().is(LossCode.SHIFTS_LOGGED);
    long predicted = logits.elements() / settings.sequence() * (settings.sequence() - 1);
    try (Scope names = Scope.of(graph)) {
      if (shifts && settings.batch() > 1) {
        names.own(shifted(predicted, logits.dtype()));
      }
      Entropy.of(graph, shifts ? predicted : logits.elements(), words, logits.dtype());
      if (settings.framework().is(LossCode.COPIES_PREDICTED) && settings.batch() > 1) {
        graph.release(shifted(predicted, logits.dtype()));
      }
    }
  }

  private Tensor shifted(long elements, DataType dtype) {
    return Pointwise.detached(graph, elements, dtype, "logits for what is logged");
  }

  private Tensor widened(Tensor tensor, String name) {
    return settings.widensOutputs()
        ? Pointwise.detachedCast(graph, tensor, DataType.FP32, name)
        : tensor.hold();
  }

  /** Those that outlive the loss, which are the caller's from now on. */
  List<Tensor> hand() {
    List<Tensor> taken = List.copyOf(kept);
    kept.clear();
    return taken;
  }

  /** The backward pass has run: most loops drop them then. */
  void endBackward() {
    if (!settings.loss().findsOldLogits()) {
      hand().forEach(graph::release);
    }
  }

  /**
   * What a loop that is no trainer's names of a model's outputs
   * (trl/experimental/ppo/ppo_trainer.py train): hidden states of all layers, and what the
   * micro-batch before has left. States are named in a trainer's function too
   * (trl/trainer/dpo_trainer.py concatenated_forward, 0.19 to 0.28).
   */
  static final class OfLoop {

    private final Graph graph;
    private final Resident resident;
    private final StepSettings settings;
    private final Pass pass;

    /** Null where none are returned. */
    private @Nullable Tensor states;

    /** Elements of one of them; 0 where a graph keeps them as they are. */
    private long each;

    private DataType returned = DataType.FP32;

    /** What is named until it is logged anew. */
    private final List<Tensor> logged = new ArrayList<>();

    OfLoop(Graph graph, Resident resident, Pass pass) {
      this.graph = graph;
      this.resident = resident;
      this.settings = resident.settings();
      this.pass = pass;
    }

    /** Whether the pass is one of such a loop. */
    boolean isOne() {
      return asks(Detail.COMPLETIONS);
    }

    /** Whether what it returns has a name in a function that ends with it. */
    private boolean isInFunction() {
      return asks(Detail.ALL_LAYERS);
    }

    /** Whether what it returns is named until the next pass has ended. */
    boolean isNamedOn() {
      return asks(Detail.NAMED_ON)
          || pass.head() instanceof PassHead.DrawnTokens
          || pass.head() instanceof PassHead.Pieces pieces && !pieces.whole();
    }

    private boolean asks(Detail detail) {
      return pass.head() instanceof PassHead.LogProbabilities asked
          && asked.details().contains(detail);
    }

    /** Whether the pass is one that trains. */
    boolean trains() {
      return isOne() && pass.graph();
    }

    /** Whether a copy of its logits is named until that of the next batch. */
    boolean namesLogits() {
      return asks(Detail.VALUES) && pass.graph();
    }

    /**
     * Whether it is one whose figures wait for others, past what accelerate puts around a model.
     */
    boolean isScored() {
      return isOne() && !pass.graph();
    }

    /** As {@link #isScored}, or of the module inside the prepared model. */
    boolean isPastAutocast() {
      return isScored()
          || pass.head() instanceof PassHead.Features features && features.way() == Taking.BARE;
    }

    /** Nobody has said of the model that it needs no gradients, or no cache. */
    boolean isLeftAsLoaded() {
      boolean teaches =
          pass.head() instanceof PassHead.Compared
              && settings.framework().stages().does(StageHabit.LEAVES_TEACHER);
      return teaches || isScored();
    }

    /** A copy that nobody has frozen. */
    private boolean isOpenReference() {
      return pass.model() == ResidentModel.REFERENCE
          && settings
              .framework()
              .stages()
              .openReferences()
              .contains(settings.job().objective().stage());
    }

    /** Runs a pass that saves nothing. */
    void withoutGrad(Runnable run) {
      if (isLeftAsLoaded() || isOpenReference()) {
        graph.withoutGradOfOthers(run);
      } else {
        graph.withoutGrad(run);
      }
    }

    /**
     * Logits that the micro-batch before returned, until this one returns; the probabilities that
     * were logged of it stay until these are.
     */
    List<Tensor> leftBefore() {
      if (namesLogits()) {
        long all = pass.batch().tokens() * resident.architecture().vocabularySize();
        List<Tensor> left = new ArrayList<>(ofGraph());
        left.add(of("logits in fp32", all, DataType.FP32));
        return left;
      }
      if (!isOne() || !pass.graph() || settings.job().batch().gradAccum() == 1) {
        return List.of();
      }
      long words = resident.architecture().vocabularySize();
      long labels = ((PassHead.LogProbabilities) pass.head()).labels();
      DataType dtype = settings.outputsInFp32() ? DataType.FP32 : settings.computeDtype();
      logged.add(of("probabilities", labels * words, dtype));
      return List.of(of("logits in fp32", pass.batch().tokens() * words, dtype));
    }

    /** The backward pass has run; the graph is there as long as what it has made has a name. */
    void keepGraph() {
      if (namesLogits()) {
        logged.addAll(ofGraph());
      }
    }

    /** A leaf before the layers, which the graph holds with its gradient. */
    private List<Tensor> ofGraph() {
      if (resident.inputLeaf(pass) == null) {
        return List.of();
      }
      long elements = pass.batch().tokens() * resident.architecture().hiddenSize();
      DataType dtype = settings.job().weightDtype();
      return List.of(
          graph.allocate(Aten.EMBEDDING, "embeddings", Category.ACTIVATIONS, elements, dtype),
          graph.allocate(Aten.ADD, "gradient", Category.ACTIVATIONS, elements, dtype));
    }

    private Tensor of(String name, long elements, DataType dtype) {
      return graph.allocate(Aten.SOFTMAX, name, Category.LOGITS_AND_LOSS, elements, dtype);
    }

    /**
     * {@code output_hidden_states}: those of all layers, and what accelerate makes of them. What a
     * graph keeps of fp32 states are these themselves. The last of those that a function gets is
     * there as the head's input.
     */
    void keepStates(Tensor hidden) {
      boolean kept = pass.graph() && hidden.dtype() == DataType.FP32;
      if (!isOne() && !isInFunction() || kept && !trains()) {
        return;
      }
      dropStates();
      returned = hidden.dtype();
      each = hidden.elements();
      if (trains()) {
        states = widens() ? states(1, DataType.FP32) : hidden.hold();
      } else if (isOne()) {
        states = states(1, returned);
      } else if (!pass.graph() || settings.job().checkpointing() != Checkpointing.FULL) {
        states = states(0, returned);
      }
    }

    /** Whether accelerate has made others of the states that a pass which trains returned. */
    boolean widens() {
      return trains() && settings.outputsInFp32() && returned != DataType.FP32;
    }

    /** Whether a model whose weights are trained caches keys and values: nobody forbids it. */
    boolean caches() {
      return pass.graph()
          && settings.framework().stages().rollsOut(settings.job().objective().stage());
    }

    /** The model has returned what a trainer's function gets, of which accelerate makes fp32. */
    void widenStates() {
      if (asks(Detail.VALUES)) {
        // trl/models/modeling_value_head.py forward ends with the model, and names them no longer.
        dropStates();
        return;
      }
      if (!isInFunction() || each == 0) {
        return;
      }
      boolean widens = settings.widensOutputs() && returned != DataType.FP32;
      Tensor wide = widens ? states(1, DataType.FP32) : null;
      boolean apart = states != null;
      dropStates();
      states = widens || !apart ? wide : states(1, returned);
    }

    /** The trainer's function returns. */
    void endFunction() {
      if (isInFunction()) {
        dropStates();
      }
    }

    /**
     * Hidden states.
     *
     * @param more how many beside those that go into the layers
     */
    private Tensor states(int more, DataType dtype) {
      long elements = each * (resident.architecture().layerCount() + more);
      return graph.allocate(Aten.TO_COPY, "hidden states", Category.ACTIVATIONS, elements, dtype);
    }

    /** Their names go. */
    void drop() {
      dropStates();
      logged.forEach(graph::release);
      logged.clear();
    }

    private void dropStates() {
      if (states != null) {
        graph.release(states);
        states = null;
      }
    }
  }
}
