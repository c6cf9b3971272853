package dev.vramcast.core.job.framework;

import static dev.vramcast.core.job.rule.Rule.recommended;
import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.huggingface.LlamaFactory;
import dev.vramcast.core.job.framework.huggingface.SentenceTransformers;
import dev.vramcast.core.job.framework.huggingface.Transformers;
import dev.vramcast.core.job.framework.huggingface.Trl;
import dev.vramcast.core.job.framework.own.Megatron;
import dev.vramcast.core.job.framework.rl.Verl;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.Profile;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.NarrowRules;
import dev.vramcast.core.job.rule.ParallelRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.StatedVersions;
import dev.vramcast.core.job.value.NamedBits;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;

/**
 * How most people train: what holds for a setting that nobody gives, and why. The values are those
 * on which the tutorials of TRL and PEFT, Unsloth's notebooks and the examples of Axolotl,
 * LLaMA-Factory and ms-swift agree, as far as they do. What stands here is not asked of a framework
 * whose users leave the key out.
 */
public final class Recommended {

  /** Sequences of an optimizer step. */
  private static final int SEQUENCES = 16;

  /** Bytes. */
  private static final double LARGEST_REPLICA = 56.0 * GIB;

  private static final String NO_BF16 = "the card has no matrix units for bf16";

  private static final String ENGINES_RUN_AGAIN =
      "TransformerEngine's linears run again without fp8, which other checkpoints refuse";

  private static final FrameworkRules RULES =
      FrameworkRules.table("as most people train")
          .rule(
              JobKey.FRAMEWORK_NAME,
              recommended("the trainer that most tutorials of this method run", Recommended::name))
          .rule(
              JobKey.METHOD,
              recommended("the model's name says that its weights are in 4 bits", d -> Method.QLORA)
                  .when(Recommended::storesFourBits)
                  .or(CommonRules.ADAPTERS_ASKED_FOR)
                  .or(
                      recommended("such a stage teaches what adapters cannot", d -> Method.FULL)
                          .when(Recommended::trainsInFull))
                  .or(
                      recommended("encoders are small, and trained whole", d -> Method.FULL)
                          .when(PartialJob::encodes))
                  .or(CommonRules.WRITTEN_WHOLE)
                  .or(recommended("what most fine-tunes are", d -> Method.LORA)))
          .rule(
              JobKey.MODEL_DTYPE,
              recommended("GradScaler takes no gradients in fp16", d -> DataType.FP32)
                  .when(d -> scales(d) && !d.method().trainsAdapters())
                  .or(
                      recommended("encoders are published and loaded in fp32", d -> DataType.FP32)
                          .when(PartialJob::encodes))
                  .or(
                      recommended(
                              "T5 and its kin are trained in fp32 where there is no bf16",
                              d -> DataType.FP32)
                          .when(d -> lacksBf16(d) && readsText(d)))
                  .or(
                      recommended(NO_BF16, d -> DataType.FP16)
                          .when(d -> lacksBf16(d) && !d.isSet(JobKey.PRECISION)))
                  .or(
                      recommended(
                              "checkpoints are published and loaded in bf16",
                              PartialJob::sixteenBits)
                          .when(d -> !widens(d))))
          .rule(
              JobKey.PRECISION,
              recommended("queries of this model are in fp32", d -> Precision.FP32)
                  .when(Recommended::asksInFp32)
                  .or(recommended(NO_BF16, d -> Precision.FP16_MIXED).when(Recommended::lacksBf16))
                  .or(
                      recommended(
                              "fp16 weights, which this framework computes in fp16",
                              d -> Precision.FP16_MIXED)
                          .when(
                              d ->
                                  d.isSet(JobKey.MODEL_DTYPE, DataType.FP16)
                                      && !d.always(LoopCode.AUTOCASTS_APART)))
                  .or(recommended("bf16: true in nearly every recipe", d -> Precision.BF16_MIXED)))
          .rule(
              JobKey.QUANTIZATION_SCHEME,
              recommended("as the weights are stored", d -> QuantizationScheme.NF4)
                  .when(d -> storesFourBits(d) && d.method() == Method.QLORA)
                  .or(
                      recommended("as the weights are stored", d -> StoredBase.of(d).orElseThrow())
                          .when(d -> StoredBase.of(d).isPresent())))
          .rule(
              JobKey.DOUBLE_QUANT,
              recommended("bnb_4bit_use_double_quant in the recipes of QLoRA", d -> true))
          .rule(JobKey.LORA_RANK, recommended("TRL's, Axolotl's and Unsloth's", d -> 16))
          .rule(
              JobKey.LORA_TARGETS,
              recommended(
                      "projections of attention and MLP, as PEFT refuses others of this model",
                      UsualTargets::projections)
                  .when(UsualTargets::refusesLinears)
                  .or(
                      recommended(
                              "projections of attention and MLP, as PEFT trains the classifier"
                                  + " whole",
                              UsualTargets::projections)
                          .when(UsualTargets::nameClassifier))
                  .or(
                      recommended(
                          "QLoRA (Dettmers et al. 2023) needs all layers to match full training",
                          d -> List.of(AdapterSettings.ALL_LINEAR))))
          .rule(
              JobKey.LORA_DROPOUT,
              recommended("PEFT refuses dropout on experts that are one parameter", d -> 0.0)
                  .when(UsualTargets::adaptsStacks))
          .rule(
              JobKey.LOSS,
              recommended(
                      "TRL's chunked loss reads num_experts, which this model's config lacks",
                      d -> LossKernel.FULL)
                  .when(Recommended::failsInFusedHead))
          .rule(
              JobKey.OPTIMIZER_NAME,
              recommended("optim: paged_adamw_8bit in the recipes of QLoRA", Recommended::small)
                  .when(Recommended::takesSmallOptimizer))
          .rule(
              JobKey.MICRO_BATCH,
              recommended("what fits most cards; accumulation makes up for it", d -> 1)
                  .when(Recommended::accumulates))
          .rule(
              JobKey.GRAD_ACCUM,
              recommended("16 sequences a step over all GPUs, as QLoRA's", Recommended::parts)
                  .when(Recommended::accumulates))
          .rule(
              JobKey.CHECKPOINTING,
              recommended(
                      "gradient_checkpointing: true in nearly every recipe",
                      d -> Checkpointing.FULL)
                  .when(d -> accumulates(d) && takesCheckpoints(d) && !stopsAtCheckpoints(d))
                  .or(
                      recommended(ENGINES_RUN_AGAIN, d -> Checkpointing.NONE)
                          .when(Recommended::stopsAtCheckpoints))
                  .or(
                      recommended(
                              "Transformers has no checkpoints for this model",
                              d -> Checkpointing.NONE)
                          .when(d -> !takesCheckpoints(d))))
          .rule(
              JobKey.CHECKPOINTING_REENTRANT,
              recommended(ENGINES_RUN_AGAIN, d -> true).when(NarrowRules::needReentrantCheckpoints))
          .rule(
              JobKey.STRATEGY,
              recommended(
                      "no card holds a replica; FSDP is how bitsandbytes' 4 bits are divided",
                      d -> Strategy.FSDP1)
                  .when(d -> d.isQuantized() && shards(d))
                  .or(
                      recommended(
                              "deepspeed_zero3.yaml in the recipes of TRL, Axolotl and"
                                  + " LLaMA-Factory",
                              d -> Strategy.ZERO3)
                          .when(Recommended::shards)))
          .rule(
              JobKey.ENGINE_TENSOR,
              recommended("one GPU has no other to divide an engine's model with", d -> 1)
                  .when(d -> runsVerl(d) && d.whole(JobKey.GPU_COUNT) == 1))
          .rule(
              JobKey.ENGINE,
              recommended(
                      "use_vllm: true in the recipes of models that cards divide",
                      d -> GenerationEngine.VLLM_COLOCATE)
                  .when(Recommended::generatesDivided))
          .done();

