package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CompletionGroup;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** TRL's supervised fine-tuning, as {@code trl sft} runs it. */
public final class Trl {

  private static final String MODEL_CONFIG = "trl/trainer/model_config.py";
  private static final String SFT_CONFIG = "trl/trainer/sft_config.py";
  private static final String SFT_TRAINER = "trl/trainer/sft_trainer.py";
  private static final String BASE_CONFIG = "trl/trainer/base_config.py";

  static final String WEIGHED =
      "__init__ of trl/trainer/sft_trainer.py, dpo_trainer.py, kto_trainer.py, grpo_trainer.py"
          + " and rloo_trainer.py since 1.15, distillation_trainer.py: get_output_embeddings";

  private static final Set<Stage> SWITCHING = Set.of(Stage.DPO, Stage.KTO, Stage.GRPO, Stage.RLOO);

  public static final FrameworkRules RULES =
      Transformers.loading(Transformers.RULES, "trl")
          .is(SaveCode.CONSOLIDATOR, SaveCode.Consolidator.ACCELERATE, Transformers.MERGES)
          .is(
              LoopCode.TRAINS_PAIRS,
              false,
              "trl/trainer/sft_trainer.py DataCollatorForLanguageModeling")
          .versionedBy(JobKey.TRL_VERSION)
          .is(JobKey.LORA_RANK, 16, MODEL_CONFIG)
          .is(JobKey.LORA_ALPHA, 32.0, MODEL_CONFIG)
          .doesWhen(JobKey.LORA_DROPOUT, PartialJob::takesLora, MODEL_CONFIG, d -> 0.05)
          .does(JobKey.SEQUENCE_LENGTH, SFT_CONFIG, TrlStages::length)
          .does(JobKey.MODEL_DTYPE, MODEL_CONFIG, Trl::loadDtype)
          .first(JobKey.MODEL_DTYPE, Transformers.baseUnderFsdp2())
          .does(JobKey.PRECISION, BASE_CONFIG, Trl::precision)
          .does(JobKey.CHECKPOINTING, BASE_CONFIG, Trl::checkpointing)
          .does(JobKey.CHECKPOINTING_REENTRANT, SFT_TRAINER, Trl::reentrant)
          .does(JobKey.LOSS, SFT_CONFIG + ": loss_type", Trl::loss)
          .does(JobKey.LORA_DTYPE, SFT_TRAINER, Trl::adapterDtype)
          .doesWhen(
              JobKey.LORA_KBIT_PREPARE,
              PartialJob::isKbit,
              SFT_TRAINER,
              d -> preparesKbit(d) && !shardsBase(d))
          .is(
              SpreadCode.ZERO,
              ZeroConfiguration.DEEPSPEED_DEFAULTS,
              "trl/accelerate_configs/zero2.yaml and zero3.yaml")
          .does(
              LoopCode.NARROWS_PREPARED,
              "trl/trainer/utils.py peft_module_casting_to_bf16",
              Trl::preparing)
          .does(LossCode.CHUNKS, SFT_TRAINER, Trl::chunks)
          .does(
              LossCode.LOGS_ENTROPY,
              SFT_TRAINER + " compute_loss, entropy_from_logits of 128 rows since 0.24",
              trl -> trl.atLeast(0, 24))
          .does(
              LossCode.SHIFTS_LOGGED,
              SFT_TRAINER + " compute_loss, entropy_from_logits of shift_logits since 1.3",
              trl -> trl.atLeast(1, 3) && trl.transformers().atLeast(4, 56))
          .does(
              LossCode.COPIES_PREDICTED,
              SFT_TRAINER + " compute_loss, contiguous shift_logits until 1.5",
              trl -> !trl.atLeast(1, 6) || !trl.transformers().atLeast(4, 56))
          .does(
              LoopCode.FORBIDS_CACHE,
              SFT_TRAINER + " compute_loss, use_cache since 0.22",
              trl -> trl.atLeast(0, 22))
          .does(
              LossCode.SMOOTHS_APART,
              SFT_TRAINER + " compute_loss, label_smoother since 1.15",
              trl -> trl.atLeast(1, 15))
          .does(
              LossCode.BALANCED_STAGES,
              SFT_TRAINER + " aux_loss_enabled, whatever the config asks since 1.7",
              Trl::balanced)
          .does(
              LossCode.WEIGHS_BALANCE,
              "trl/trainer/sft_config.py router_aux_loss_coef, 0.001 from 1.7 to 1.13",
              trl -> !trl.atLeast(1, 14))
          .does(LossCode.UNADAPTED_HEADS, WEIGHED, Trl::unadapted)
          .does(
              LossCode.WEIGHS_TOKENS,
              SFT_TRAINER + " dft_loss since 0.23",
              trl -> trl.atLeast(0, 23))
          .does(
              LossCode.KEEPS_OWN,
              SFT_TRAINER + " liger_kernel_config, fused_linear_cross_entropy off since 1.15",
              trl -> trl.atLeast(1, 15))
          .is(
              EvaluationCode.GENERATION,
              EvaluationCode.Generation.OF_PAIRS,
              "trl/experimental/orpo/orpo_trainer.py evaluation_loop, generate_during_eval")
          .does(
              EvaluationCode.GENERATING,
              "generate_during_eval of dpo_trainer.py until 0.28, kto_trainer.py until 1.1,"
                  + " bco_trainer.py until 1.13",
              Trl::generating)
          .does(
              EvaluationCode.KEEPS_CACHE,
              SFT_TRAINER + " compute_loss, use_cache since 0.22",
              Trl::leavesCache)
          .does(
              LoopCode.LEAVES_CACHE,
              SFT_TRAINER + " compute_loss, use_cache since 0.22",
              Trl::leavesCache)
          .does(
              EvaluationCode.LIGER_MAKES_LOGITS,
              SFT_TRAINER + " compute_loss, skip_logits since 0.29",
              trl -> !trl.atLeast(0, 29) && !trl.transformers().atLeast(5, 15))
          .does(
              EvaluationCode.LOGITS_BY_PASS,
              SFT_TRAINER + " compute_loss, return_outputs since 1.15",
              trl -> trl.atLeast(1, 15))
          .is(
              SaveCode.FSDP2,
              SaveCode.StateDict.FULL,
              "trl/accelerate_configs/fsdp2.yaml fsdp_state_dict_type")
          .doesWhen(
              JobKey.BETA,
              d -> TrlStages.weighsReference(d) || TrlDivergence.isMeant(d),
              "trl/trainer/grpo_config.py and rloo_config.py, trl/experimental/gkd/gkd_config.py",
              d -> TrlDivergence.isMeant(d) ? TrlDivergence.BETA : TrlStages.beta(d))
          .doesWhen(
              JobKey.GROUP_SIZE, CompletionGroup::isUsual, TrlStages.GROUPS, CompletionGroup::usual)
          .does(FrameworkCode.STAGES, "trl/trainer/utils.py add_fused_lm_head", TrlStages::of)
          .does(
              SpreadCode.REENTRANT_STAGES,
              "trl/trainer/grpo_trainer.py __init__, since 1.9; sft_trainer.py since 0.27",
              Trl::reentrantStages)
          .is(
              SpreadCode.DIVIDED_STAGES,
              Stage.those(Stage::isSupervised),
              SFT_TRAINER + ", whose labels alone accelerate divides with the tokens")
          .does(
              SpreadCode.WHOLE_STAGES,
              "trl/trainer/grpo_config.py and rloo_config.py __post_init__ since 1.4,"
                  + " distillation_config.py since 1.12",
              Trl::keptWhole)
          .is(SpreadCode.LOADS_ALONE, LoadPlace.GPU, "trl/trainer/utils.py create_model_from_path")
          .done();

