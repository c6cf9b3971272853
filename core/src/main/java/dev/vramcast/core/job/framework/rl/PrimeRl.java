package dev.vramcast.core.job.framework.rl;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KeptOutputs;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
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
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.OptimizerRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * prime-rl 0.8: a trainer under FSDP2, and an engine on other GPUs. Supervised fine-tuning is that
 * of its version too; where only PyTorch's is given, 2.9 stands for prime-rl 0.3 of January 2026.
 */
public final class PrimeRl {

  private static final String TRAINER = "packages/prime-rl-configs/src/prime_rl/configs/trainer.py";
  private static final String INFERENCE =
      "packages/prime-rl-configs/src/prime_rl/configs/inference.py";

  /** The next batch is made by the weights before these; until 0.5 {@code max_async_level}, 1. */
  private static final String ORCHESTRATOR = "src/prime_rl/orchestrator/orchestrator.py";

  private static final String MODEL = "src/prime_rl/trainer/model.py ";
  private static final String OPTIMIZER = "src/prime_rl/trainer/optim.py";
  private static final String LOOP = "src/prime_rl/trainer/sft/train.py train";
  private static final String SAVES = "src/prime_rl/trainer/ckpt.py ";
  private static final String HEAD = "src/prime_rl/trainer/models/layers/lm_head.py ";

  /** {@code fused_lm_head_token_chunk_size} and {@code vocab_chunk_size}. */
  private static final LossChunks.Tiles TILES =
      new LossChunks.Tiles(
          8192, 8192, "prime-rl's loss takes tiles of 8192 tokens by 8192 words, as since 0.8.");

