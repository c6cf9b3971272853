package dev.vramcast.core.job.framework.own;

import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.code.AttentionCode;
import dev.vramcast.core.job.code.EvaluationCode;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.job.code.OutputDtype;
import dev.vramcast.core.job.code.SaveCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.code.SpreadCode.LoadPlace;
import dev.vramcast.core.job.code.StageCode;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.FrameworkRules;
import java.util.Map;
import java.util.Set;

/** torchtune 0.7, whose recipes require most keys; its configs agree on the rest. */
public final class Torchtune {

  private static final String VALIDATE = "recipes/full_finetune_distributed.py validate";
  private static final String RECIPE = "recipes/lora_finetune_single_device.py";
  private static final String RECIPES = "recipes/full_finetune_distributed.py";
  private static final String MODEL = "torchtune/models/llama3_1/_model_builders.py";

  /**
   * Of both DPO recipes: torchtune/rlhf/utils/_logits.py log_softmax of logits by temperature. Of
   * both recipes of distillation: recipes/knowledge_distillation_distributed.py _loss_step.
   */
  private static final StageCode STAGES =
      new StageCode(
          Map.of(Stage.DPO, StageHead.WHOLE, Stage.DISTILLATION, StageHead.CHUNKED_KL),
          LossChunks.Tiles.NONE,
          Set.of(),
          Set.of(StageHabit.DROPS_LOGITS, StageHabit.SCORES_EACH_STEP));

  public static final FrameworkRules RULES =
      OwnModels.table("torchtune", "torchtune/models")
          .is(JobKey.LORA_RANK, 8, MODEL)
          .is(JobKey.LORA_ALPHA, 16.0, MODEL)
          .is(JobKey.QUANTIZATION_IMPLEMENTATION, "torchao", MODEL)
          .is(JobKey.DOUBLE_QUANT, true, "torchtune/modules/peft/lora.py to_nf4")
          .is(JobKey.LOSS, LossKernel.CHUNKED, "torchtune/modules/loss/cross_entropy_loss.py")
          .is(LossCode.FUSED, LossKernel.CHUNKED, "torchtune/modules/loss/cross_entropy_loss.py")
          .is(JobKey.PADDING, Padding.LONGEST, "torchtune/data/_collate.py")
          .is(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.FUSED, "recipes/configs")
          .spreads(RECIPE, d -> Strategy.FSDP2)
          .does(
              JobKey.REDUCE_DTYPE,
              "torchtune/training/_distributed.py shard_model",
              OwnModels::reduceAsComputed)
          .is(
              JobKey.ROOT_GROUP,
              RootGroup.PLAIN_RAF,
              "torchtune/training/_distributed.py shard_model")
          .is(AttentionCode.EXPANDS_HEADS, true, "torchtune/modules/attention.py")
          .is(AttentionCode.ROTATES_APART, true, "torchtune/modules/attention.py")
          .is(LayerCode.KEEPS_EMBEDDINGS, false, "torchtune/modules/transformer.py")
          .is(
              LayerCode.CHECKPOINTS_LAST,
              true,
              "torchtune/training/_activation_checkpointing.py checkpoint_wrapper")
          .is(LossCode.SPLITS_VOCABULARY, true, "torchtune/models/llama3/_parallelism.py")
          .does(
              LossCode.CHUNKS,
              "torchtune/modules/loss/cross_entropy_loss.py; ce_chunked_output_loss.py until 0.6",
              Torchtune::chunks)
          .does(
              LayerCode.FAKE_QUANTISER,
              "torchtune/training/quantization.py, which imports what torchao has since 0.14",
              torchtune -> since07(torchtune, LayerCode.FakeQuantiser.TRACED))
          .does(
              LayerCode.ADAPTED_QUANTISER,
              "torchtune/modules/peft/lora.py QATLoRALinear, which asserts a FakeQuantizeConfig:"
                  + " torchao's quantizer gives one until 0.12",
              torchtune -> since07(torchtune, LayerCode.FakeQuantiser.MASKED))
          .is(
              FrameworkCode.STAGES,
              STAGES,
              "torchtune/rlhf/sequence_processing.py get_batch_log_probs")
          .is(
              SaveCode.WRITER,
              SaveCode.Writer.TORCHTUNE,
              "torchtune/training/checkpointing/_checkpoint_client.py save_checkpoint")
          .is(SaveCode.INTERVAL, new SaveCode.Epochs(), RECIPES + " save_every_n_steps")
          .is(
              SaveCode.FSDP2,
              SaveCode.StateDict.FULL,
              "torchtune/training/_distributed.py gather_cpu_state_dict")
          .is(SpreadCode.REDUCES_EACH, true, RECIPES + " train")
          .is(LossCode.OUTPUTS, OutputDtype.FP32, "torchtune/modules/transformer.py unembed")
          .is(LossCode.IN_LOOP, true, RECIPES + " _loss_step")
          .is(LossCode.COMPILES, true, "torchtune/training/_compile.py compile_loss")
          .is(
              SpreadCode.LOADS_SHARDS,
              LoadPlace.HOST,
              "recipes/full_finetune_distributed.py load_base_checkpoint")
          .does(JobKey.EVALUATION_BATCH, VALIDATE, d -> d.whole(JobKey.MICRO_BATCH))
          .is(EvaluationCode.LOOP, EvaluationCode.Loop.OWN, VALIDATE)
          .done();

  private Torchtune() {}

  private static LayerCode.FakeQuantiser since07(
      Framework torchtune, LayerCode.FakeQuantiser quantiser) {
    return torchtune.atLeast(0, 7) ? quantiser : LayerCode.FakeQuantiser.NONE;
  }

  private static LossChunks chunks(Framework torchtune) {
    return torchtune.atLeast(0, 7)
        ? new LossChunks.OfTokens(8, "The loss takes 8 chunks of the tokens, as torchtune 0.7's.")
        : new LossChunks.OfOutputs(8, "The loss takes 8 chunks, as torchtune's until 0.6.");
  }
}
