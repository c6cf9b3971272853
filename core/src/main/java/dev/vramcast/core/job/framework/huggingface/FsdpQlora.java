package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;
import java.util.List;

/** Answer.AI's fsdp_qlora: QLoRA under FSDP1 in plain bf16, a script with its own loop. */
public final class FsdpQlora {

  private static final String TRAIN = "train.py";
  private static final String LOOP = "train.py fsdp_main";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("fsdp_qlora")
          .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), "train.py")
          .is(LoopCode.PREPARED_BY_ACCELERATE, false, "train.py")
          .is(LoopCode.TRAINS_PAIRS, false, "train.py")
          // Its command is given with few options.
          .leftOut(
              JobKey.METHOD,
              JobKey.OPTIMIZER_NAME,
              JobKey.PRECISION,
              JobKey.STRATEGY,
              JobKey.LORA_RANK,
              JobKey.LORA_TARGETS)
          .is(SpreadCode.WIDENS_SHARDS, false, LOOP)
          .is(LossCode.FUSED, LossKernel.FULL, LOOP)
          .is(LossCode.LIGER_REACHES, false, LOOP)
          .is(JobKey.METHOD, Method.QLORA, TRAIN)
          .doesWhen(
              JobKey.QUANTIZATION_SCHEME,
              d -> d.method() == Method.QLORA,
              LOOP,
              d -> QuantizationScheme.NF4)
          .is(JobKey.PRECISION, Precision.BF16, TRAIN)
          .is(JobKey.MICRO_BATCH, 1, TRAIN)
          .is(JobKey.SEQUENCE_LENGTH, 512, TRAIN)
          .is(JobKey.LORA_RANK, 64, TRAIN)
          .is(JobKey.LORA_ALPHA, 16.0, TRAIN)
          .is(JobKey.LORA_DROPOUT, 0.1, TRAIN)
          .is(
              JobKey.LORA_TARGETS,
              List.of("k_proj", "q_proj", "v_proj", "up_proj", "down_proj", "gate_proj"),
              TRAIN)
          .is(JobKey.LORA_KBIT_PREPARE, false, LOOP)
          .is(JobKey.DOUBLE_QUANT, true, "bitsandbytes, nn/modules.py Linear4bit: by default")
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, TRAIN)
          .is(JobKey.CHECKPOINTING_REENTRANT, false, TRAIN)
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, "train.py get_optimizer", OptimizerRules::ofTorch)
          .spreads(LOOP, d -> Strategy.FSDP1)
          .is(SpreadCode.EMPTIES_QUANTISED, false, "train.py prints the memory of its first rank")
          .is(
              SpreadCode.SEEKS_UNUSED,
              SpreadCode.Unused.NEVER,
              "torch/nn/parallel/distributed.py find_unused_parameters")
          .is(SpreadCode.SHARDS_CHECKPOINTS, true, "train.py apply_activation_checkpointing")
          .is(SpreadCode.HOOKS_AROUND_CHECKPOINTS, false, "train.py checkpoint_wrapper")
          .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, LOOP)
          .is(LoopCode.OUTPUTS, KeptOutputs.THROUGH_BACKWARD, LOOP)
          .is(LoopCode.FETCHES_STEP, false, LOOP)
          .is(SpreadCode.FLAT_REDUCES_EACH, true, LOOP)
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.UNKNOWN, LOOP + ", which evaluates nothing")
          .is(SaveCode.WRITER, SaveCode.Writer.UNKNOWN, LOOP + " save_file, not described")
          .is(SaveCode.INTERVAL, new SaveCode.Never(), TRAIN + " save_model")
          .is(SaveCode.STATES, false, LOOP + " save_model")
          .done();

  private FsdpQlora() {}
}
