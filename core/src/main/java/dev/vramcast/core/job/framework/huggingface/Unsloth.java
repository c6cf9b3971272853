package dev.vramcast.core.job.framework.huggingface;

import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.KernelCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CompletionGroup;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.LoraTargets;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** Unsloth: 4-bit unless told otherwise. */
public final class Unsloth {

  private static final String LOADER = "unsloth/models/loader.py";
  private static final String CARD =
      "unsloth/models/_utils.py: HAS_FLASH_ATTENTION by the card's compute capability";
  private static final String LLAMA = "unsloth/models/llama.py";
  private static final String MANY = "unsloth/models/vision.py post_patch_model, is_distributed";

  /** Projectors of older models, encoders, projectors of newer ones. */
  private static final List<String> KEPT =
      List.of(
          "multi_modal_projector",
          "merger",
          "modality_projection",
          "vision_tower",
          "audio_tower",
          "embed_vision",
          "embed_audio");

  /** {@code current_rope_size}, which grows with longer sequences. */
  private static final long TABLE_ROWS = 4 * 8192L;

  /** {@code target_gb} of August 2025, in fp32 logits. */
  private static final long GIB_OF_LOGITS = GIB / 4;

  /** What a chunk's fp32 logits may take since July 2026. */
  private static final long FOUR_GIB = 4 * GIB;

