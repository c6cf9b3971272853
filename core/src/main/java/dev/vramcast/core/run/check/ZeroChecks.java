package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.shard.zero.ApartLayers;
import dev.vramcast.core.shard.zero.ZeroSettings;
import dev.vramcast.core.units.Version;

/** What DeepSpeed refuses. */
final class ZeroChecks {

  /** First bitsandbytes whose packed weights can be divided ({@code quant_storage}). */
  private static final Version DIVISIBLE = Version.of(0, 43);

  private ZeroChecks() {}

  static void check(Architecture architecture, ResolvedJob job) {
    checkStage(job);
    checkDepth(architecture, job);
    checkStreams(architecture, job);
    checkOffload(job);
    checkOptimizer(job);
    checkPipeline(job);
    checkBase(job);
  }

  /** Chunks of parameters (colossalai/zero/gemini) are not DeepSpeed's partitions. */
  private static void checkStage(ResolvedJob job) {
    boolean sliced = job.frameworkCode().get(SpreadCode.ZERO).sliced();
    if (sliced && job.parallelism().strategy() == Strategy.ZERO3) {
      throw Gap.value(JobKey.STRATEGY, Strategy.ZERO3)
          .and(" under a framework whose ZeRO is not DeepSpeed's")
          .refusal();
    }
  }

  /** Weights that each layer leaves whole are counted of layers that are written one by one. */
  private static void checkDepth(Architecture architecture, ResolvedJob job) {
    boolean leaves =
        job.parallelism().strategy() == Strategy.ZERO3 && ZeroSettings.keepsFrozenOfAll(job);
    if (leaves && architecture.layerCount() > ApartLayers.ALL) {
      throw Gap.value(JobKey.CHECKPOINTING_REENTRANT, true)
          .and(" of adapters on more than ", ApartLayers.ALL, " layers under ", Strategy.ZERO3)
          .modelled("false")
          .refusal();
    }
  }

  private static void checkStreams(Architecture architecture, ResolvedJob job) {
    boolean adapted = job.parallelism().strategy() == Strategy.ZERO3 && job.adapter().isPresent();
    if (adapted && architecture.extras().hyper().isPresent()) {
      throw Gap.value(JobKey.STRATEGY, Strategy.ZERO3)
          .and(" of adapters on layers with several streams of hidden states")
          .needs("what is gathered while they run backward")
          .modelled(JobKey.STRATEGY, " fsdp2, ddp, or ", JobKey.METHOD, " full")
          .refusal();
    }
  }

  private static void checkOffload(ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    // deepspeed/runtime/zero/config.py offload_param: valid only with stage 3.
    if (degrees.offload().contains(OffloadTarget.PARAMETERS)
        && degrees.strategy() != Strategy.ZERO3) {
      throw InputError.about(JobKey.OFFLOAD)
          .and(
              " has parameters, but ",
              JobKey.STRATEGY,
              " ",
              degrees.strategy(),
              " keeps them whole on every GPU")
          .allowed("optimizer, or ", JobKey.STRATEGY, " zero3")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    // deepspeed/runtime/engine.py _configure_optimizer: a ZeRORuntimeException.
    OptimizerName name = job.optimizer().name();
    boolean hasCpuKernel = name == OptimizerName.ADAMW || name == OptimizerName.LION;
    if (degrees.offload().contains(OffloadTarget.OPTIMIZER) && !hasCpuKernel) {
      throw InputError.about(JobKey.OPTIMIZER_NAME)
          .isSet(name)
          .but("DeepSpeed steps on offloaded states with its CPU optimizers alone")
          .allowed("adamw, lion, or ", JobKey.OFFLOAD, " without optimizer")
          .refusal();
    }
  }

  /** Partitions are flat, and the step comes after all gradients are reduced. */
  private static void checkOptimizer(ResolvedJob job) {
    String strategy = job.parallelism().strategy().label();
    OptimizerName name = job.optimizer().name();
    if (name == OptimizerName.GALORE || name == OptimizerName.APOLLO) {
      throw InputError.about(JobKey.OPTIMIZER_NAME)
          .isSet(name)
          .and(
              ", which projects matrices, but ",
              JobKey.STRATEGY,
              " ",
              strategy,
              " hands flat partitions to the optimizer")
          .allowed("another optimizer, or ", JobKey.STRATEGY, " none, ddp")
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
    if (name == OptimizerName.MUON || name == OptimizerName.FLASH_ADAMW) {
      throw Gap.value(JobKey.OPTIMIZER_NAME, name)
          .and(" under ", JobKey.STRATEGY, " ", strategy)
          .refusal();
    }
    if (job.optimizer().inBackward()) {
      throw InputError.about(JobKey.OPTIMIZER_IN_BACKWARD)
          .isSet(true)
          .but(JobKey.STRATEGY, " ", strategy, " steps after the backward pass")
          .allowed("false, or ", JobKey.STRATEGY, " none, fsdp2")
          .refusal();
    }
  }

  /** deepspeed/runtime/pipe/engine.py: ZeRO-2 and ZeRO-3 are incompatible with pipelines. */
  private static void checkPipeline(ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    if (degrees.pipeline() > 1 && degrees.strategy() != Strategy.ZERO1) {
      throw InputError.about(JobKey.PIPELINE)
          .isSet(degrees.pipeline())
          .but(
              JobKey.STRATEGY,
              " ",
              degrees.strategy(),
              " divides gradients, which pipeline stages accumulate")
          .allowed("1, or ", JobKey.STRATEGY, " zero1")
          .refusal();
    }
  }

  /** docs/source/accelerate/deepspeed.md of PEFT: what QLoRA under ZeRO-3 needs. */
  private static void checkBase(ResolvedJob job) {
    QuantizationScheme scheme = job.quantization().scheme();
    boolean fourBit = scheme.isFourBitFloat();
    Version version = job.framework().bitsandbytes();
    boolean divides = job.parallelism().strategy() == Strategy.ZERO3;
    if (divides && fourBit && version.compareTo(DIVISIBLE) < 0) {
      throw InputError.about(JobKey.BITSANDBYTES_VERSION)
          .kind(ErrorKind.CONTRADICTION)
          .isSet(version)
          .and(", whose 4-bit weights ", JobKey.STRATEGY, " zero3 cannot divide")
          .allowed("0.43 or newer, or ", JobKey.STRATEGY, " zero2")
          .refusal();
    }
  }
}
