package dev.vramcast.core.run.check;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.NarrowRules;
import dev.vramcast.core.megatron.DividedSide;
import dev.vramcast.core.module.linear.FakeQuantisedLinear;
import dev.vramcast.core.module.part.ModulePaths;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Models and batches on which linears in few bits are described, and those on which they do not
 * run.
 */
final class NarrowChecks {

  private static final String LINEARS = NarrowRules.TRANSFORMER_ENGINE;

  private NarrowChecks() {}

  static void check(Architecture model, ResolvedJob job) {
    checkRounding(model, job);
    checkEngines(model, job);
  }

  /** Fake-quantised linears. */
  private static void checkRounding(Architecture model, ResolvedJob job) {
    if (!job.fakeQuantises()) {
      return;
    }
    boolean routed = model.hasLayer(layer -> layer.mlp() instanceof MixtureOfExperts);
    if (routed || !model.towers().isEmpty()) {
      throw Gap.about(JobKey.TRAINING_SCHEME)
          .and(" of a ", model.modelType())
          .modelled("dense language models")
          .refusal();
    }
    job.adapter().ifPresent(adapter -> checkTargets(model, adapter));
  }

  /** torchtune/modules/peft/lora.py QATLoRALinear. */
  private static void checkTargets(Architecture model, AdapterSettings adapter) {
    ModuleNames.of(model).linears().stream()
        .filter(linear -> linear.bias() || !FakeQuantisedLinear.covers(linear))
        .filter(linear -> ModulePaths.isTarget(linear, adapter))
        .findFirst()
        .ifPresent(NarrowChecks::refuse);
  }

  private static void refuse(Linear linear) {
    throw InputError.about(JobKey.LORA_TARGETS)
        .has(linear.lastName())
        .but(JobKey.TRAINING_SCHEME)
        .and(" qat-int4 puts no adapters on linears ")
        .and(linear.bias() ? "with a bias" : "whose inputs are no multiple of 256")
        .allowed("the names of other linears")
        .refusal();
  }

  /** TransformerEngine's linears. */
  private static void checkEngines(Architecture model, ResolvedJob job) {
    NarrowLinears linears = job.linears();
    if (!linears.areEngines()) {
      return;
    }
    if (job.parallelism().strategy() == Strategy.MEGATRON) {
      checkLayers(model, job);
      return;
    }
    if (!job.objective().stage().isSupervised()) {
      throw Gap.value(JobKey.TRAINING_IMPLEMENTATION, LINEARS)
          .and(" with ", JobKey.STAGE, " ", job.objective().stage())
          .refusal();
    }
    if (job.loss() != LossKernel.FULL) {
      throw Gap.value(JobKey.TRAINING_IMPLEMENTATION, LINEARS)
          .and(" with ", JobKey.LOSS, " ", job.loss())
          .needs("what a loss that multiplies by the head itself makes of its empty bias")
          .modelled("full")
          .refusal();
    }
    if (!isDescribed(model)) {
      throw Gap.value(JobKey.TRAINING_IMPLEMENTATION, LINEARS)
          .and(" of a ", model.modelType())
          .modelled("dense language models with RMS norms")
          .refusal();
    }
    stopsAt(model, linears).ifPresent(linear -> refuseSides(linear, model));
    refused(model, linears).ifPresent(linear -> refuseBlocks(linear, model));
    checkRows(job);
  }

  /**
   * accelerate puts in TransformerEngine's layer norms too, experts get any number of tokens, where
   * its linears want a multiple, and kernels of recurrent layers read weights themselves.
   */
  private static boolean isDescribed(Architecture model) {
    boolean others =
        model.hasLayer(
            layer ->
                layer.mlp() instanceof MixtureOfExperts || layer.mixer() instanceof RecurrentMixer);
    boolean layerNorms =
        ModuleNames.of(model).norms().stream().anyMatch(norm -> norm.type() == Norm.Type.LAYER);
    return !others && !layerNorms && model.towers().isEmpty() && !model.readsText();
  }

  /**
   * The linear of a layer that is left as it is, behind which accelerate leaves its siblings too
   * (accelerate/utils/transformer_engine.py convert_model returns there).
   */
  private static Optional<Linear> stopsAt(Architecture model, NarrowLinears linears) {
    return ModuleNames.of(model).linears().stream()
        .filter(linear -> !linears.replaceByEngine(linear))
        .findFirst();
  }

  private static void refuseSides(Linear linear, Architecture model) {
    throw Gap.value(JobKey.TRAINING_IMPLEMENTATION, LINEARS)
        .and(" of a ", model.modelType(), " whose ", linear.lastName())
        .and(" has ", linear.in(), " by ", linear.out(), " elements")
        .needs("which linears beside it are replaced, as sides are no multiples of 16")
        .refusal();
  }

  /** A linear that is replaced, heads among them, and that products do not take. */
  private static Optional<Linear> refused(Architecture model, NarrowLinears linears) {
    ModuleNames names = ModuleNames.of(model);
    return Stream.concat(names.linears().stream(), names.heads().stream())
        .filter(linears::replaceByEngine)
        .filter(linear -> !linears.takes(linear))
        .findFirst();
  }

  private static void refuseBlocks(Linear linear, Architecture model) {
    throw InputError.about(JobKey.TRAINING_SCHEME)
        .isSet(NarrowLinears.MXFP8)
        .and(" by ", JobKey.TRAINING_IMPLEMENTATION, " ", LINEARS)
        .but(linear.lastName(), " of a ", model.modelType())
        .and(" has ", linear.in(), " by ", linear.out(), " elements")
        .and(", where blocks take multiples of 32 alone")
        .allowed(NarrowLinears.FP8, ", none")
        .refusal();
  }