  private Recommended() {}

  /** The table, where a job asks for it. */
  public static Optional<FrameworkRules> rules(JobDocument document) {
    return asked(document) ? Optional.of(RULES) : Optional.empty();
  }

  /** Who most probably runs a job that asks for what most people do and names no framework. */
  public static Optional<String> framework(JobDocument document) {
    return asked(document) ? Optional.of(usual(document).name()) : Optional.empty();
  }

  private static boolean asked(JobDocument document) {
    return document.value(JobKey.PROFILE, Profile.class).orElse(Profile.BARE)
        == Profile.RECOMMENDED;
  }

  private static String name(PartialJob d) {
    return usual(d.document()).name();
  }

  /** By the stage and the method; TRL runs what no other trainer is known for. */
  private static FrameworkRules usual(JobDocument document) {
    Optional<Method> method = document.value(JobKey.METHOD, Method.class);
    if (document
        .value(JobKey.STRATEGY, Strategy.class)
        .filter(Strategy.MEGATRON::equals)
        .isPresent()) {
      return Megatron.RULES;
    }
    if (method.filter(Method.FREEZE::equals).isPresent()) {
      return LlamaFactory.RULES;
    }
    Stage stage = document.value(JobKey.STAGE, Stage.class).orElse(Stage.SFT);
    if (stage == Stage.EMBEDDING) {
      return SentenceTransformers.RULES;
    }
    if (stage == Stage.PPO && !hasOldTrl(document)) {
      return Verl.RULES;
    }
    boolean trl = stage.hasAnswers() && !(stage == Stage.SFT && hears(document));
    return trl ? Trl.RULES : Transformers.RULES;
  }

  /** TRL has no trainer of PPO since 1.13. */
  private static boolean hasOldTrl(JobDocument document) {
    return document
        .text(JobKey.TRL_VERSION)
        .flatMap(StatedVersions::release)
        .filter(trl -> !trl.atLeast(1, 13))
        .isPresent();
  }

  /** Texts of sound are Seq2SeqTrainer's. */
  private static boolean hears(JobDocument document) {
    return document.model().flatMap(Families::find).filter(Architecture::hears).isPresent();
  }

  private static boolean storesFourBits(PartialJob d) {
    return !d.isSet(JobKey.QUANTIZATION_SCHEME)
        && d.document().text(JobKey.MODEL_ID).filter(NamedBits::areFour).isPresent();
  }

