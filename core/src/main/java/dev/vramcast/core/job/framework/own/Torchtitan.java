package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.units.DataType;

/**
 * torchtitan: fp32 shards, gathered and computed in bf16. A job names the version of PyTorch, of
 * which torchtitan asks for nightly builds: 2.8 stands for torchtitan 0.1.0 of June 2025, 2.9 for
 * 0.2.0 of October, 2.10 for 0.2.1 of December, and 2.11 for 0.2.2 of February 2026.
 */
public final class Torchtitan {

  private static final String CONFIG = "torchtitan/config/job_config.py";
  private static final String ATTENTION = "torchtitan/models/attention.py";

  public static final FrameworkRules RULES =
      OwnModels.table("torchtitan", "torchtitan/models")
          .trainsInFull(CONFIG)
          .is(JobKey.MODEL_DTYPE, DataType.FP32, CONFIG)
          .is(JobKey.PRECISION, Precision.BF16_MIXED, CONFIG)
          .is(JobKey.MICRO_BATCH, 8, CONFIG)
          .is(JobKey.SEQUENCE_LENGTH, 2048, CONFIG)
          .is(JobKey.CHECKPOINTING, Checkpointing.SELECTIVE, CONFIG)
          .is(
              LayerCode.CHECKPOINTS_LAST,
              true,
              "torchtitan/distributed/activation_checkpoint.py _apply_layer_sac")
          .is(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.FUSED, CONFIG)
          .doesWhen(
              JobKey.TORCH_VERSION,
              d -> d.isSet(JobKey.FRAMEWORK_DATE),
              "README.md asks for the nightly build of PyTorch",
              d -> d.torchNightly().orElseThrow())
          .spreads("torchtitan/distributed/parallel_dims.py", d -> Strategy.FSDP2)
          .doesWhen(
              JobKey.SEQUENCE_PARALLEL,
              d -> d.whole(JobKey.TENSOR) > 1,
              "torchtitan/models/llama3/infra/parallelize.py apply_tp",
              d -> true)
          .is(JobKey.EXPANDABLE_SEGMENTS, true, "run_train.sh")
          .does(
              JobKey.ROOT_GROUP,
              "torchtitan/models/llama3/infra/parallelize.py of 0.1.0 and 0.2.0",
              d -> d.torchAtLeast(2, 9) ? RootGroup.SPLIT : RootGroup.PLAIN_RAF)
          .does(
              AttentionCode.EXPANDS_HEADS,
              "torchtitan/models/llama3/model repeat_kv, until 0.2.2",
              libraries -> !libraries.torch().atLeast(2, 11))
          .is(
              SaveCode.WRITER,
              SaveCode.Writer.DCP,
              "torchtitan/components/checkpoint.py CheckpointManager")
          .is(
              SaveCode.CONSOLIDATOR,
              SaveCode.Consolidator.DCP_TO_TORCH,
              "docs/checkpoint.md, How to convert a checkpoint")
          .is(SaveCode.INTERVAL, new SaveCode.Never(), CONFIG + " checkpoint.enable")
          .is(SaveCode.KEPT, new SaveCode.Kept(10), CONFIG + " keep_latest_k")
          .is(AttentionCode.MASKS_SDPA, false, ATTENTION)
          .does(
              AttentionCode.KEEPS_CUDNN,
              "torchtitan/models/llama3/infra/parallelize.py, since 0.2.1",
              libraries -> libraries.torch().atLeast(2, 10))
          .is(LayerCode.TORCH_NORM, true, "torchtitan/models/llama3/model")
          .is(LayerCode.GROUPS_EXPERTS, true, "torchtitan/models/moe.py")
          .is(LayerCode.KEEPS_EMBEDDINGS, false, "torchtitan/models/llama3/model")
          .is(LossCode.OUTPUTS, OutputDtype.AS_COMPUTED, "torchtitan/train.py")
          .is(LossCode.IN_LOOP, true, "torchtitan/train.py")
          .does(
              LossCode.COMPILES,
              "torchtitan/components/loss.py, since 0.1.0",
              libraries -> libraries.torch().atLeast(2, 8))
          .is(LossCode.SPLITS_VOCABULARY, true, "torchtitan/models/llama3/infra/parallelize.py")
          .is(LossCode.PARALLEL, true, "torchtitan/distributed/utils.py loss_parallel")
          .is(SpreadCode.END_LAYERS, 1, CONFIG + " pipeline_parallel_first_stage_less_layers")
          .does(
              SpreadCode.RETURNS_STAGE_OUTPUTS,
              "torchtitan/train.py forward_backward_step, return_outputs=False since 0.2.1",
              libraries -> !libraries.torch().atLeast(2, 10))
          .is(SpreadCode.REDUCES_EACH, true, "torchtitan/train.py train_step")
          .is(LoopCode.AUTOCASTS_UNDER_FSDP, false, "torchtitan/distributed/utils.py")
          .done();

  private Torchtitan() {}
}
