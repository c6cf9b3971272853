package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.module.head.Entropy;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a model has returned: made fp32 on its way, and held for as long as the loop names it. */
final class ReturnedOutputs {

  private static final String CODE = "accelerate/utils/operations.py ConvertOutputsToFp32";

  private static final ModuleScope SCOPE = ModuleScope.outside("outputs", CODE);

  private static final Operation WIDENED = Operation.of("aten::_to_copy", CODE);

  private final Graph graph;
  private final Resident resident;
  private final StepSettings settings;

  /** Null where nothing holds the outputs of the step before. */
  private @Nullable Tensor previous;

  /** Outputs that outlive the loss. */
  private final List<Tensor> kept = new ArrayList<>();

  ReturnedOutputs(Graph graph, Resident resident) {
    this.graph = graph;
    this.resident = resident;
    this.settings = resident.settings();
  }

  /** A loop that keeps its outputs holds those of the last step until it gets new ones. */
  void findPrevious() {
    if (!settings.findsOldLogits()) {
      return;
    }
    boolean wide = settings.outputsInFp32();
    previous =
        graph.allocate(
            WIDENED,
            wide ? "logits in fp32" : resident.architecture().head().linears().get(0).lastName(),
            Category.LOGITS_AND_LOSS,
            settings.tokens() * resident.architecture().vocabularySize(),
            wide ? DataType.FP32 : settings.logitsDtype());
  }

  /** Those of the step before are dropped, where there are any. */
  void dropPrevious() {
    if (previous != null) {
      graph.release(previous);
      previous = null;
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

  /**
   * trl/trainer/sft_trainer.py compute_loss, of the logits with which the model had its loss; what
   * the model predicts is counted in a copy without each sequence's last.
   */
  private boolean logsEntropy() {
    ResolvedJob job = settings.job();
    return settings.framework().loss().logsEntropy()
        && job.objective().stage() == Stage.SFT
        && job.loss() == LossKernel.FULL;
  }

  private void logEntropy(Tensor logits) {
    long words = resident.architecture().vocabularySize();
    Entropy.of(graph, logits.elements(), words, logits.dtype());
    if (settings.batch() > 1) {
      long predicted = logits.elements() / settings.sequence() * (settings.sequence() - 1);
      graph.release(Pointwise.detached(graph, predicted, logits.dtype(), "logits for accuracy"));
    }
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
    if (!settings.findsOldLogits()) {
      hand().forEach(graph::release);
    }
  }
}