  /**
   * transformer_engine/pytorch/utils.py assert_dim_for_fp8_exec, and csrc/quantizer.cpp
   * MXFP8Quantizer::create_tensor.
   */
  private static void checkRows(ResolvedJob job) {
    int multiple = job.linears().rowMultiple();
    long rows = (long) job.batch().microBatch() * job.batch().sequenceLength();
    if (rows % multiple != 0) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(job.batch().sequenceLength())
          .and(", which by ", JobKey.MICRO_BATCH, " ", job.batch().microBatch(), " is ", rows)
          .but(JobKey.TRAINING_SCHEME, " takes multiples of ", multiple, " tokens alone")
          .allowed("a multiple of ", multiple)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }

  /**
   * TransformerEngine's layers of Megatron-Core. Head and embedding stay in 16 bits
   * (megatron/core/transformer/transformer_block.py, whose forward pass alone is under {@code
   * fp8_autocast}).
   */
  private static void checkLayers(Architecture model, ResolvedJob job) {
    if (!job.objective().stage().isSupervised()) {
      throw gap(" with ", JobKey.STAGE, " ", job.objective().stage()).refusal();
    }
    if (!model.hasLayer(layer -> !isDescribed(layer))) {
      checkSides(model, job);
      checkShares(job);
      checkGathered(model, job);
      return;
    }
    throw gap(" of a ", model.modelType())
        .needs("how many rows each expert or recurrent product is padded to, and what it keeps")
        .modelled("dense language models with plain attention")
        .refusal();
  }

  private static Gap gap(Object... beside) {
    return Gap.about(JobKey.TRAINING_SCHEME)
        .and(" under ", JobKey.STRATEGY, " ", Strategy.MEGATRON)
        .and(beside);
  }

  private static boolean isDescribed(DecoderLayer layer) {
    return layer.mixer() instanceof Attention && !(layer.mlp() instanceof MixtureOfExperts);
  }

  /** transformer_engine/pytorch/utils.py assert_dim_for_fp8_exec, of what a rank has. */
  private static void checkSides(Architecture model, ResolvedJob job) {
    int multiple = job.linears().sideMultiple();
    ModuleNames.of(model).linears().stream()
        .filter(linear -> linear.in() % multiple != 0 || linear.out() % multiple != 0)
        .findFirst()
        .ifPresent(
            linear -> {
              String elements = linear.in() + " by " + linear.out() + " elements";
              throw refusedSide(model, job, linear.lastName(), elements);
            });
    DividedSide.of(model).stream()
        .filter(side -> !side.fits(job.parallelism().tensor(), multiple))
        .findFirst()
        .ifPresent(
            side -> {
              String features = side.length() + " features to divide";
              throw refusedSide(model, job, side.names(), features);
            });
  }

  private static InputException refusedSide(
      Architecture model, ResolvedJob job, String names, String elements) {
    return InputError.about(JobKey.TRAINING_SCHEME)
        .isSet(job.linears().scheme())
        .but(names, " of a ", model.modelType(), " has ", elements)
        .and(" over ", JobKey.TENSOR, " ", job.parallelism().tensor())
        .and(", where products take multiples of ", job.linears().sideMultiple(), " alone")
        .allowed("none")
        .refusal();
  }

  /**
   * Copies in blocks of 128 are exchanged where those divide what a rank has between the parts of a
   * layer; else 16 bits are, which is not described (transformer_engine/pytorch/distributed.py
   * _start_all_gather_fp8_blockwise, tensor/float8_blockwise_tensor.py is_quantizable, 2.18).
   */
  private static void checkGathered(Architecture model, ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    if (job.linears() != NarrowLinears.ENGINE_SQUARES
        || degrees.tensor() == 1
        || !degrees.sequenceParallel()) {
      return;
    }
    long all = (long) job.batch().microBatch() * job.batch().sequenceLength();
    long rows = all / ((long) degrees.context() * degrees.tensor());
    if (rows % NarrowLinears.SQUARE != 0 || model.hiddenSize() % NarrowLinears.SQUARE != 0) {
      throw gap(", whose ranks have ", rows, " tokens of ", model.hiddenSize(), " features,")
          .needs("what is gathered in 16 bits where blocks of 128 do not divide both")
          .refusal();
    }
  }

  /** Of what a rank has between the parts of a layer, where ranks share tokens. */
  private static void checkShares(ResolvedJob job) {
    Parallelism degrees = job.parallelism();
    int multiple = job.linears().rowMultiple();
    long ranks = (long) degrees.context() * (degrees.sequenceParallel() ? degrees.tensor() : 1);
    long rows = (long) job.batch().microBatch() * job.batch().sequenceLength();
    if (rows % (multiple * ranks) != 0) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .isSet(job.batch().sequenceLength())
          .and(", which by ", JobKey.MICRO_BATCH, " ", job.batch().microBatch())
          .and(" over ", ranks, " ranks of tokens is no multiple of ", multiple)
          .but(JobKey.TRAINING_SCHEME, " ", job.linears().scheme(), " takes those alone")
          .allowed("a multiple of ", multiple * ranks)
          .kind(ErrorKind.CONTRADICTION)
          .refusal();
    }
  }
}