  /** Rows are packed, and the head scores all of their tokens in the tiles of its loss. */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(Stage.GRPO, StageHead.TILES),
          TILES,
          Set.of(),
          EnumSet.of(StageHabit.READS_ALL, StageHabit.COUNTS_PROMPTS, StageHabit.TRUSTS_ENGINE));

  public static final FrameworkRules RULES =
      Completed.engine(
              Completed.ahead(
                  Transformers.RULES
                      .derive("prime-rl")
                      .is(FrameworkCode.SUPERVISED, Stage.nextTokens(), "src/prime_rl/trainer")
                      .is(LoopCode.PREPARED_BY_ACCELERATE, false, TRAINER)
                      .trainsInFull(TRAINER)
                      .leftOut(JobKey.MODEL_DTYPE, JobKey.PRECISION, JobKey.STRATEGY)
                      .is(SpreadCode.WIDENS_SHARDS, false, TRAINER)
                      .is(JobKey.LORA_RANK, 16, TRAINER)
                      .is(JobKey.LORA_ALPHA, 32.0, TRAINER)
                      .is(JobKey.SEQUENCE_LENGTH, 2048, TRAINER)
                      .is(JobKey.MICRO_BATCH, 1, "src/prime_rl/trainer/batch.py")
                      .is(JobKey.PADDING, Padding.PACKED, "src/prime_rl/trainer/batch.py")
                      .is(JobKey.MODEL_DTYPE, DataType.FP32, TRAINER)
                      .is(JobKey.PRECISION, Precision.BF16_MIXED, "src/prime_rl/trainer/model.py")
                      .is(JobKey.REDUCE_DTYPE, DataType.FP32, TRAINER)
                      .is(JobKey.CHECKPOINTING, Checkpointing.OFFLOADED, TRAINER)
                      .is(JobKey.CHECKPOINTING_REENTRANT, false, "src/prime_rl/trainer/model.py")
                      .is(JobKey.ATTENTION, AttentionKernel.FLASH, TRAINER)
                      .is(
                          AttentionCode.RING,
                          AttentionCode.Ring.FLASH,
                          "src/prime_rl/trainer/models/layers/ring_attn.py")
                      .is(
                          AttentionCode.ULYSSES,
                          AttentionCode.Ulysses.PERMUTED,
                          "src/prime_rl/trainer/models/layers/ulysses_attn.py")
                      .is(JobKey.COMPILE, true, TRAINER)
                      .is(JobKey.STRATEGY, Strategy.FSDP2, "src/prime_rl/trainer/model.py")
                      .is(
                          SpreadCode.SWAPS_STATES,
                          true,
                          "src/prime_rl/trainer/optim/state_offload.py _move_states")
                      .does(JobKey.ROOT_GROUP, MODEL + "setup_fsdp", PrimeRl::rootGroup)
                      .does(
                          JobKey.LOSS,
                          LOOP,
                          d ->
                              isOlder(d.frameworkVersion(), 8, d.torchAtLeast(2, 10))
                                  ? LossKernel.FULL
                                  : LossKernel.CHUNKED)
                      .does(JobKey.OPTIMIZER_IMPLEMENTATION, OPTIMIZER, OptimizerRules::ofTorch)
                      .does(
                          JobKey.EXPANDABLE_SEGMENTS,
                          "src/prime_rl/entrypoints/rl.py, and sft.py since 0.5",
                          d ->
                              Completed.generates(d)
                                  || !isOlder(d.frameworkVersion(), 5, d.torchAtLeast(2, 10)))
                      .does(
                          FrameworkCode.STAGES,
                          HEAD + "FusedOutputLinear",
                          libraries ->
                              isOlder(libraries.version(), 8, libraries.torch().atLeast(2, 10))
                                  ? StageCode.UNKNOWN
                                  : STAGES)
                      .is(LossCode.CHUNKS, TILES, HEAD + "_SequenceChunkedLogProbEntropyFn")
                      .is(
                          LossCode.FUSED,
                          LossKernel.CHUNKED,
                          HEAD + "_SequenceChunkedLogProbEntropyFn")
                      .is(LossCode.OUTPUTS, OutputDtype.FP32, HEAD + "cast_float_and_contiguous")
                      .is(LossCode.WIDENS_LOGITS, false, LOOP)
                      .is(LossCode.IN_LOOP, true, LOOP)
                      .is(LoopCode.FETCHES_STEP, false, LOOP)
                      .is(
                          EvaluationCode.LOOP,
                          EvaluationCode.Loop.UNKNOWN,
                          LOOP + ", whose evaluation is not described")
                      .is(SaveCode.WRITER, SaveCode.Writer.DCP, SAVES + "CheckpointManager")
                      .is(SaveCode.FSDP2, SaveCode.StateDict.SHARDED, SAVES + "AppState")
                      .is(SaveCode.INTERVAL, new SaveCode.Never(), TRAINER + " ckpt")
                      .does(LoopCode.OUTPUTS, LOOP + ", until 0.5", PrimeRl::kept)
                      .is(SpreadCode.SHARDS_CHECKPOINTS, true, MODEL + "setup_model")
                      .is(SpreadCode.HOOKS_AROUND_CHECKPOINTS, false, MODEL + "apply_ac")
                      .is(SpreadCode.REDUCES_EACH, true, LOOP)
                      .is(LoopCode.AUTOCASTS_UNDER_FSDP, false, MODEL + "setup_fsdp")
                      .is(LayerCode.GROUPS_EXPERTS, true, TRAINER + " moe_use_grouped_mm")
                      .is(JobKey.ENGINE_FRACTION, 0.9, INFERENCE),
                  ORCHESTRATOR),
              GenerationEngine.VLLM_SERVER,
              INFERENCE)
          .done();

  private PrimeRl() {}

  /** Whether 0.{@code minor} was still to come. */
  private static boolean isOlder(Optional<Version> version, int minor, boolean recent) {
    return version.map(given -> !given.atLeast(0, minor)).orElse(!recent);
  }

  /** The loop had its last outputs in a variable until it got new ones. */
  private static KeptOutputs kept(Framework libraries) {
    return isOlder(libraries.version(), 5, libraries.torch().atLeast(2, 10))
        ? KeptOutputs.INTO_NEXT_STEP
        : KeptOutputs.UNTIL_LOSS;
  }

  /** Embedding and head have groups of their own unless one weight is both. */
  private static RootGroup rootGroup(PartialJob d) {
    Map<String, Object> config = d.document().model().map(ModelConfig::values).orElse(Map.of());
    return Boolean.FALSE.equals(config.get("tie_word_embeddings"))
        ? RootGroup.SPLIT
        : RootGroup.PLAIN_RAF;
  }
}