  private Trl() {}

  private static boolean leavesCache(Framework trl) {
    return !trl.atLeast(0, 22) && Transformers.leavesCache(trl);
  }

  private static Set<Stage> keptWhole(Framework trl) {
    if (!trl.atLeast(1, 4)) {
      return Set.of();
    }
    return trl.atLeast(1, 12)
        ? EnumSet.of(Stage.GRPO, Stage.RLOO, Stage.DISTILLATION)
        : EnumSet.of(Stage.GRPO, Stage.RLOO);
  }

  /**
   * {@code aux_loss_enabled} of sft_trainer.py, grpo_trainer.py and rloo_trainer.py, of
   * dpo_trainer.py and kto_trainer.py since 1.8, in the fused head of 1.15 (trl/trainer/utils.py
   * {@code _fused_forward}).
   */
  private static Set<Stage> balanced(Framework trl) {
    if (!trl.atLeast(1, 7)) {
      return Set.of();
    }
    Set<Stage> stages = EnumSet.of(Stage.SFT, Stage.GRPO, Stage.RLOO);
    if (trl.atLeast(1, 8)) {
      stages.addAll(EnumSet.of(Stage.DPO, Stage.KTO));
    }
    return stages;
  }

  /** Before 1.15 the chunks of SFTTrainer alone, since 1.4, and distillation, since 1.11. */
  private static Set<Stage> unadapted(Framework trl) {
    Set<Stage> stages = EnumSet.noneOf(Stage.class);
    if (trl.atLeast(1, 15)) {
      stages.addAll(TrlStages.OF_LABELS);
    }
    if (trl.atLeast(1, 11)) {
      stages.add(Stage.DISTILLATION);
    }
    if (trl.atLeast(1, 4)) {
      stages.addAll(EnumSet.of(Stage.SFT, Stage.PRETRAIN));
    }
    return stages;
  }

