package dev.vramcast.core.job.framework.huggingface;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.code.ZeroConfiguration;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Profile;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Rule;
import dev.vramcast.core.units.DataType;
import dev.vramcast.core.units.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** LLaMA-Factory 0.9. */
public final class LlamaFactory {

  /** First release whose DeepSpeed files do not overlap. */
  private static final Version WAITS = new Version(0, 9, 3);

  /** First release that loads weights in the checkpoint's dtype whatever it computes in. */
  private static final Version AS_STORED = new Version(0, 9, 4);

  /** {@code cutoff_len}, of a prompt alone where it is completed. */
  private static final int LENGTH = 2048;

  /** {@code max_new_tokens}. */
  private static final int COMPLETION = 1024;

  private static final String ZERO = "examples/deepspeed/ds_z2_config.json";
  private static final String FINETUNING = "src/llamafactory/hparams/finetuning_args.py";
  private static final String MODEL = "src/llamafactory/hparams/model_args.py";
  private static final String ULYSSES =
      "src/llamafactory/v1/plugins/model_plugins/parallelization/ulysses.py";
  private static final String ADAPTER = "src/llamafactory/model/adapter.py";

  /**
   * Of train/dpo, which ORPO and SimPO ({@code pref_loss}) run too, of train/kto, train/rm and
   * train/ppo.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(
              Stage.DPO, StageHead.WHOLE,
              Stage.KTO, StageHead.WHOLE,
              Stage.ORPO, StageHead.WHOLE,
              Stage.CPO, StageHead.WHOLE,
              Stage.PPO, StageHead.WHOLE,
              Stage.REWARD, StageHead.BESIDE_LOGITS),
          TrlStages.TILES,
          Set.of(Stage.DPO, Stage.KTO, Stage.ORPO, Stage.CPO),
          Set.of(StageHabit.SCORES_EACH_STEP, StageHabit.VALUES_BESIDE_WORDS));

  /** The first release that forbids a cache where layers are not checkpointed. */
  private static final Version CACHELESS = new Version(0, 9, 3);

  private static final String FORBIDS =
      "src/llamafactory/model/model_utils/kv_cache.py configure_kv_cache, since 0.9.3";

