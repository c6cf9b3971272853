package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;

/** open-instruct 0.3: SFT and DPO on accelerate, GRPO on DeepSpeed and Ray. */
public final class OpenInstruct {

  private static final String GRPO = "open_instruct/grpo_utils.py";
  private static final String LOADER = "open_instruct/data_loader.py";
  private static final String DPO = "open_instruct/dpo_utils.py";

  public static final FrameworkRules RULES = rules();

  private OpenInstruct() {}

  private static FrameworkRules rules() {
    FrameworkRules.Table table =
        Transformers.RULES
            .derive("open-instruct")
            .trainsInFull(DPO)
            .is(JobKey.LORA_RANK, 64, DPO)
            .is(JobKey.LORA_ALPHA, 16.0, DPO)
            .is(JobKey.MODEL_DTYPE, DataType.BF16, GRPO)
            .is(JobKey.PRECISION, Precision.BF16_MIXED, "configs/beaker_configs")
            .is(JobKey.ATTENTION, AttentionKernel.FLASH, "open_instruct/finetune.py")
            .is(JobKey.SEQUENCE_SCHEME, SequenceScheme.ULYSSES, "open_instruct/finetune.py")
            .does(JobKey.MICRO_BATCH, GRPO, d -> Completed.generates(d) ? 1 : 8)
            .is(JobKey.ENGINE_FRACTION, 0.9, LOADER)
            .doesWhen(JobKey.BETA, OpenInstruct::weighs, GRPO, d -> 0.05);
    Completed.lengths(table, 256, 256, LOADER);
    return Completed.engine(table, GenerationEngine.VLLM_SERVER, "open_instruct/grpo_fast.py")
        .done();
  }

  private static boolean weighs(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.GRPO;
  }
}