  private static Set<Stage> generating(Framework trl) {
    Set<Stage> stages = EnumSet.of(Stage.ORPO, Stage.CPO);
    if (!trl.atLeast(0, 29)) {
      stages.add(Stage.DPO);
    }
    if (!trl.atLeast(1, 2)) {
      stages.add(Stage.KTO);
    }
    // A job of BCO that names no release is of one that has a trainer of it.
    if (trl.version().isEmpty() || !trl.atLeast(1, 14)) {
      stages.add(Stage.BCO);
    }
    return stages;
  }

  /**
   * Chunks of the head where {@code loss_type} asks for them, since 1.7 where it is left out, and
   * since 1.15 whatever it says (trl/trainer/sft_trainer.py add_fused_lm_head).
   */
  private static LossKernel loss(PartialJob d) {
    boolean whole =
        d.isSet(JobKey.LOSS_TYPE, List.of("nll")) || d.isSet(JobKey.LOSS_TYPE, List.of("dft"));
    boolean chunks =
        d.isSet(JobKey.LOSS_TYPE, List.of("chunked_nll")) ? atLeast(d, 1, 4) : atLeast(d, 1, 7);
    return atLeast(d, 1, 15) || chunks && !whole ? LossKernel.CHUNKED : LossKernel.FULL;
  }

  /** A TRL without a version beside an old Transformers cannot be the newest one. */
  private static boolean atLeast(PartialJob d, int major, int minor) {
    return d.frameworkVersion()
        .map(version -> version.atLeast(major, minor))
        .orElseGet(() -> d.transformersAtLeast(4, 56));
  }

  /** {@code ModelConfig.dtype} is float32 since 0.27. */
  private static DataType loadDtype(PartialJob d) {
    return atLeast(d, 0, 27) ? DataType.FP32 : Transformers.loadDtype(d);
  }

  /** {@code bf16} is on unless fp16 is, since 0.19, of RLOO since 0.22. */
  private static Precision precision(PartialJob d) {
    boolean late = d.get(JobKey.STAGE, Stage.class) == Stage.RLOO;
    return atLeast(d, 0, late ? 22 : 19) ? Precision.BF16_MIXED : Precision.pure(d.modelDtype());
  }

  /** Since 0.27 off on every Transformers, except for adapters under ZeRO-3. */
  private static boolean reentrant(PartialJob d) {
    if (isProcess(d) && d.isKbit()) {
      // trl/experimental/utils.py prepare_model_for_kbit_training, before the trainer's own
      // default.
      return true;
    }
    if (!atLeast(d, 0, 27)) {
      return !d.transformersAtLeast(5, 0);
    }
    boolean adapters = d.method() != Method.FULL && d.method() != Method.FREEZE;
    boolean asks = adapters && d.strategy() == Strategy.ZERO3;
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return asks && reentrant(atLeast(d, 1, 9), d.transformersAtLeast(5, 24)).contains(stage);
  }

  private static Set<Stage> reentrantStages(Framework trl) {
    return trl.atLeast(0, 27)
        ? reentrant(trl.atLeast(1, 9), trl.transformers().atLeast(5, 24))
        : Set.of();
  }

  /**
   * Transformers 5.24 reads {@code activation_checkpointing_kwargs}, to which what TRL changes of
   * the old name does not get any more: there it holds for trainers alone that switch checkpoints
   * off for a reference or for old log-probabilities and then on again (trl/models/utils.py
   * disable_gradient_checkpointing).
   *
   * @param all not SFTTrainer alone does so, since 1.9
   * @param renamed that Transformers runs
   */
  private static Set<Stage> reentrant(boolean all, boolean renamed) {
    return Stage.those(
        stage -> (all || stage.isSupervised()) && (!renamed || SWITCHING.contains(stage)));
  }

