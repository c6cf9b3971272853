package dev.vramcast.core.module.head;

import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.loss.ParallelLoss;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.LossUpcast;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.module.head.HeadAndLoss.Output;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Rounding;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The loss over tokens or classes, in each of the ways it can be computed (transformers/loss/
 * loss_utils.py, and what frameworks and kernels put into its place).
 */
record TokenLoss(HeadAndLoss head, StepSettings settings) {

  private static final ModuleScope LOSS =
      ModuleScope.outside("loss", "transformers/loss/loss_utils.py ForCausalLMLoss");

  TokenLoss(HeadAndLoss head) {
    this(head, head.settings());
  }

  /** As {@link HeadAndLoss#forward}. */
  Output forward(Graph g, Tensor hidden, LossKernel loss, ShardUnit unit, Runnable returned) {
    try (Scope frame = Scope.of(g, LOSS)) {
      return frame.result(run(g, hidden, loss, unit, returned));
    }
  }

  private Output run(Graph g, Tensor hidden, LossKernel loss, ShardUnit unit, Runnable returned) {
    return switch (loss) {
      case FULL -> full(g, hidden, unit, returned);
      case TRITON -> triton(g, hidden, unit);
      case LIGER -> byLiger(g, hidden, unit, returned);
      case CCE, CHUNKED ->
          settings.loss().keepsOwn()
              ? own(g, hidden, unit)
              : ofHidden(g, hidden, loss, unit, returned);
    };
  }

  /**
   * The loss that a model is written with: a function that the framework has put a kernel into, or
   * torch's own where the model calls that itself in every release
   * (WhisperForConditionalGeneration.forward).
   */
  private Output own(Graph g, Tensor hidden, ShardUnit unit) {
    return settings.code().traits().loss().inOwnDtype().equals(Versions.ALL)
        ? withLogits(g, hidden, unit, input -> LossOps.crossEntropy(g, input))
        : triton(g, hidden, unit);
  }

  /** A framework's loss that takes hidden states. */
  private Output ofHidden(
      Graph g, Tensor hidden, LossKernel loss, ShardUnit unit, Runnable returned) {
    if (loss == LossKernel.CCE) {
      return new Output(unit.leave(cut(g, hidden)), List.of());
    }
    Output output = new ChunkedLoss(head).forward(g, hidden, returned);
    return new Output(unit.leave(output.loss()), output.logits());
  }

  private boolean unmasks() {
    return settings.job().objective().stage() == Stage.MASKED_LM;
  }

  private boolean classifies() {
    return settings.job().objective().classes().isPresent();
  }

  private Output full(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    if (settings.loss().isCompiled() && !classifies()) {
      return compiled(g, hidden, unit);
    }
    if (settings.job().supervision().weighsTokens()) {
      return weighed(g, hidden, unit, returned);
    }
    if (settings.job().supervision().labelSmoothing() > 0) {
      return smoothed(g, hidden, unit, returned);
    }
    return withLogits(g, hidden, unit, ParallelLoss.orWhole(g, settings.loss().parallelLoss()));
  }

  /** One graph makes fp32 of what it is given; a model that returns fp32 has made it before. */
  private Output compiled(Graph g, Tensor hidden, ShardUnit unit) {
    Tensor logits = unit.leave(head.logits(g, hidden));
    if (settings.loss().upcast() == LossUpcast.IN_MODEL) {
      logits = g.rebind(logits, inFp32(g, logits));
    }
    return new Output(LossOps.compiledCrossEntropy(g, logits, settings.tokens()), List.of(logits));
  }

  /**
   * transformers/trainer_pt_utils.py LabelSmoother, on what the model has returned: logits that
   * accelerate made fp32, without each sequence's last where the Trainer knows the class as a
   * causal language model: one with a head over classes is none, whatever its type.
   */
  private Output smoothed(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor wide = returned(g, hidden, unit, returned);
    if (unmasks() || classifies() || !settings.code().traits().loss().causal()) {
      return new Output(LossOps.smoothed(g, wide), List.of(wide));
    }
    long elements = wide.elements() / settings.sequence() * (settings.sequence() - 1);
    Tensor shifted = LossOps.withoutLastToken(g, wide.hold(), elements);
    if (settings.batch() > 1) {
      shifted = g.rebind(shifted, Pointwise.copy(g, shifted, "shifted logits"));
    }
    return new Output(g.rebind(shifted, LossOps.smoothed(g, shifted)), List.of(wide));
  }

  /**
   * trl/trainer/sft_trainer.py dft_loss, which takes precedence over smoothed labels: labels are
   * shifted in place of logits, and each token's loss is a few numbers.
   */
  private Output weighed(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor wide = returned(g, hidden, unit, returned);
    return new Output(
        LabelOps.bySequence(g, wide, (int) settings.batch(), settings.sequence()), List.of(wide));
  }

  /** What the trainer gets of the model, whose code before Transformers 4.46 makes it fp32. */
  private Tensor returned(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor logits = unit.leave(head.logits(g, hidden));
    if (settings.loss().returnsWide() && !classifies()) {
      logits = g.rebind(logits, inFp32(g, logits));
    }
    returned.run();
    return settings.widensOutputs() ? g.rebind(logits, inFp32(g, logits)) : logits;
  }

