package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.code.WrappedLayers;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What cannot be divided among ranks, and what cannot be offloaded, in PyTorch's own strategies.
 */
final class ShardChecks {

  private final Architecture architecture;
  private final ResolvedJob job;
  private final Parallelism degrees;

  private ShardChecks(Architecture architecture, ResolvedJob job) {
    this.architecture = architecture;
    this.job = job;
    this.degrees = job.parallelism();
  }

  static void check(Architecture architecture, ResolvedJob job) {
    ShardChecks checks = new ShardChecks(architecture, job);
    checks.checkExperts();
    checks.checkOneDimension();
    checks.checkBase();
    checks.checkUpdate();
    checks.checkDtypes();
    checks.checkLayers();
    checks.checkOffload();
    checks.degrees.expertsOnHost().ifPresent(checks::checkHostExperts);
  }

  /**
   * LoRA of a mixture on one GPU: of several, rank 0 alone has the experts, and gathers the tokens
   * of all. The host has room for {@code kt_model_max_length} tokens, those of a sequence
   * (kt-kernel/python/sft/base.py _validate_forward_inputs).
   */
  private void checkHostExperts(OffloadTarget kept) {
    Gap gap = Gap.value(JobKey.OFFLOAD, kept);
    if (!job.frameworkCode().is(LayerCode.RUNS_EXPERTS_ON_HOST)) {
      throw gap.needs("what the framework's code has of them").refusal();
    }
    if (architecture.mixtures().isEmpty()) {
      throw InputError.about(JobKey.OFFLOAD)
          .isSet(kept)
          .but("the ", architecture.modelType(), " model has no experts")
          .allowed("parameters, optimizer, activations")
          .refusal();
    }
    List<String> beside = besideHostExperts();
    if (!beside.isEmpty()) {
      throw gap.and(" ", String.join(", ", beside)).refusal();
    }
    if (job.batch().microBatch() > 1) {
      throw InputError.about(JobKey.MICRO_BATCH)
          .isSet(job.batch().microBatch())
          .but(JobKey.OFFLOAD, " is ", kept, ", which has room for one sequence")
          .allowed(1)
          .refusal();
    }
  }

  private List<String> besideHostExperts() {
    List<String> beside = new ArrayList<>();
    if (job.method() != Method.LORA) {
      beside.add("with method " + job.method().label());
    }
    if (degrees.strategy() != Strategy.NONE || degrees.gpus() > 1) {
      beside.add("on more than one GPU");
    }
    if (degrees.offload().size() > 1) {
      beside.add("beside other things");
    }
    if (!job.quantization().isNone()) {
      beside.add("of a quantised model");
    }
    if (job.optimizer().name() != OptimizerName.ADAMW) {
      beside.add("with an optimizer other than adamw");
    }
    if (!job.objective().stage().isSupervised() || job.batch().hasOthers()) {
      beside.add("beside texts and their next tokens");
    }
    return beside;
  }

  private void checkExperts() {
    boolean mixture = architecture.hasLayer(layer -> layer.mlp() instanceof MixtureOfExperts);
    if (degrees.expert() > 1 && !mixture) {
      throw InputError.about(JobKey.EXPERT)
          .isSet(degrees.expert())
          .but("the ", architecture.modelType(), " model has no experts")
          .allowed(1)
          .refusal();
    }
    architecture.mixtures().forEach(this::checkImbalance);
    boolean counted =
        degrees.expertImbalance() == 1
            || degrees.expert() == 1
            || degrees.strategy() == Strategy.MEGATRON
            || job.frameworkCode().is(LayerCode.GROUPS_EXPERTS);
    if (!counted) {
      throw Gap.value(JobKey.EXPERT_IMBALANCE, degrees.expertImbalance())
          .needs("what the framework's code keeps of the rows of a GPU's experts")
          .refusal();
    }
  }