  public static final FrameworkRules RULES =
      Transformers.RULES
          .derive("unsloth")
          .is(
              LoopCode.PREPARED_BY_ACCELERATE,
              false,
              "unsloth/kernels/fast_lora.py, whose products take weights")
          .is(LoopCode.TRAINS_PAIRS, false, "unsloth/trainer.py")
          // Its notebooks load in 4 bits and checkpoint by "unsloth".
          .leftOut(JobKey.METHOD, JobKey.CHECKPOINTING, JobKey.STRATEGY)
          .is(
              LayerCode.TILED_MLP,
              LayerCode.TiledMlp.NONE,
              "unsloth_zoo/tiled_mlp.py is not described")
          .is(JobKey.METHOD, Method.QLORA, LOADER)
          .doesWhen(
              JobKey.QUANTIZATION_SCHEME,
              d -> d.method() == Method.QLORA,
              LOADER,
              d -> QuantizationScheme.NF4)
          .is(JobKey.DOUBLE_QUANT, true, LOADER)
          .does(JobKey.SEQUENCE_LENGTH, LOADER, UnslothStages::length)
          .doesWhen(
              JobKey.BETA,
              UnslothStages::generates,
              UnslothStages.RL + ": beta, as GRPOConfig is rewritten",
              d -> 0.001)
          .doesWhen(
              JobKey.ENGINE_FRACTION,
              UnslothStages::shares,
              LLAMA + ": gpu_memory_utilization",
              d -> 0.5)
          .doesWhen(
              JobKey.ENGINE_LENGTH,
              UnslothStages::shares,
              LLAMA + ": max_seq_length",
              d -> d.whole(JobKey.SEQUENCE_LENGTH))
          .doesWhen(
              JobKey.ENGINE_SLEEP,
              UnslothStages::shares,
              LLAMA + ": UNSLOTH_VLLM_STANDBY is off unless it is set",
              d -> 0)
          .doesWhen(
              JobKey.GROUP_SIZE, CompletionGroup::isUsual, TrlStages.GROUPS, CompletionGroup::usual)
          .does(
              FrameworkCode.STAGES, "unsloth/models/rl_replacements.py as read", UnslothStages::of)
          .does(JobKey.MODEL_DTYPE, LOADER, PartialJob::sixteenBits)
          .does(JobKey.PRECISION, LOADER, d -> Precision.mixed(d.modelDtype()))
          .is(LoopCode.AUTOCASTS_APART, false, LOADER)
          .is(JobKey.LORA_RANK, 16, LLAMA)
          .is(JobKey.LORA_ALPHA, 16.0, LLAMA)
          .is(JobKey.LORA_TARGETS, LoraTargets.PROJECTIONS, LLAMA)
          .is(JobKey.LORA_DTYPE, DataType.FP32, LLAMA)
          .is(JobKey.LORA_KBIT_PREPARE, false, LLAMA)
          .does(
              JobKey.CHECKPOINTING,
              LLAMA + "; " + MANY,
              d -> checksPlainly(d) ? Checkpointing.FULL : Checkpointing.OFFLOADED)
          .does(
              JobKey.CHECKPOINTING_REENTRANT,
              "unsloth_zoo/gradient_checkpointing.py; " + MANY,
              d -> !checksPlainly(d))
          .does(
              LayerCode.OFFLOADS_LATE,
              "unsloth_zoo/gradient_checkpointing.py LAST_GC_INDEX, which the first pass counts up,"
                  + " from January to November 2025",
              unsloth -> unsloth.atLeast(2025, 1) && !unsloth.atLeast(2025, 12))
          .does(JobKey.ATTENTION, CARD, Unsloth::attention)
          .is(AttentionCode.XFORMERS, true, CARD)
          .does(
              AttentionCode.MASKS_GROUPS,
              "unsloth_zoo/temporary_patches/gemma.py patch_Gemma3Attention, which took flex"
                  + " attention instead in February 2026",
              unsloth -> unsloth.atLeast(2025, 3) && !unsloth.atLeast(2026, 2))
          .does(
              AttentionCode.LAYER_TABLES,
              LLAMA + " LlamaRotaryEmbedding.__init__",
              Unsloth::layerTables)
          .does(JobKey.LOSS, "unsloth/models/llama.py CausalLM_fast_forward", Unsloth::loss)
          .does(
              JobKey.EXPANDABLE_SEGMENTS,
              "unsloth_zoo/__init__.py",
              d -> d.torchAtLeast(2, 2) && !UnslothStages.standsBy(d))
          .does(
              LossCode.CHUNKS,
              "unsloth_zoo/fused_losses/cross_entropy_loss.py get_chunk_size",
              Unsloth::chunks)
          .is(
              SaveCode.MERGE,
              MergeDevice.FILES,
              "unsloth_zoo/saving_utils.py merge_and_overwrite_lora")
          .is(LossCode.REWRITES, true, "unsloth_zoo/compiler.py apply_fused_lm_head")
          .is(
              LossCode.WIDENS_LOGITS,
              false,
              "unsloth_zoo/loss_utils.py patch_loss_functions UnslothForCausalLMLoss")
          .is(
              LayerCode.QUANTISES_EXPERTS,
              true,
              "unsloth_zoo/temporary_patches/gpt_oss.py GptOssExpertsBnb4bit; moe_utils_bnb4bit.py")
          .is(
              LayerCode.YIELDS_TO_STORED,
              true,
              "unsloth/models/loader_utils.py check_and_disable_bitsandbytes_loading")
          .is(
              LayerCode.SPARES_COPIES,
              true,
              "unsloth/kernels/utils.py matmul_lora, unsloth_zoo/compiler.py patch_lora_forwards")
          .does(
              LayerCode.DYNAMIC_COPIES,
              "unsloth/models/loader_utils.py get_model_name, by the names of mapper.py",
              unsloth -> LayerCode.Copies.listedIn(unsloth.version()))
          .does(
              LayerCode.KEPT_MODULES,
              "unsloth_zoo/peft_utils.py SKIP_QUANTIZATION_MODULES",
              Unsloth::kept)
          .does(
              JobKey.EVALUATION_BATCH,
              "unsloth/models/rl.py eval_changes",
              d -> Math.min(8, d.whole(JobKey.MICRO_BATCH)))
          .does(
              JobKey.EVALUATION_ACCUMULATION,
              "unsloth/models/rl.py eval_changes",
              d -> d.whole(JobKey.GRAD_ACCUM))
          .is(LossCode.LIGER_REACHES, false, LLAMA)
          .is(LossCode.FUSED, LossKernel.CHUNKED, LLAMA)
          .is(SpreadCode.STRATEGIES, List.of(Strategy.DDP), LOADER)
          .spreads(LOADER + " prepare_device_map", d -> Strategy.DDP)
          .is(SpreadCode.DIVIDES_SEQUENCES, false, LOADER + " knows no such mesh")
          .is(KernelCode.STACK, KernelCode.LaunchStack.FUSED, "unsloth/kernels")
          .is(KernelCode.FUSED_DEQUANTISING, true, "unsloth/kernels/utils.py fast_dequantize")
          .is(SpreadCode.LOADS_ALONE, LoadPlace.GPU, "unsloth/models/loader.py device_map")
          .is(SpreadCode.LOADS_COPIES, LoadPlace.GPU, "unsloth/models/loader.py device_map")
          .done();

