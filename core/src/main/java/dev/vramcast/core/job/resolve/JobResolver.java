package dev.vramcast.core.job.resolve;

import dev.vramcast.core.architecture.family.build.ModelClass;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.Supervision;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.AsPublished;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.Frameworks;
import dev.vramcast.core.job.framework.Recommended;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.job.option.LigerKernel;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.job.option.SequenceScheme;
import dev.vramcast.core.job.option.layer.CheckpointPlacement;
import dev.vramcast.core.job.option.layer.TrainedLayers;
import dev.vramcast.core.job.resolve.stage.LossRules;
import dev.vramcast.core.job.resolve.stage.ObjectiveChecks;
import dev.vramcast.core.job.resolve.stage.ObjectiveRules;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.FrameworkRules;
import dev.vramcast.core.job.rule.ParallelRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import dev.vramcast.core.job.rule.StatedOthers;
import dev.vramcast.core.job.rule.StatedVersions;
import dev.vramcast.core.job.rule.ZeroRules;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Fills in what a job document leaves open, by the rules of the framework that runs the job. */
public final class JobResolver {

  /** GaLore's rank: {@code optim_args} of Transformers' Trainer. */
  static final int GALORE_RANK = 128;

  /** Keys about the run as a whole, which a resolved job does not hold. */
  private static final Set<JobKey> OUTSIDE =
      EnumSet.of(
          JobKey.MODEL_ID,
          JobKey.MODEL_CONFIG,
          JobKey.FRAMEWORK_VERSION,
          JobKey.GPU,
          JobKey.EXAMPLES,
          JobKey.TOKENS_PER_EXAMPLE,
          JobKey.EPOCHS,
          JobKey.TOKENS,
          JobKey.STEPS,
          JobKey.LENGTHS,
          JobKey.DATA_FILE,
          JobKey.CHARACTERS_PER_TOKEN,
          JobKey.TOKENIZER);

  private JobResolver() {}

  /**
   * Resolves a document.
   *
   * @throws dev.vramcast.core.input.InputException when values contradict or one is missing
   */
  public static Resolution resolve(JobDocument document) {
    return document.locating(() -> resolved(settled(document)));
  }

  /** The document whose words for what only the model and its loader know are settled. */
  static JobDocument settled(JobDocument document) {
    return AsPublished.settled(document, open -> partial(open).modelDtype());
  }

  private static PartialJob partial(JobDocument document) {
    return new PartialJob(document, rules(document), Recommended.rules(document));
  }

  /** What the code of a document's framework does; none of it depends on the loader's dtype. */
  public static FrameworkCode code(JobDocument given) {
    JobDocument document = AsPublished.settled(given, JobDocument::checkpointDtype);
    return rules(document).code(framework(partial(document)));
  }

  private static FrameworkRules rules(JobDocument document) {
    Optional<String> name =
        document.text(JobKey.FRAMEWORK_NAME).or(() -> Recommended.framework(document));
    return Frameworks.rules(name.map(given -> Frameworks.running(document, given)));
  }

  private static Resolution resolved(JobDocument document) {
    FrameworkRules rules = rules(document);
    PartialJob partial = partial(document);
    document.remarks().forEach(remark -> partial.warn(remark.notice()));
    Frameworks.check(document).ifPresent(partial::warn);
    StatedVersions.warn(partial);
    MethodChecks.check(partial);
    FakeQuantisation.check(partial);
    ParallelRules.check(partial);
    ObjectiveChecks.check(partial);
    UnmodelledKeys.warnOfUnused(partial);
    ResolvedJob job = job(partial, rules);
    LossRules.warnOfKept(partial, job.frameworkCode());
    ObjectiveRules.warnOfUnread(partial, job.frameworkCode());
    ZeroRules.warnOfUnused(partial, job.frameworkCode().get(SpreadCode.ZERO).sliced());
    return new Resolution(job, values(partial, job), partial.warnings());
  }