  private void checkImbalance(MixtureOfExperts mixture) {
    if (degrees.expertImbalance() > mixture.experts()) {
      throw InputError.about(JobKey.EXPERT_IMBALANCE)
          .isSet(degrees.expertImbalance())
          .but("the model has ", mixture.experts(), " experts")
          .allowed("1 to ", mixture.experts())
          .refusal();
    }
  }

  /**
   * accelerate/parallelism_config.py: both divide DTensors, which a flat parameter is not; other
   * code leaves the sharing of sequences to attention alone.
   */
  private void checkOneDimension() {
    boolean dtensors = job.frameworkCode().sharesByTorch(degrees.sequenceScheme());
    int context = dtensors ? degrees.context() : 1;
    if (degrees.strategy() == Strategy.FSDP1 && degrees.tensor() * context > 1) {
      boolean tensor = degrees.tensor() > 1;
      throw InputError.about(tensor ? JobKey.TENSOR : JobKey.CONTEXT)
          .isSet(tensor ? degrees.tensor() : degrees.context())
          .but(JobKey.STRATEGY, " fsdp1 has one flat parameter a layer, which only shards")
          .allowed("1, or ", JobKey.STRATEGY, " fsdp2")
          .refusal();
    }
  }

  private void checkBase() {
    QuantizationScheme scheme = job.quantization().scheme();
    if (degrees.tensor() > 1 && isPacked(scheme)) {
      throw InputError.about(JobKey.TENSOR)
          .isSet(degrees.tensor())
          .but(scheme, " weights are packed and have no rows or columns to divide")
          .allowed("1, or ", JobKey.QUANTIZATION_SCHEME, " none")
          .refusal();
    }
    boolean bitsandbytes = job.quantization().implementation().equals("bitsandbytes");
    boolean refuses = degrees.strategy().isFsdp() && !dividesInt8();
    if (refuses && scheme == QuantizationScheme.INT8 && bitsandbytes) {
      throw InputError.about(JobKey.QUANTIZATION_SCHEME)
          .isSet("int8")
          .but(
              JobKey.STRATEGY,
              " ",
              degrees.strategy(),
              " shards floating-point parameters and bitsandbytes' are integers")
          .allowed("nf4, fp4, none, or ", JobKey.STRATEGY, " ddp")
          .refusal();
    }
  }

