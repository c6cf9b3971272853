package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.code.CodeKey;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** OpenRLHF 0.11, on DeepSpeed. */
public final class OpenRlhf {

  private static final String PPO = "openrlhf/cli/train_ppo_ray.py";
  private static final String DPO = "openrlhf/cli/train_dpo.py";
  private static final String STRATEGY = "openrlhf/utils/deepspeed/deepspeed.py";

  public static final FrameworkRules RULES = rules();

  private OpenRlhf() {}

  private static FrameworkRules rules() {
    FrameworkRules.Table table =
        Transformers.RULES
            .derive("openrlhf")
            .trainsInFull(DPO)
            .is(JobKey.LORA_ALPHA, 16.0, DPO)
            .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), DPO)
            .is(JobKey.MODEL_DTYPE, DataType.BF16, DPO)
            .is(JobKey.PRECISION, Precision.BF16, STRATEGY)
            .is(JobKey.ATTENTION, AttentionKernel.FLASH, DPO)
            .does(JobKey.MICRO_BATCH, DPO, d -> Completed.generates(d) ? 1 : 8)
            .does(JobKey.SEQUENCE_LENGTH, DPO, d -> isPair(d) ? 512 : 2048)
            // One process has its optimizer's states in DeepSpeed's stage too.
            .is(JobKey.STRATEGY, Strategy.ZERO2, DPO)
            .is(CodeKey.ZERO, ZeroConfiguration.DEEPSPEED_DEFAULTS, STRATEGY)
            .is(CodeKey.SAVE_INTERVAL, new SaveCode.AtEnd(), DPO + " ckpt.save_steps")
            .is(CodeKey.SAVES_STATES, false, STRATEGY + " save_model")
            .is(CodeKey.GATHERS_ZERO3, true, STRATEGY + " _consolidated_16bit_state_dict")
            .is(JobKey.ENGINE_FRACTION, 0.95, PPO)
            .doesWhen(JobKey.BETA, Completed::generates, PPO, d -> 0.01);
    return Completed.engine(table, GenerationEngine.VLLM_SERVER, PPO).done();
  }

  private static boolean isPair(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return stage == Stage.DPO || stage == Stage.REWARD;
  }
}