  private static boolean trainsInFull(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return !stage.hasAnswers()
        && stage != Stage.CLASSIFICATION
        && stage != Stage.TOKEN_CLASSIFICATION;
  }

  /** Encoders are small, and a contrastive loss is over its micro-batch: no recipe divides it. */
  private static boolean accumulates(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    return stage != Stage.MASKED_LM && stage != Stage.EMBEDDING;
  }

  /** Whether the step is autocast to fp16, with its loss scaled. */
  private static boolean scales(PartialJob d) {
    return d.isSet(JobKey.PRECISION)
        ? d.isSet(JobKey.PRECISION, Precision.FP16_MIXED)
        : lacksBf16(d);
  }

  private static boolean lacksBf16(PartialJob d) {
    return d.runsWithout(Generation.Abilities::bf16);
  }

  /** Queries that keys in fewer bits do not meet, under autocast or without. */
  private static boolean asksInFp32(PartialJob d) {
    return d.model()
        .flatMap(model -> model.extras().distances())
        .filter(DistanceTable::isBare)
        .isPresent();
  }

  /** accelerate turns parameters that FSDP trains to fp32, whatever they were loaded in. */
  private static boolean widens(PartialJob d) {
    boolean fsdp = d.strategy().isFsdp();
    return d.isSet(JobKey.PRECISION, Precision.FP32) || fsdp && d.method() == Method.FULL;
  }

  /** bitsandbytes steps on whole tensors of adapters, which FSDP and ZeRO would have divided. */
  private static boolean takesSmallOptimizer(PartialJob d) {
    return d.method().trainsAdapters()
        && !d.runsWithout(Generation.Abilities::bnbOptimizers)
        && !ParallelRules.shards(d.strategy())
        && !d.isSet(JobKey.OPTIMIZER_IMPLEMENTATION)
        && !d.isSet(JobKey.OPTIMIZER_STATE_DTYPE)
        && !d.isSet(JobKey.MASTER_WEIGHTS);
  }

  private static OptimizerName small(PartialJob d) {
    return d.isQuantized() ? OptimizerName.PAGED_ADAMW_8BIT : OptimizerName.ADAMW_8BIT;
  }

  /** Adapters that ZeRO-3 divides and quantised weights are not merged for an engine here. */
  private static boolean generatesDivided(PartialJob d) {
    Stage stage = d.get(JobKey.STAGE, Stage.class);
    boolean divided =
        switch (d.strategy()) {
          case FSDP1, FSDP2 -> true;
          case ZERO3 -> !d.method().trainsAdapters();
          case NONE, DDP, ZERO1, ZERO2, MEGATRON -> false;
        };
    return divided && !d.isQuantized() && (stage == Stage.GRPO || stage == Stage.RLOO);
  }

  private static boolean readsText(PartialJob d) {
    return d.model().filter(Architecture::readsText).isPresent();
  }

  private static int parts(PartialJob d) {
    int ranks = d.whole(JobKey.GPU_COUNT) / sharing(d);
    return Math.max(1, SEQUENCES / (Math.max(1, ranks) * d.whole(JobKey.MICRO_BATCH)));
  }

  /** GPUs that work on the same sequences. */
  private static int sharing(PartialJob d) {
    long sharing = 1;
    for (JobKey way : List.of(JobKey.TENSOR, JobKey.PIPELINE, JobKey.CONTEXT)) {
      sharing *= d.whole(way);
    }
    return (int) Math.min(Integer.MAX_VALUE, Math.max(1, sharing));
  }

  private static boolean shards(PartialJob d) {
    return d.whole(JobKey.GPU_COUNT) > 1
        && !d.isSet(JobKey.SHARD)
        && !d.isSet(JobKey.REPLICATE)
        && !d.isSet(JobKey.TENSOR)
        && (d.method() == Method.FULL || d.model().filter(m -> isLarge(d, m)).isPresent());
  }

  /** Beside a replica of the frozen weights a card of 80 GB has little room for a step. */
  private static boolean isLarge(PartialJob d, Architecture model) {
    DataType stored = d.isSet(JobKey.MODEL_DTYPE) ? d.modelDtype() : DataType.BF16;
    return Tensors.count(model) * d.scheme().bytes(stored) > LARGEST_REPLICA;
  }

  private static boolean takesCheckpoints(PartialJob d) {
    return d.model().map(Architecture::takesCheckpoints).orElse(true);
  }

  private static boolean stopsAtCheckpoints(PartialJob d) {
    return NarrowRules.needReentrantCheckpoints(d) && !d.yes(JobKey.CHECKPOINTING_REENTRANT);
  }

  private static boolean runsVerl(PartialJob d) {
    return d.get(JobKey.FRAMEWORK_NAME, String.class).equals(Verl.RULES.name());
  }

  private static boolean failsInFusedHead(PartialJob d) {
    return usual(d.document()) == Trl.RULES
        && !d.isSet(JobKey.FRAMEWORK_NAME)
        && d.model().filter(model -> model.traits().experts().router().uncounted()).isPresent();
  }
}
