package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** open-instruct 0.3: SFT and DPO on accelerate, GRPO on DeepSpeed and Ray. */
public final class OpenInstruct {

  private static final String GRPO = "open_instruct/grpo_utils.py";
  private static final String FINETUNE = "open_instruct/finetune.py main";
  private static final String LOADER = "open_instruct/data_loader.py";
  private static final String DPO = "open_instruct/dpo_utils.py";

  /**
   * {@code forward_for_logprobs} divides logits by the temperature, and torch.compile makes one
   * kernel of {@code log_softmax_and_gather}, which saves them; {@code calculate_per_token_logps}
   * takes the log-softmax of all logits in fp32 for pairs, of which nobody reads the logits later.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(
              Stage.DPO, StageHead.WHOLE,
              Stage.CPO, StageHead.WHOLE,
              Stage.GRPO, StageHead.KERNEL),
          LossChunks.Tiles.NONE,
          Set.of(Stage.GRPO),
          EnumSet.of(
              StageHabit.DROPS_LOGITS,
              StageHabit.SCALES_BESIDE,
              StageHabit.SHIFTS_LABELS,
              StageHabit.RUNS_DEEPSPEED,
              StageHabit.TRUSTS_ENGINE,
              StageHabit.READS_ALL,
              StageHabit.COUNTS_PROMPTS));

  public static final FrameworkRules RULES = rules();

  private OpenInstruct() {}

  private static FrameworkRules rules() {
    FrameworkRules.Table table =
        Transformers.RULES
            .derive("open-instruct")
            .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), "open_instruct/finetune.py")
            .is(LoopCode.TRAINS_PAIRS, false, "open_instruct/finetune.py")
            .is(LoopCode.OUTPUTS, KeptOutputs.INTO_NEXT_STEP, FINETUNE)
            .is(LoopCode.FETCHES_STEP, false, FINETUNE)
            .is(
                EvaluationCode.LOOP,
                EvaluationCode.Loop.UNKNOWN,
                FINETUNE + ", which evaluates nothing")
            .is(SaveCode.INTERVAL, new SaveCode.AtEnd(), FINETUNE + " checkpointing_steps")
            .trainsInFull(DPO)
            .is(JobKey.LORA_RANK, 64, DPO)
            .is(JobKey.LORA_ALPHA, 16.0, DPO)
            .is(JobKey.MODEL_DTYPE, DataType.BF16, GRPO)
            .is(JobKey.PRECISION, Precision.BF16_MIXED, "configs/beaker_configs")
            .is(JobKey.ATTENTION, AttentionKernel.FLASH, "open_instruct/finetune.py")
            .is(JobKey.SEQUENCE_SCHEME, SequenceScheme.ULYSSES, "open_instruct/finetune.py")
            .does(JobKey.MICRO_BATCH, GRPO, d -> Completed.generates(d) ? 1 : 8)
            .doesWhen(
                JobKey.CHECKPOINTING,
                Completed::generates,
                "open_instruct/grpo_fast.py from_pretrained",
                d -> Checkpointing.FULL)
            .is(
                SpreadCode.SEEKS_UNUSED,
                SpreadCode.Unused.NEVER,
                "accelerate, src/accelerate/utils/dataclasses.py DistributedDataParallelKwargs")
            .is(FrameworkCode.STAGES, STAGES, GRPO + ", " + DPO)
            .is(JobKey.ENGINE_FRACTION, 0.9, LOADER)
            .doesWhen(JobKey.BETA, OpenInstruct::weighs, GRPO, d -> 0.05);
    Completed.lengths(table, 256, 256, LOADER);
    // async_steps, which has to be 1 at least.
    Completed.ahead(table, LOADER + " StreamingDataLoaderConfig");
    return Completed.engine(table, GenerationEngine.VLLM_SERVER, "open_instruct/grpo_fast.py")
        .done();
  }

  private static boolean weighs(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.GRPO;
  }
}