  /**
   * bitsandbytes/optim/optimizer.py up to 0.50 hands parameters to its operators as they are, which
   * have no strategy for a DTensor ("got mixed torch.Tensor and DTensor").
   */
  private void checkUpdate() {
    OptimizerSettings optimizer = job.optimizer();
    if (degrees.strategy() == Strategy.FSDP2
        && optimizer.implementation() == OptimizerImplementation.BITSANDBYTES) {
      throw InputError.about(JobKey.OPTIMIZER_NAME)
          .isSet(optimizer.name())
          .and(" of bitsandbytes, whose kernels take no DTensor, but ", JobKey.STRATEGY)
          .and(" fsdp2 has no other parameters")
          .allowed(otherThanBitsandbytes(optimizer.name()))
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    stopsBy().ifPresent(reason -> refuse(optimizer.name(), reason));
  }

  /** Update rules and code for them that take a DTensor. */
  private static Object[] otherThanBitsandbytes(OptimizerName name) {
    JobKey implementation = JobKey.OPTIMIZER_IMPLEMENTATION;
    return switch (name) {
      case ADAMW -> new Object[] {implementation, " fused, foreach, for-loop"};
      case ADAMW_8BIT -> new Object[] {"adamw, or ", implementation, " torchao"};
      default -> new Object[] {"adamw, or adamw-8bit with ", implementation, " torchao"};
    };
  }

  /** Why the first step of an optimizer stops on parameters that are divided; empty where not. */
  private Optional<String> stopsBy() {
    boolean prepared = job.frameworkCode().is(LoopCode.PREPARED_BY_ACCELERATE);
    boolean divided = degrees.strategy() == Strategy.FSDP2 && prepared;
    return switch (job.optimizer().name()) {
      // galore_torch/galore_projector.py project, apollo_torch/apollo.py step: shape[1].
      case GALORE, APOLLO -> {
        if (degrees.hasFlatParts()) {
          yield Optional.of("projects matrices, of which it has flat parts");
        }
        // apollo.py __init__ keeps seeds by parameters, which accelerate replaces behind it.
        yield divided && job.optimizer().name() == OptimizerName.APOLLO
            ? Optional.of("looks for the seed of parameters that it was not made with")
            : Optional.empty();
      }
      // transformers/optimization.py Adafactor.step adds means of a DTensor to a plain tensor.
      case ADAFACTOR ->
          divided ? Optional.of("adds DTensors to plain tensors of its own") : Optional.empty();
      default -> Optional.empty();
    };
  }

  private void refuse(OptimizerName name, String reason) {
    throw InputError.about(JobKey.OPTIMIZER_NAME)
        .isSet(name)
        .and(", but under ", JobKey.STRATEGY, " ", degrees.strategy(), " it ", reason)
        .allowed("another optimizer, or ", JobKey.STRATEGY, " none, ddp")
        .kind(ErrorKind.CONTRADICTION)
        .refusal();
  }

  /**
   * What a unit trains has one dtype, and a flat parameter is of one
   * (torch/distributed/fsdp/_fully_shard/_fsdp_param_group.py _init_mp_dtypes, _flat_param.py
   * _validate_tensors_to_flatten); accelerate makes trained weights fp32 under mixed precision.
   */
  private void checkDtypes() {
    boolean narrow = job.weightDtype().bytes() < DataType.FP32.bytes();
    boolean trained = job.method() == Method.FULL && !job.autocast();
    boolean flat = degrees.strategy() == Strategy.FSDP1;
    boolean divided = flat || degrees.strategy() == Strategy.FSDP2 && trained;
    String kept = keptInFp32();
    if (!kept.isEmpty() && narrow && divided) {
      throw InputError.about(JobKey.STRATEGY)
          .isSet(degrees.strategy())
          .and(", which wants weights of one dtype, but of this ", architecture.modelType())
          .and(" model ", kept, " stay fp32 beside ", job.weightDtype())
          .allowed(flat ? "fsdp2, ddp" : "ddp, zero3, or weights in fp32")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /**
   * accelerate raises a ValueError at the first class that no module has (utils/dataclasses.py
   * set_auto_wrap_policy), PEFT a TypeError (peft/utils/other.py fsdp_auto_wrap_policy).
   */
  private void checkLayers() {
    WrappedLayers layers = WrappedLayers.of(job);
    if (layers.listed()) {
      checkList(layers);
    } else if (!layers.named().isEmpty()) {
      checkNamed(layers);
    }
  }

  private void checkList(WrappedLayers layers) {
    layers.unfound(architecture).ifPresent(this::refuseList);
    if (layers.gathersAll(architecture)) {
      throw Gap.value(JobKey.STRATEGY, degrees.strategy())
          .and(" of a ", architecture.modelType(), " model, whose list of layers names none in")
          .and(" Transformers ", layers.version(), ", so that all are gathered at once,")
          .modelled(JobKey.LAYER_CLASSES, " ", architecture.modelingFile().layerClass())
          .refusal();
    }
  }

  private void checkNamed(WrappedLayers layers) {
    List<String> known = WrappedLayers.known(architecture);
    layers.named().forEach(name -> checkName(name, known));
    boolean reads =
        architecture.encoder().filter(encoder -> encoder.stack().text().isPresent()).isPresent();
    if (reads) {
      throw Gap.about(JobKey.LAYER_CLASSES)
          .and(" of a ", architecture.modelType(), " model, which has an encoder and a decoder,")
          .refusal();
    }
    if (!layers.named().contains(known.get(0))) {
      throw Gap.about(JobKey.LAYER_CLASSES)
          .and(" without the decoder layer's")
          .modelled(known.get(0), " among them")
          .refusal();
    }
    boolean whole =
        architecture
            .encoder()
            .filter(encoder -> job.hearing(architecture).batch().hasImages())
            .filter(encoder -> !layers.hasLayersOf(encoder.stack()))
            .isPresent();
    if (whole) {
      throw Gap.about(JobKey.LAYER_CLASSES)
          .and(" without the layers of a tower that runs, which are gathered all at once then,")
          .modelled(String.join(",", known))
          .refusal();
    }
  }

  private void checkName(String name, List<String> known) {
    if (WrappedLayers.isAbsent(name, architecture)) {
      throw InputError.about(JobKey.LAYER_CLASSES)
          .has(name)
          .and(", but no module of this ", architecture.modelType(), " model is of that class,")
          .and(" and accelerate stops where it finds none")
          .allowed(String.join(", ", known))
          .near(name, known)
          .refusal();
    }
    if (!known.contains(name)) {
      throw Gap.value(JobKey.LAYER_CLASSES, name).modelled(String.join(", ", known)).refusal();
    }
  }

  private void refuseList(String layer) {
    throw InputError.about(JobKey.STRATEGY)
        .isSet(degrees.strategy())
        .and(", for which accelerate looks up the layer class ", layer, " of the model's list,")
        .and(" but no module of this ", architecture.modelType(), " model is of that class")
        .allowed(
            "zero3, or ",
            JobKey.LAYER_CLASSES,
            " (transformer_layer_cls_to_wrap) ",
            architecture.modelingFile().layerClass())
        .kind(ErrorKind.CONTRADICTION)
        .refusal();
  }

  /** What is loaded in fp32 whatever the other weights are; empty where nothing is. */
  private String keptInFp32() {
    if (architecture.finalNorm().filter(Norm::isWide).isPresent()) {
      return "norms and connections";
    }
    StepSettings settings = new StepSettings(job, architecture.traits());
    boolean routers = settings.code().mixture().keepsRouterInFp32();
    return routers && !architecture.mixtures().isEmpty() ? "routers" : "";
  }

  private static boolean isPacked(QuantizationScheme scheme) {
    return switch (scheme) {
      case NF4, FP4, INT8, GPTQ_INT4, GPTQ_INT8, AWQ_INT4, AQLM_2BIT -> true;
      case NONE, FP8, MXFP4, NVFP4 -> false;
    };
  }

  private boolean dividesInt8() {
    return degrees.strategy() == Strategy.FSDP2 && job.frameworkCode().is(SpreadCode.SHARDS_INT8);
  }

  private void checkOffload() {
    Set<OffloadTarget> offload = degrees.offload();
    boolean parameters = offload.contains(OffloadTarget.PARAMETERS);
    boolean optimizer = offload.contains(OffloadTarget.OPTIMIZER);
    boolean swaps = job.frameworkCode().is(SpreadCode.SWAPS_STATES);
    if (degrees.strategy().isFsdp() && optimizer && !parameters && !swaps) {
      throw InputError.about(JobKey.OFFLOAD)
          .and(
              " has optimizer, but ",
              JobKey.STRATEGY,
              " ",
              degrees.strategy(),
              " steps where it keeps the shards")
          .allowed("parameters, which takes the optimizer along, activations")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    boolean whole = degrees.strategy() == Strategy.NONE || degrees.strategy() == Strategy.DDP;
    if (whole && (parameters || optimizer)) {
      throw Gap.value(JobKey.OFFLOAD, parameters ? "parameters" : "optimizer")
          .and(" under ", JobKey.STRATEGY, " ", degrees.strategy())
          .modelled(
              "activations, or ",
              JobKey.STRATEGY,
              // FSDP steps where the shards are, and ZeRO-1 and -2 keep whole weights on the GPU.
              parameters ? " fsdp1, fsdp2, zero3" : " zero1, zero2, zero3")
          .refusal();
    }
  }
}