  /** The model's own path from logits to a loss kernel, which takes the shifted logits. */
  private Output withLogits(Graph g, Tensor hidden, ShardUnit unit, UnaryOperator<Tensor> kernel) {
    int slices = classifies() ? 0 : settings.loss().wholeSlices();
    Tensor input =
        unmasks() ? predicted(g, hidden) : ShapeOps.wholeSlices(g, hidden.hold(), slices);
    Tensor logits = g.rebind(input, unit.leave(head.logits(g, input)));
    if (classifies()) {
      // Neither loss of transformers/loss/loss_utils.py shifts; that of tokens casts.
      boolean casts = settings.job().objective().classifiesTokens();
      Tensor read = casts ? inFp32(g, logits) : logits.hold();
      return new Output(g.rebind(read, kernel.apply(read)), List.of(logits));
    }
    if (settings.loss().shiftsInLoop()) {
      return shiftedInLoop(g, logits, kernel);
    }
    LossUpcast upcast = settings.loss().upcast();
    Tensor wide = upcast == LossUpcast.NEVER ? logits.hold() : inFp32(g, logits);
    boolean early = upcast == LossUpcast.IN_MODEL;
    Tensor returned = early || upcast == LossUpcast.ABOVE_MODEL ? wide.hold() : logits.hold();
    if (early) {
      g.release(logits);
    }
    Tensor shifted = shifted(g, wide);
    Tensor loss = kernel.apply(shifted);
    g.release(shifted, wide);
    if (!early) {
      g.release(logits);
    }
    return new Output(loss, List.of(returned));
  }

  private static Tensor inFp32(Graph g, Tensor logits) {
    return Pointwise.cast(g, logits, DataType.FP32, "logits in fp32");
  }

  /** The loop's names hold the logits and the copy (verl/trainer/fsdp_sft_trainer.py). */
  private Output shiftedInLoop(Graph g, Tensor logits, UnaryOperator<Tensor> kernel) {
    long elements = logits.elements() / settings.sequence() * (settings.sequence() - 1);
    Tensor shifted = LossOps.withoutLastToken(g, logits.hold(), elements);
    if (settings.batch() > 1) {
      shifted = g.rebind(shifted, Pointwise.copy(g, shifted, "shifted logits"));
    }
    Tensor wide = Pointwise.widened(g, shifted, "logits in fp32");
    Tensor loss = kernel.apply(wide);
    g.release(wide);
    return new Output(loss, List.of(logits, shifted));
  }

  /** Hidden states of the tokens whose words are predicted: all, or those that are hidden. */
  private Tensor predicted(Graph g, Tensor hidden) {
    if (head.architecture().head().kind() != Head.Kind.SPARSE_MASKED_LANGUAGE_MODEL) {
      return hidden.hold();
    }
    long rows = settings.hiddenTokens();
    Tensor mask = LabelOps.mask(g, settings.tokens());
    long elements = rows * head.architecture().hiddenSize();
    return g.rebind(mask, Routing.gather(g, hidden, mask, elements, "hidden states with labels"));
  }

  /** Logits of all tokens but the last; before labels were padded, a copy unless the batch is 1. */
  private Tensor shifted(Graph g, Tensor wide) {
    boolean byMask = settings.code().shiftsByMask() && !settings.framework().is(LossCode.REWRITES);
    if (!byMask && settings.loss().shiftsLabels() || unmasks()) {
      return wide.hold();
    }
    long elements = wide.elements() / settings.sequence() * (settings.sequence() - 1);
    Tensor view = LossOps.withoutLastToken(g, wide.hold(), elements);
    if (byMask) {
      return takenOut(g, view);
    }
    if (settings.batch() == 1) {
      return view;
    }
    return g.rebind(view, Pointwise.copy(g, view, "shifted logits"));
  }

  /** {@code logits[mask != 0]}; takes over the argument. */
  private Tensor takenOut(Graph g, Tensor view) {
    Tensor mask =
        g.allocate(
            Aten.EMPTY, "token mask", Category.LOGITS_AND_LOSS, settings.tokens(), DataType.BOOL);
    return g.rebind(
        mask, g.rebind(view, Routing.gather(g, view, mask, view.elements(), "shifted logits")));
  }

  /** The kernel takes the place of cross-entropy; what leads to it stays as it is. */
  private Output triton(Graph g, Tensor hidden, ShardUnit unit) {
    return withLogits(
        g, hidden, unit, input -> LossOps.tritonCrossEntropy(g, input, settings.tokens()));
  }

  /** Where Liger has nothing for the model, its own loss runs. */
  private Output byLiger(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    return switch (settings.liger().loss()) {
      case NONE -> full(g, hidden, unit, returned);
      case CROSS_ENTROPY -> withLogits(g, hidden, unit, LossOps.ligerCrossEntropy(g));
      case FUSED_LINEAR ->
          settings.job().supervision().labelSmoothing() > 0
              ? smoothed(g, hidden, unit, returned)
              : new Output(unit.leave(liger(g, hidden)), List.of());
    };
  }

  private Tensor liger(Graph g, Tensor hidden) {
    long vocabulary = head.architecture().vocabularySize();
    long chunks = Rounding.ceilDivide(vocabulary, head.width(hidden));
    long chunkRows = Rounding.nextPowerOfTwo(Rounding.ceilDivide(settings.tokens(), chunks));
    DataType dtype = head.parameter().dtype();
    boolean addsInPlace = settings.liger().addsInPlace(dtype);
    return head.fused(
        g, hidden, head.chunks(chunkRows, addsInPlace, settings.liger().dropsChunks()));
  }

  private Tensor cut(Graph g, Tensor hidden) {
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.lowered(g, hidden));
      Tensor weight = scope.own(head.weight(g, input.dtype()));
      return LossOps.cut(g, input, weight, settings.tokens());
    }
  }
}
