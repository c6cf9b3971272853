package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.rule.FrameworkRules;

/** LLM Foundry on Composer. */
public final class LlmFoundry {

  private static final String TRAIN = "llmfoundry/command_utils/train.py";

  public static final FrameworkRules RULES =
      OwnModels.mixedFsdp("llm-foundry", "llmfoundry/models/mpt", TRAIN)
          .is(JobKey.ATTENTION, AttentionKernel.FLASH, "llmfoundry/models/mpt/configuration_mpt.py")
          .is(KernelCode.STACK, KernelCode.LaunchStack.TUNED, TRAIN)
          .is(
              KernelCode.TRITON_ATTENTION,
              true,
              "llmfoundry/models/layers/attention.py triton_flash_attn_fn")
          .done();

  private LlmFoundry() {}
}
