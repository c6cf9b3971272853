package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.OptimizerRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;

/**
 * Meta's llama-recipes, later llama-cookbook. It has no versions that people name: what it does
 * goes by the Transformers of the time, 4.33 of September 2023 and 4.43 of July 2024.
 */
public final class LlamaRecipes {

  private static final String TRAINING = "llama_cookbook/configs/training.py";
  private static final String PEFT = "llama_cookbook/configs/peft.py";
  private static final String FINETUNING = "llama_cookbook/finetuning.py";
  private static final String FSDP = "llama_cookbook/configs/fsdp.py";

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("llama-recipes")
          .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), FINETUNING)
          .is(LoopCode.PREPARED_BY_ACCELERATE, false, "src/llama_recipes/finetuning.py")
          .is(LoopCode.TRAINS_PAIRS, false, "src/llama_recipes/finetuning.py")
          // Its commands leave these to configs/training.py.
          .leftOut(JobKey.OPTIMIZER_NAME, JobKey.PRECISION, JobKey.MODEL_DTYPE, JobKey.STRATEGY)
          .trainsInFull(TRAINING)
          .is(SpreadCode.WIDENS_SHARDS, false, FINETUNING)
          .is(LossCode.FUSED, LossKernel.FULL, FINETUNING)
          .is(LossCode.LIGER_REACHES, false, FINETUNING)
          .is(JobKey.MICRO_BATCH, 4, TRAINING)
          .is(JobKey.SEQUENCE_LENGTH, 4096, TRAINING)
          .is(JobKey.PADDING, Padding.PACKED, TRAINING)
          .is(JobKey.LORA_RANK, 8, PEFT)
          .is(JobKey.LORA_ALPHA, 32.0, PEFT)
          .is(JobKey.LORA_DROPOUT, 0.05, PEFT)
          .is(JobKey.LORA_TARGETS, LoraTargets.QUERY_VALUE, PEFT)
          .doesWhen(
              JobKey.LORA_KBIT_PREPARE,
              PartialJob::isKbit,
              "llama_recipes/finetuning.py, until July 2024",
              LlamaRecipes::preparesKbit)
          .does(JobKey.MODEL_DTYPE, FINETUNING, LlamaRecipes::loadDtype)
          .does(JobKey.PRECISION, FSDP, LlamaRecipes::precision)
          .does(JobKey.CHECKPOINTING, FSDP, LlamaRecipes::checkpointing)
          .does(
              JobKey.CHECKPOINTING_REENTRANT,
              "llama_cookbook/policies/activation_checkpointing_functions.py;"
                  + " on one GPU peft, utils/other.py prepare_model_for_int8_training",
              d -> !isSharded(d))
          .does(JobKey.OPTIMIZER_IMPLEMENTATION, FINETUNING, OptimizerRules::ofTorch)
          .spreads(FINETUNING, d -> Strategy.FSDP1)
          .is(
              SpreadCode.SEEKS_UNUSED,
              SpreadCode.Unused.NEVER,
              "torch/nn/parallel/distributed.py find_unused_parameters")
          .is(SpreadCode.SHARDS_CHECKPOINTS, true, FINETUNING)
          .is(SpreadCode.HOOKS_AROUND_CHECKPOINTS, false, FINETUNING + " checkpoint_wrapper")
          .is(SpreadCode.FLAT_REDUCES_EACH, true, "llama_cookbook/utils/train_utils.py train")
          .is(LoopCode.FETCHES_STEP, false, "llama_cookbook/utils/train_utils.py train")
          .is(
              EvaluationCode.LOOP,
              EvaluationCode.Loop.OWN,
              "llama_cookbook/utils/train_utils.py evaluation")
          .is(LoopCode.AUTOCASTS_UNDER_FSDP, false, "llama_cookbook/utils/train_utils.py train")
          .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, "llama_cookbook/utils/train_utils.py")
          .is(SaveCode.INTERVAL, new SaveCode.Epochs(), "llama_cookbook/utils/train_utils.py train")
          .is(SaveCode.KEPT, new SaveCode.Kept(1), "llama_cookbook/utils/train_utils.py")
          .is(SaveCode.WRITER, SaveCode.Writer.DCP, "llama_cookbook/model_checkpointing")
          .is(
              SaveCode.CONSOLIDATOR,
              SaveCode.Consolidator.NONE,
              "llama_cookbook/inference/checkpoint_converter_fsdp_hf.py, not described")
          .is(SaveCode.STATES, false, TRAINING + " save_optimizer")
          .is(SaveCode.FSDP1, SaveCode.StateDict.SHARDED, FSDP + " checkpoint_type")
          .does(
              LoopCode.KEEPS_CACHE,
              "llama_recipes/finetuning.py: use_cache, until September 2023",
              LlamaRecipes::keepsCache)
          .done();

  private LlamaRecipes() {}

  /** {@code torch_dtype="auto"} since July 2024, before that of from_pretrained. */
  private static DataType loadDtype(PartialJob d) {
    return d.transformersAtLeast(4, 43)
        ? d.document().checkpointDtype()
        : Transformers.loadDtype(d);
  }

  /** FSDP's mixed precision is on by default; one GPU computes in what it has loaded. */
  private static Precision precision(PartialJob d) {
    return isSharded(d) ? Precision.BF16_MIXED : Precision.pure(d.modelDtype());
  }

  /** FSDP's by default; PEFT's k-bit preparation switches on that of the model. */
  private static Checkpointing checkpointing(PartialJob d) {
    return isSharded(d) || preparesKbit(d) ? Checkpointing.FULL : Checkpointing.NONE;
  }

  private static boolean preparesKbit(PartialJob d) {
    return d.isKbit() && !d.transformersAtLeast(4, 43);
  }

  private static boolean isSharded(PartialJob d) {
    return d.whole(JobKey.GPU_COUNT) > 1;
  }

  private static boolean keepsCache(Framework libraries) {
    return !libraries.transformers().atLeast(4, 33);
  }
}