  private static ResolvedJob job(PartialJob d, FrameworkRules rules) {
    Method method = d.method();
    Framework framework = framework(d);
    FrameworkCode code = told(d, rules.code(framework).ofLosses(losses(d)));
    Objective objective = ObjectiveRules.objective(d, code);
    ClassifierTargets.check(d, objective, code);
    LossRules.check(d, code);
    var saving = SavingRules.saving(d, code);
    return ResolvedJob.builder()
        .objective(objective)
        .weightDtype(ZeroRules.cast(d, d.modelDtype()))
        .checkpointDtype(d.document().checkpointDtype())
        .quantization(quantization(d))
        .method(method)
        .adapter(method.trainsAdapters() ? Optional.of(adapter(d)) : Optional.empty())
        .trainableLayers(method == Method.FREEZE ? trainedLayers(d) : TrainedLayers.NONE)
        .frozen(Set.copyOf(d.list(JobKey.FROZEN, FrozenPart.class)))
        .precision(ObjectiveRules.precision(d, code))
        .optimizer(optimizer(d))
        .batch(
            new Batch(
                d.whole(JobKey.MICRO_BATCH),
                d.whole(JobKey.GRAD_ACCUM),
                d.whole(JobKey.SEQUENCE_LENGTH),
                d.get(JobKey.PADDING, Padding.class),
                d.whole(JobKey.SEGMENTS),
                StatedOthers.images(d),
                d.document().value(JobKey.COMPLETION_LENGTH, Integer.class).orElse(0),
                StatedOthers.sound(d)))
        .supervision(supervision(d, objective))
        .evaluation(EvaluationRules.evaluation(d))
        .saving(saving)
        .machine(SavingRules.machine(d))
        .checkpointing(ObjectiveRules.checkpointing(d, code))
        .checkpointPlacement(checkpointPlacement(d, code))
        .reentrant(ObjectiveRules.reentrant(d, code))
        .mlpTiles(mlpTiles(d))
        .attention(AttentionRules.kernel(d, code))
        .loss(LossRules.kernel(d, code))
        .ligerKernels(Set.copyOf(d.list(JobKey.LIGER_KERNELS, LigerKernel.class)))
        .compile(d.yes(JobKey.COMPILE))
        .parallelism(parallelism(d, code))
        .framework(framework)
        .frameworkCode(code)
        .allocator(allocator(d))
        .fakeQuantises(FakeQuantisation.isAsked(d))
        .torchMixers(d.isSet(JobKey.MIXER, "torch"))
        .modelClass(d.get(JobKey.MODEL_CLASS, ModelClass.class))
        .linears(LowPrecision.linears(d, ObjectiveRules.checkpointing(d, code)))
        .notModelled(UnmodelledKeys.of(d, objective, code, saving))
        .build();
  }

  private static FrameworkCode told(PartialJob d, FrameworkCode code) {
    return d.find(JobKey.USE_CACHE, Boolean.class).map(code::caching).orElse(code);
  }

  private static List<String> losses(PartialJob d) {
    return d.isSet(JobKey.LOSS_TYPE) ? d.list(JobKey.LOSS_TYPE, String.class) : List.of();
  }

  private static TrainedLayers trainedLayers(PartialJob d) {
    return new TrainedLayers(
        d.whole(JobKey.TRAINABLE_LAYERS), d.get(JobKey.TRAINABLE_PLACE, TrainedLayers.Place.class));
  }

  private static CheckpointPlacement checkpointPlacement(PartialJob d, FrameworkCode code) {
    if (ObjectiveRules.checkpointing(d, code) == Checkpointing.NONE) {
      return CheckpointPlacement.ALL;
    }
    return new CheckpointPlacement(
        d.whole(JobKey.CHECKPOINTING_EVERY),
        code.is(LayerCode.CHECKPOINTS_LAST),
        d.isSet(JobKey.CHECKPOINTING_LAYERS)
            ? OptionalInt.of(d.whole(JobKey.CHECKPOINTING_LAYERS))
            : OptionalInt.empty(),
        d.whole(JobKey.CHECKPOINTING_GROUP));
  }

  private static OptionalInt mlpTiles(PartialJob d) {
    return d.yes(JobKey.TILED_MLP)
        ? OptionalInt.of(d.whole(JobKey.MLP_TILES))
        : OptionalInt.empty();
  }

  private static Supervision supervision(PartialJob d, Objective objective) {
    boolean supervised = objective.stage().isSupervised();
    return new Supervision(
        supervised ? d.get(JobKey.SCORED_FRACTION, Double.class) : 1,
        supervised ? d.get(JobKey.LABEL_SMOOTHING, Double.class) : 0,
        d.get(JobKey.NEFTUNE_ALPHA, Double.class) > 0,
        supervised && d.isSet(JobKey.LOSS_TYPE, List.of("dft")));
  }

