package dev.vramcast.core.code;

import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.option.LossKernel;

/**
 * What the head, its loss and the training loop do with logits.
 *
 * @param code the modeling code that runs
 */
public record LossSettings(ResolvedJob job, ModelingCode code) {

  /** Ranks whose logits are put together for the loss. */
  public int logitGatherDegree() {
    return job.frameworkCode().is(LossCode.SPLITS_VOCABULARY) ? 1 : job.parallelism().tensor();
  }

  /** Whether ranks that share the vocabulary compute the loss by {@code loss_parallel}. */
  public boolean parallelLoss() {
    return job.frameworkCode().is(LossCode.PARALLEL) && job.parallelism().tensor() > 1;
  }

  /** The training loop still holds outputs of the iteration before, which were as large. */
  public boolean findsOldLogits() {
    return job.frameworkCode().get(LoopCode.OUTPUTS) == KeptOutputs.INTO_NEXT_STEP;
  }

  /** The training loop holds the model's output through the backward pass. */
  public boolean keepsLogits() {
    return job.frameworkCode().get(LoopCode.OUTPUTS) != KeptOutputs.UNTIL_LOSS;
  }

  /** The training loop computes the loss from what the model returns. */
  public boolean returnsLogits() {
    return job.frameworkCode().is(LossCode.IN_LOOP) && job.loss() == LossKernel.FULL;
  }

  /** The training loop's own loss takes a copy of the logits, without each sequence's last. */
  public boolean shiftsInLoop() {
    return returnsLogits() && job.frameworkCode().is(LossCode.SHIFTS_LOGITS);
  }

  /**
   * Who makes logits fp32 for the full loss: the model's code, unless the loop has its own loss. A
   * framework that makes outputs fp32 for its loop does it before the loss, as a model would.
   */
  public LossUpcast upcast() {
    if (returnsLogits() && job.frameworkCode().get(LossCode.OUTPUTS) == OutputDtype.FP32) {
      return LossUpcast.IN_MODEL;
    }
    LossUpcast upcast = code.lossUpcast();
    boolean own = upcast == LossUpcast.IN_LOSS && !job.frameworkCode().is(LossCode.WIDENS_LOGITS);
    return own ? LossUpcast.NEVER : upcast;
  }

  /** A model that gets no labels returns fp32 logits. */
  public boolean returnsWide() {
    LossUpcast upcast = code.lossUpcast();
    boolean widens = upcast == LossUpcast.IN_MODEL || upcast == LossUpcast.ABOVE_MODEL;
    return widens && !job.frameworkCode().hasOwnModels();
  }

  /** A loss that takes hidden states is not there, as the framework could not put it in. */
  public boolean keepsOwn() {
    return job.frameworkCode().keepsOwnLoss(code.traits().loss(), code.version());
  }

  /**
   * Labels are moved by one, and logits stay as they are: by the model's code, or by a framework's
   * own loss (unsloth/models/llama.py and unsloth_zoo/loss_utils.py, in all releases).
   */
  public boolean shiftsLabels() {
    return code.padsLabels() || job.frameworkCode().is(LossCode.REWRITES);
  }

  /** Dimensions that are whole in what the head reads, which most of Transformers' models slice. */
  public int wholeSlices() {
    boolean slices = code.traits().loss().slicesHidden().contains(code.version());
    return slices && !job.frameworkCode().hasOwnModels() ? 3 : 0;
  }

  /**
   * The trainer has the model return its experts' scores, for the loss that balances them, which is
   * made layer by layer since Transformers 5.16; what came before is not counted.
   */
  public boolean balancesExperts() {
    return job.frameworkCode().get(LossCode.BALANCED_STAGES).contains(job.objective().stage())
        && code.version().atLeast(5, 16);
  }

  /** The loss is one graph of torch.compile. */
  public boolean isCompiled() {
    return job.compile() && job.frameworkCode().is(LossCode.COMPILES);
  }
}
