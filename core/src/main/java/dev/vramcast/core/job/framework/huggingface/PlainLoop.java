package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;

/**
 * A script without a trainer, over a model of Transformers: it gives the model's logits to
 * PyTorch's cross-entropy as they are, in the loop itself, so that a name holds them.
 */
public final class PlainLoop {

  private static final String LOSS = "torch/nn/functional.py cross_entropy";

  /** {@code pred = model(X)}; the name holds them until the next pass returns its own. */
  private static final String LOOP = "pytorch/tutorials, beginner_source/basics/quickstart";

  private static final String INITIALIZE =
      "deepspeed/__init__.py initialize, of a model that is whole";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("pytorch")
          .is(LoopCode.PREPARED_BY_ACCELERATE, false, LOOP)
          .is(JobKey.ZERO_INIT, false, INITIALIZE)
          .leftOut(JobKey.OPTIMIZER_NAME, JobKey.STRATEGY)
          .is(JobKey.PADDING, Padding.PACKED, "torch/utils/data/_utils/collate.py default_collate")
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, "torch/optim/adamw.py", OptimizerRules::ofTorch)
          .is(
              SpreadCode.SEEKS_UNUSED,
              SpreadCode.Unused.NEVER,
              "torch/nn/parallel/distributed.py find_unused_parameters")
          .is(LoopCode.FETCHES_STEP, false, LOOP)
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.UNKNOWN, LOOP + ", whatever a script does")
          .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, LOSS)
          .is(LossCode.IN_LOOP, true, LOSS)
          .is(LoopCode.OUTPUTS, KeptOutputs.INTO_NEXT_STEP, LOOP)
          .is(LossCode.WIDENS_LOGITS, false, LOSS)
          .done();

  /**
   * The same around a model that makes its loss itself, {@code outputs = model(**batch)}: nobody
   * makes its outputs fp32 under {@code torch.autocast}.
   */
  public static final FrameworkRules OF_MODEL =
      Accelerate.RULES
          .derive("transformers-loop")
          .is(LoopCode.PREPARED_BY_ACCELERATE, false, LOOP)
          .is(JobKey.ZERO_INIT, false, INITIALIZE)
          .leftOut(JobKey.STRATEGY)
          .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, "torch/amp/autocast_mode.py")
          .done();

  private PlainLoop() {}
}