  private static Framework framework(PartialJob d) {
    return new Framework(
        Frameworks.running(d.document(), d.get(JobKey.FRAMEWORK_NAME, String.class)),
        d.frameworkVersion(),
        new Framework.Libraries(
            d.version(JobKey.TORCH_VERSION),
            d.version(JobKey.TRANSFORMERS_VERSION),
            d.version(JobKey.PEFT_VERSION),
            d.version(JobKey.BITSANDBYTES_VERSION),
            d.version(JobKey.ACCELERATE_VERSION),
            d.version(JobKey.DEEPSPEED_VERSION),
            d.ligerVersion()));
  }

  private static AllocatorSettings allocator(PartialJob d) {
    return new AllocatorSettings(
        d.yes(JobKey.EXPANDABLE_SEGMENTS),
        d.find(JobKey.MAX_SPLIT_SIZE, Integer.class).stream()
            .mapToLong(mebibytes -> (long) mebibytes << 20)
            .findFirst(),
        d.isSet(JobKey.EMPTY_CACHE_STEPS));
  }

  private static Quantization quantization(PartialJob d) {
    return d.isQuantized()
        ? new Quantization(
            d.scheme(),
            d.yes(JobKey.DOUBLE_QUANT),
            d.get(JobKey.QUANTIZATION_IMPLEMENTATION, String.class),
            groupSize(d),
            d.yes(JobKey.QUANTIZED_EXPERTS))
        : Quantization.NONE;
  }

  /** {@code group_size} of the checkpoint's {@code quantization_config}, where it has one. */
  private static int groupSize(PartialJob d) {
    Object config =
        d.document()
            .model()
            .map(model -> model.values().get("quantization_config"))
            .orElse(Map.of());
    Object size = config instanceof Map<?, ?> map ? map.get("group_size") : null;
    int group = size instanceof Number number ? number.intValue() : Quantization.USUAL_GROUP;
    return group > 0 || group == Quantization.WHOLE_COLUMN ? group : Quantization.USUAL_GROUP;
  }

  private static AdapterSettings adapter(PartialJob d) {
    AdapterForm form = AdapterForm.of(d.method());
    boolean scales = AdapterKeys.play(form, JobKey.LORA_ALPHA);
    return AdapterSettings.of(form)
        .rank(form.hasRank() ? d.whole(JobKey.LORA_RANK) : 0)
        .alpha(scales ? d.get(JobKey.LORA_ALPHA, Double.class) : 0)
        .dropout(form.drops() ? d.get(JobKey.LORA_DROPOUT, Double.class) : 0)
        .targets(d.list(JobKey.LORA_TARGETS, String.class))
        .targetParameters(
            form.isLora() ? d.list(JobKey.TARGET_PARAMETERS, String.class) : List.of())
        .modulesToSave(CommonRules.modulesToSave(d))
        .dtype(ZeroRules.cast(d, d.get(JobKey.LORA_DTYPE, DataType.class)))
        .kbitPrepare(d.yes(JobKey.LORA_KBIT_PREPARE) && !ZeroRules.casts(d))
        .blockSize(form == AdapterForm.ROTATION ? d.whole(JobKey.BLOCK_SIZE) : 0)
        .feedforward(
            form == AdapterForm.SCALING ? d.list(JobKey.FEEDFORWARD, String.class) : List.of())
        .build();
  }