  private Unsloth() {}

  /**
   * Of all positions of the model from April 2024 on, of at most 32,768 since July; since February
   * 2025 layers share one, as Transformers has it from 4.48 on.
   */
  private static long layerTables(Framework unsloth) {
    if (!unsloth.atLeast(2024, 4) || unsloth.atLeast(2025, 2)) {
      return 0;
    }
    return unsloth.atLeast(2024, 7) ? TABLE_ROWS : Long.MAX_VALUE;
  }

  /**
   * Under DDP, since December 2025, where Transformers' own classes run: those of models with
   * encoders, in full and in 8 bits.
   */
  private static boolean checksPlainly(PartialJob d) {
    boolean plain =
        d.method() == Method.FULL
            || d.scheme() == QuantizationScheme.INT8
            || d.model().filter(model -> !model.towers().isEmpty()).isPresent();
    boolean since = d.frameworkVersion().map(version -> version.atLeast(2025, 12)).orElse(true);
    return since && plain && d.whole(JobKey.GPU_COUNT) > 1;
  }

  /** Encoders as wholes since February 2026, and newer projectors since June. */
  private static List<String> kept(Framework unsloth) {
    return unsloth.atLeast(2026, 6) ? KEPT : KEPT.subList(0, unsloth.atLeast(2026, 3) ? 5 : 3);
  }

  /**
   * All logits and a Triton kernel over them at first, cut cross-entropy from November 2024 on, and
   * since August 2025 chunks.
   */
  private static LossKernel loss(PartialJob d) {
    return d.frameworkVersion()
        .map(
            version ->
                version.atLeast(2025, 8)
                    ? LossKernel.CHUNKED
                    : version.atLeast(2024, 11) ? LossKernel.CCE : LossKernel.TRITON)
        .orElse(LossKernel.CHUNKED);
  }

  private static LossChunks chunks(Framework unsloth) {
    if (!unsloth.atLeast(2025, 9)) {
      return new LossChunks.Fused(
          GIB_OF_LOGITS, "Unsloth's loss takes chunks of 1 GiB of fp32 logits, as in August 2025.");
    }
    return unsloth.atLeast(2026, 7)
        ? new LossChunks.FusedInFree(
            FOUR_GIB,
            false,
            "Unsloth's loss takes chunks whose fp32 logits are half of the free memory, and at most"
                + " 4 GiB.")
        : new LossChunks.FusedInFree(
            Long.MAX_VALUE,
            true,
            "Unsloth's loss takes chunks whose fp32 logits are half of the free memory.");
  }

  /** Before Ampere xformers takes over, whose kernel is PyTorch's memory-efficient one. */
  private static AttentionKernel attention(PartialJob d) {
    return d.runsWithout(Generation.Abilities::flashAttention)
        ? AttentionKernel.SDPA
        : AttentionKernel.FLASH;
  }
}
