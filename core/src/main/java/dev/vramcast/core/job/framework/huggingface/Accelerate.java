package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;

/** A loop of its own around accelerate, over a model of Transformers that makes its loss. */
public final class Accelerate {

  /** {@code outputs = model(**batch)}; the name holds them until the next pass returns its own. */
  private static final String LOOP = "accelerate, examples/nlp_example.py";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("accelerate")
          .is(SaveCode.CONSOLIDATOR, SaveCode.Consolidator.ACCELERATE, Transformers.MERGES)
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, "torch/optim/adamw.py", OptimizerRules::ofTorch)
          .is(LoopCode.OUTPUTS, KeptOutputs.INTO_NEXT_STEP, LOOP)
          .is(LoopCode.FETCHES_STEP, false, LOOP)
          .is(LoopCode.LEAVES_CACHE, true, LOOP + ", which leaves use_cache")
          .is(
              SpreadCode.SEEKS_UNUSED,
              SpreadCode.Unused.NEVER,
              "accelerate, src/accelerate/utils/dataclasses.py DistributedDataParallelKwargs")
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.UNKNOWN, LOOP)
          .is(
              SaveCode.INTERVAL,
              new SaveCode.AtEnd(),
              "accelerate, examples/complete_nlp_example.py, which saves where it is asked to")
          .done();

  private Accelerate() {}
}