  private static OptimizerSettings optimizer(PartialJob d) {
    return new OptimizerSettings(
        d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class),
        d.get(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.class),
        d.find(JobKey.OPTIMIZER_STATE_DTYPE, DataType.class),
        d.yes(JobKey.OPTIMIZER_IN_BACKWARD)
            || d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class).stepsInBackward(),
        d.yes(JobKey.MASTER_WEIGHTS),
        d.method() == Method.GALORE && d.isSet(JobKey.LORA_RANK)
            ? d.whole(JobKey.LORA_RANK)
            : GALORE_RANK);
  }

  private static Parallelism parallelism(PartialJob d, FrameworkCode code) {
    return Parallelism.builder()
        .strategy(d.strategy())
        .shard(d.whole(JobKey.SHARD))
        .replicate(d.whole(JobKey.REPLICATE))
        .tensor(d.whole(JobKey.TENSOR))
        .pipeline(d.whole(JobKey.PIPELINE))
        .layersPerStage(d.listed(JobKey.LAYERS_PER_STAGE, Integer.class))
        .context(d.whole(JobKey.CONTEXT))
        .sequenceScheme(d.get(JobKey.SEQUENCE_SCHEME, SequenceScheme.class))
        .expert(d.whole(JobKey.EXPERT))
        .expertTensor(
            d.find(JobKey.EXPERT_TENSOR, Integer.class).stream().mapToInt(n -> n).findFirst())
        .expertImbalance(d.get(JobKey.EXPERT_IMBALANCE, Double.class))
        .virtualPipeline(d.whole(JobKey.VIRTUAL_PIPELINE))
        .pipelining(ParallelRules.pipelining(d))
        .sequenceParallel(d.yes(JobKey.SEQUENCE_PARALLEL))
        .reshardAfterForward(d.yes(JobKey.RESHARD_AFTER_FORWARD))
        .reduceDtype(d.get(JobKey.REDUCE_DTYPE, DataType.class))
        .parameterDtype(d.find(JobKey.PARAM_DTYPE, DataType.class))
        .rootGroup(d.get(JobKey.ROOT_GROUP, RootGroup.class))
        .layerClasses(d.listed(JobKey.LAYER_CLASSES, String.class))
        .checkpointsParts(ParallelRules.checkpointsParts(d))
        .offload(ObjectiveRules.offloaded(d, code))
        .zeroSizes(ZeroRules.sizes(d))
        .madeDivided(ZeroRules.isMadeDivided(d))
        .gpus(d.whole(JobKey.GPU_COUNT))
        .nodes(d.whole(JobKey.NODES))
        .placed(ParallelRules.areManyPlaced(d))
        .network(SavingRules.network(d))
        .build();
  }

  private static List<ResolvedValue> values(PartialJob d, ResolvedJob job) {
    List<ResolvedValue> values = new ArrayList<>();
    for (JobKey key : JobKey.values()) {
      if (plays(key, d, job)) {
        values.add(
            key == JobKey.LOSS
                ? LossRules.resolved(d, job.frameworkCode())
                : ObjectiveRules.resolved(d, key, job));
      }
    }
    if (job.optimizer().name() == OptimizerName.GALORE && !d.isSet(JobKey.LORA_RANK)) {
      values.add(
          new ResolvedValue(
              JobKey.OPTIMIZER_NAME,
              GALORE_RANK,
              Provenance.ASSUMED,
              "rank of GaLore's projection, transformers: src/transformers/trainer.py"));
    }
    SavingRules.mergeDevice(d, job.saving()).ifPresent(values::add);
    return values;
  }

  private static boolean plays(JobKey key, PartialJob d, ResolvedJob job) {
    if (key == JobKey.PROFILE) {
      return d.document().place(key).filter(place -> !(place instanceof Place.Chosen)).isPresent();
    }
    if (EvaluationRules.plays(key, d)
        || key == JobKey.SEQUENCE_SCHEME && d.whole(JobKey.CONTEXT) > 1
        || key == JobKey.DEEPSPEED_VERSION && ZeroRules.runsDeepspeed(d, job)) {
      return true;
    }
    if (key == JobKey.GROUP_SIZE) {
      return d.find(key, Integer.class).isPresent();
    }
    if (key == JobKey.TRAINABLE_LAYERS || key == JobKey.TRAINABLE_PLACE) {
      return job.method() == Method.FREEZE;
    }
    if (key == JobKey.MLP_TILES) {
      return d.yes(JobKey.TILED_MLP);
    }
    if (key == JobKey.QUANTIZED_EXPERTS) {
      return d.isQuantized() && d.isSet(key) && d.yes(key);
    }
    if (key == JobKey.TARGET_PARAMETERS && !d.isSet(key)) {
      return false;
    }
    if (OUTSIDE.contains(key)
        || UnmodelledKeys.isSpecial(key)
        || key == JobKey.NODES && ParallelRules.areMany(d)
        || key == JobKey.LORA_RANK && job.method() == Method.GALORE) {
      return d.isSet(key);
    }
    if (key == JobKey.DOUBLE_QUANT || key == JobKey.QUANTIZATION_IMPLEMENTATION) {
      return d.isQuantized();
    }
    return !key.path().startsWith("lora.")
        || job.adapter().filter(adapter -> AdapterKeys.play(adapter.form(), key)).isPresent();
  }
}
