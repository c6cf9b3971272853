package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;

/**
 * A script without a trainer, over a model of Transformers: it gives the model's logits to
 * PyTorch's cross-entropy as they are, and drops them when there is a loss.
 */
public final class PlainLoop {

  private static final String LOSS = "torch/nn/functional.py cross_entropy";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("pytorch")
          .leftOut(JobKey.OPTIMIZER_NAME, JobKey.STRATEGY)
          .is(JobKey.PADDING, Padding.PACKED, "torch/utils/data/_utils/collate.py default_collate")
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, "torch/optim/adamw.py", OptimizerRules::ofTorch)
          .is(CodeKey.OUTPUT_DTYPE, OutputDtype.AS_COMPUTED, LOSS)
          .is(CodeKey.LOSS_IN_LOOP, true, LOSS)
          .is(CodeKey.WIDENS_LOGITS, false, LOSS)
          .done();

  private PlainLoop() {}
}