  public static final FrameworkRules RULES =
      Transformers.forbiddingCache(
              Transformers.loading(Transformers.RULES, "llama-factory"),
              FORBIDS,
              LlamaFactory::forbidsCache)
          .is(
              FrameworkCode.SUPERVISED,
              Stage.nextTokens(),
              "src/llamafactory/train/tuner.py _training_function")
          .is(SaveCode.CONSOLIDATOR, SaveCode.Consolidator.ACCELERATE, Transformers.MERGES)
          .is(
              SaveCode.MERGE,
              MergeDevice.CPU,
              "src/llamafactory/hparams/model_args.py export_device")
          .is(SaveCode.MERGES_APART, true, "src/llamafactory/train/tuner.py export_model")
          .is(LoopCode.TRAINS_PAIRS, false, "src/llamafactory/data/processor/supervised.py")
          .is(LossCode.KEEPS_WORDS, true, "src/llamafactory/train/rm/workflow.py: a value head")
          // Its examples/train_lora/llama3_lora_sft.yaml sets no optim.
          .leftOut(JobKey.OPTIMIZER_NAME, JobKey.MODEL_DTYPE)
          .doesWhen(
              JobKey.SEQUENCE_SCHEME,
              d -> d.strategy() != Strategy.MEGATRON,
              ULYSSES,
              d -> SequenceScheme.ULYSSES)
          .is(AttentionCode.ULYSSES, AttentionCode.Ulysses.PERMUTED, ULYSSES)
          .does(SpreadCode.ZERO, ZERO + ", without overlap_comm since 0.9.3", LlamaFactory::zero)
          .does(
              SpreadCode.LEAF_BLOCKS,
              "src/llamafactory/model/model_utils/moe.py add_z3_leaf_module",
              LeafBlocks::ofLlamaFactory)
          .is(LayerCode.TILED_MLP, LayerCode.TiledMlp.NONE, MODEL)
          .does(
              FrameworkCode.STAGES,
              "src/llamafactory/train/trainer_utils.py get_batch_logps, 0.9.5 as read",
              factory -> factory.atLeast(0, 9) ? STAGES : StageCode.UNKNOWN)
          .is(
              SpreadCode.DIVIDED_STAGES,
              Stage.those(Stage::isSupervised),
              "src/llamafactory/v1/core/base_trainer.py fit: the supervised loss, at every stage")
          .is(
              SpreadCode.WHOLE_STAGES,
              Set.of(Stage.REWARD),
              "src/llamafactory/v1/trainers/rm_trainer.py")
          .is(
              EvaluationCode.GENERATION,
              EvaluationCode.Generation.ALONE,
              "src/llamafactory/train/sft/trainer.py prediction_step")
          .is(JobKey.METHOD, Method.LORA, FINETUNING)
          .is(JobKey.FROZEN, List.of(FrozenPart.values()), FINETUNING)
          .does(JobKey.LORA_ALPHA, FINETUNING, LlamaFactory::twiceTheRank)
          .is(JobKey.LORA_TARGETS, List.of(AdapterSettings.ALL_LINEAR), FINETUNING)
          .does(JobKey.LORA_DTYPE, ADAPTER, LlamaFactory::adapterDtype)
          .is(
              JobKey.LORA_KBIT_PREPARE,
              false,
              "src/llamafactory/model/model_utils/checkpointing.py")
          .is(JobKey.DOUBLE_QUANT, true, MODEL)
          .doesWhen(JobKey.ITERATIONS, LlamaFactory::isProximal, FINETUNING + " ppo_epochs", d -> 4)
          .does(
              JobKey.SEQUENCE_LENGTH,
              "src/llamafactory/hparams/data_args.py cutoff_len",
              LlamaFactory::length)
          .doesWhen(
              JobKey.COMPLETION_LENGTH,
              LlamaFactory::isProximal,
              "src/llamafactory/hparams/generating_args.py max_new_tokens",
              LlamaFactory::completion)
          .does(JobKey.MODEL_DTYPE, ADAPTER, LlamaFactory::loadDtype)
          .first(
              JobKey.MODEL_DTYPE,
              Rule.derived(
                      "accelerate before 1.13, which it asks for: an fp32 base under FSDP2",
                      d -> DataType.FP32)
                  .when(Transformers::widensBaseUnderFsdp2))
          .is(JobKey.CHECKPOINTING, Checkpointing.FULL, MODEL)
          .does(
              JobKey.CHECKPOINTING_REENTRANT,
              "src/llamafactory/model/model_utils/checkpointing.py",
              d -> d.strategy() != Strategy.FSDP2)
          .does(
              JobKey.EXPANDABLE_SEGMENTS,
              "src/llamafactory/launcher.py launch",
              d -> d.whole(JobKey.GPU_COUNT) > 1)
          .is(
              SpreadCode.SEEKS_UNUSED,
              SpreadCode.Unused.WITHOUT_ADAPTERS,
              "src/llamafactory/hparams/parser.py get_train_args, for finetuning_type lora")
          .does(
              LoopCode.AUTOCASTS_APART,
              "src/llamafactory/hparams/parser.py compute_dtype",
              factory -> factory.version().map(v -> v.compareTo(AS_STORED) >= 0).orElse(true))
          .is(LoopCode.WIDENS_TRAINED, true, ADAPTER + " cast_trainable_params_to_fp32")
          .is(
              SpreadCode.LOADS_ALONE,
              LoadPlace.GPU,
              "src/llamafactory/model/patcher.py patch_config")
          .is(
              SpreadCode.LOADS_COPIES,
              LoadPlace.GPU,
              "src/llamafactory/model/patcher.py patch_config")
          .does(
              LayerCode.RUNS_EXPERTS_ON_HOST,
              MODEL + " KTransformersArguments, 0.9.5 as read",
              factory -> factory.atLeast(0, 9))
          .is(
              LayerCode.CHECKPOINTS_TRAINED,
              true,
              "src/llamafactory/model/model_utils/checkpointing.py"
                  + " get_custom_gradient_checkpointing_func")
          .is(
              LayerCode.NAMES_BY_CLASS,
              true,
              "src/llamafactory/model/model_utils/misc.py find_all_linear_modules")
          .is(
              LayerCode.NAMES_LINEARS,
              true,
              "src/llamafactory/model/model_utils/misc.py find_all_linear_modules")
          .done();