  /** On since 0.22; the loop of PPO never asks the models for it. */
  private static Checkpointing checkpointing(PartialJob d) {
    boolean asks = d.get(JobKey.STAGE, Stage.class) != Stage.PPO;
    return asks && atLeast(d, 0, 22) ? Checkpointing.FULL : Checkpointing.NONE;
  }

  /**
   * The function of that name in trl/experimental/utils.py, which process rewards call since 0.26,
   * freezes and no more; norms are made fp32 by what narrows the rest under autocast.
   */
  private static boolean preparesKbit(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    if (isProcess(d)) {
      return d.precision() == Precision.BF16_MIXED;
    }
    return preparing((major, minor) -> atLeast(d, major, minor)).contains(stage);
  }

  /** Process rewards as trl/experimental/prm/prm_trainer.py trains them. */
  private static boolean isProcess(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.TOKEN_CLASSIFICATION && atLeast(d, 0, 26);
  }

  private static Set<Stage> preparing(Framework trl) {
    return preparing(trl::atLeast);
  }

  /**
   * Stages with {@code prepare_model_for_kbit_training}: the trainers that are supervised, of
   * rewards and of GRPO until 0.25, of RLOO until 0.26, of DPO until 0.28, of KTO until 1.3; those
   * of trl/experimental have it still, of PPO as long as there was one.
   */
  private static Set<Stage> preparing(Release trl) {
    Set<Stage> stages = EnumSet.of(Stage.BCO, Stage.ORPO, Stage.CPO, Stage.TOKEN_CLASSIFICATION);
    if (!trl.atLeast(0, 29)) {
      stages.add(Stage.DPO);
    }
    if (!trl.atLeast(1, 4)) {
      stages.add(Stage.KTO);
    }
    if (!trl.atLeast(1, 13)) {
      stages.add(Stage.PPO);
    }
    if (!trl.atLeast(0, 27)) {
      stages.addAll(EnumSet.of(Stage.RLOO, Stage.DISTILLATION));
      stages.addAll(EnumSet.of(Stage.CLASSIFICATION, Stage.MASKED_LM, Stage.EMBEDDING));
    }
    if (!trl.atLeast(0, 26)) {
      stages.addAll(EnumSet.of(Stage.SFT, Stage.PRETRAIN, Stage.REWARD, Stage.GRPO));
    }
    return stages;
  }

  /** A version that is compared with others. */
  private interface Release {
    boolean atLeast(int major, int minor);
  }

  /**
   * {@code is_sharded_qlora}, since 0.8: 4-bit weights that are sharded are on the CPU or the meta
   * device yet, where nothing is prepared.
   */
  private static boolean shardsBase(PartialJob d) {
    boolean sharded =
        switch (d.strategy()) {
          case FSDP1, FSDP2, ZERO3 -> true;
          case NONE, DDP, ZERO1, ZERO2, MEGATRON -> false;
        };
    return sharded && d.scheme() != QuantizationScheme.INT8 && atLeast(d, 0, 8);
  }

  /**
   * Trainers that do not prepare a quantised base turn adapters on it to bf16; those that do leave
   * them as PEFT makes them ({@code peft_module_casting_to_bf16} turns the base's parts alone).
   * ZeRO-3 keeps the dtype of the base.
   */
  private static DataType adapterDtype(PartialJob d) {
    boolean narrows = d.get(JobKey.STAGE, Stage.class) != Stage.TOKEN_CLASSIFICATION;
    if (d.isKbit() && narrows && !preparesKbit(d)) {
      return DataType.BF16;
    }
    return d.strategy() == Strategy.ZERO3 && atLeast(d, 1, 0)
        ? d.modelDtype()
        : Transformers.adapterDtype(d);
  }

  /**
   * Since 1.15 {@code ChunkedLogProbFunction} (trl/kernels/chunked_logprob.py); before, a
   * checkpoint for every {@code _CHUNKED_LM_HEAD_CHUNK_SIZE} tokens (trl/trainer/sft_trainer.py).
   */
  private static LossChunks chunks(Framework trl) {
    return trl.atLeast(1, 15)
        ? TrlStages.TILES
        : new LossChunks.Checkpointed(
            256,
            "TRL's loss is that of 1.4 to 1.14: chunks of 256 tokens, and an fp32 copy of the"
                + " head.");
  }
}