  private LlamaFactory() {}

  private static boolean forbidsCache(Framework factory) {
    return factory.version().map(v -> v.compareTo(CACHELESS) >= 0).orElse(true);
  }

  private static ZeroConfiguration zero(Framework factory) {
    boolean overlaps = factory.version().filter(v -> v.compareTo(WAITS) < 0).isPresent();
    return ZeroConfiguration.ofFile(ZeroConfiguration.REDUCE_BUCKET, overlaps, overlaps, ZERO);
  }

  private static boolean isProximal(PartialJob d) {
    return d.get(JobKey.STAGE, Stage.class) == Stage.PPO;
  }

  /** Completions come on top of prompts (train/ppo/trainer.py get_inputs). */
  private static int length(PartialJob d) {
    return isProximal(d)
        ? d.document().value(JobKey.PROMPT_LENGTH, Integer.class).orElse(LENGTH)
            + d.document().value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(COMPLETION)
        : LENGTH;
  }

  /** Of a text that is given with its prompt, or is no longer, the completion is the rest. */
  private static int completion(PartialJob d) {
    if (!d.isSet(JobKey.SEQUENCE_LENGTH)) {
      return COMPLETION;
    }
    Optional<Integer> prompt = d.document().value(JobKey.PROMPT_LENGTH, Integer.class);
    int rest = Math.max(1, d.whole(JobKey.SEQUENCE_LENGTH) - prompt.orElse(1));
    return prompt.isPresent() ? rest : Math.min(COMPLETION, rest);
  }

  private static double twiceTheRank(PartialJob d) {
    return 2.0 * d.whole(JobKey.LORA_RANK);
  }

  /** fp32 unless {@code pure_bf16}, which a plain bf16 precision stands for. */
  private static DataType adapterDtype(PartialJob d) {
    boolean trains = !d.yes(JobKey.WEIGHTS_ALONE);
    return trains && d.precision() == Precision.BF16 ? DataType.BF16 : DataType.FP32;
  }

  /**
   * The checkpoint's (model/loader.py {@code torch_dtype}), to 0.9.3 that of {@code bf16} or {@code
   * fp16} (model/patcher.py {@code compute_dtype}) where one of them is set; trained parameters are
   * turned to fp32 unless {@code pure_bf16}.
   */
  private static DataType loadDtype(PartialJob d) {
    boolean blockwise = d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class).isBlockwise();
    if (d.method() == Method.FULL && !blockwise) {
      return DataType.FP32;
    }
    boolean said = d.isSet(JobKey.PRECISION) || d.isSet(JobKey.PROFILE, Profile.RECOMMENDED);
    boolean casts = !loadsAsStored(d) && said && CommonRules.isMixed(d.precision());
    return casts ? d.sixteenBits() : d.document().checkpointDtype();
  }

  /** Of releases that are not known, those before ask for Transformers before 4.53. */
  private static boolean loadsAsStored(PartialJob d) {
    return d.frameworkVersion()
        .map(version -> version.compareTo(AS_STORED) >= 0)
        .orElseGet(() -> d.transformersAtLeast(4, 53));
  }
}
