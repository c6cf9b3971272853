package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Named;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.code.LoopCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.StoredBase;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Refuses methods, bases and optimizers that do not go together. */
final class MethodChecks {

  private static final Set<OptimizerImplementation> OF_PYTORCH =
      EnumSet.of(
          OptimizerImplementation.FOREACH,
          OptimizerImplementation.FUSED,
          OptimizerImplementation.FOR_LOOP);

  private static final List<JobKey> OF_ADAPTERS = JobKey.below("lora");

  /** Where Accelerate's scaler is torch's own, and weights are what was loaded. */
  private static final Set<Strategy> SCALED = EnumSet.of(Strategy.NONE, Strategy.DDP);

  private MethodChecks() {}

  static void check(PartialJob d) {
    checkBase(d);
    checkOptimizer(d);
    checkScaling(d);
    warnOfIgnoredKeys(d);
    warnOfTwoDtypes(d);
  }

  private static void checkBase(PartialJob d) {
    if (StoredBase.missing(d).isPresent()) {
      return;
    }
    Optional<Place> place = d.document().place(JobKey.QUANTIZATION_SCHEME, JobKey.METHOD);
    if (d.method() == Method.QLORA
        && d.scheme() != QuantizationScheme.NF4
        && d.scheme() != QuantizationScheme.FP4) {
      throw InputError.about(JobKey.QUANTIZATION_SCHEME)
          .at(place)
          .isSet(d.scheme())
          .but(JobKey.METHOD, " qlora trains adapters on a 4-bit base")
          .allowed("nf4, fp4, or ", JobKey.METHOD, " lora")
          .refusal();
    }
    if (d.isQuantized() && !d.method().trainsAdapters()) {
      throw InputError.about(JobKey.QUANTIZATION_SCHEME)
          .at(place)
          .isSet(d.scheme())
          .but(
              JobKey.METHOD,
              " ",
              d.method(),
              " trains the weights themselves and quantised ones have no gradient")
          .allowed("none, or ", JobKey.METHOD, " ", Method.WITH_ADAPTERS)
          .refusal();
    }
  }

  private static void checkOptimizer(PartialJob d) {
    OptimizerName name = d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class);
    if (d.method() == Method.GALORE && name != OptimizerName.GALORE) {
      throw InputError.about(JobKey.OPTIMIZER_NAME)
          .kind(ErrorKind.CONTRADICTION)
          .at(d.document().place(JobKey.OPTIMIZER_NAME))
          .isSet(name)
          .allowed("galore, as ", JobKey.METHOD, " galore is that optimizer")
          .refusal();
    }
    if (name.isModelled() && name != OptimizerName.NONE) {
      checkImplementation(d, name);
    }
  }

  /** An implementation of another library has to have the optimizer. */
  private static void checkImplementation(PartialJob d, OptimizerName name) {
    OptimizerImplementation runs =
        d.get(JobKey.OPTIMIZER_IMPLEMENTATION, OptimizerImplementation.class);
    List<OptimizerImplementation> known = new ArrayList<>(name.implementations());
    if (name == OptimizerName.ADAGRAD && !d.torchAtLeast(2, 13)) {
      // torch/optim/adagrad.py: cuda_unsupported, still so in 2.8 and no more in 2.13.
      known.remove(OptimizerImplementation.FUSED);
    }
    // Which loop of PyTorch's is asked for says nothing of an optimizer that has one way to run.
    boolean one = OF_PYTORCH.contains(runs) && name != OptimizerName.ADAGRAD;
    if (!d.isSet(JobKey.OPTIMIZER_IMPLEMENTATION) || known.contains(runs) || one) {
      return;
    }
    String labels = known.stream().map(Named::label).collect(Collectors.joining(", "));
    var error =
        InputError.about(JobKey.OPTIMIZER_IMPLEMENTATION)
            .kind(ErrorKind.CONTRADICTION)
            .at(d.document().place(JobKey.OPTIMIZER_IMPLEMENTATION))
            .isSet(runs)
            .but("that has no ", JobKey.OPTIMIZER_NAME, " ", name);
    throw (name == OptimizerName.ADAMW && runs == OptimizerImplementation.TORCHAO
            ? error.allowed(labels, ", or ", JobKey.OPTIMIZER_NAME, " adamw-8bit, adamw-4bit")
            : error.allowed(labels))
        .refusal();
  }

  /**
   * Gradients have the dtype of their weights, and the scaler that Accelerate takes for mixed fp16
   * divides none in fp16 (torch/amp/grad_scaler.py _unscale_grads_, accelerate/accelerator.py).
   * FSDP's does (sharded_grad_scaler.py), FSDP2's weights are made fp32 (fsdp_utils.py), DeepSpeed
   * has a scaler of its own, and an update within the backward pass leaves no gradient behind.
   */
  private static void checkScaling(PartialJob d) {
    boolean scaled =
        d.precision() == Precision.FP16_MIXED
            && !d.method().trainsAdapters()
            && d.always(LoopCode.PREPARED_BY_ACCELERATE)
            && !d.always(LoopCode.WIDENS_TRAINED)
            && SCALED.contains(d.strategy())
            && !d.yes(JobKey.OPTIMIZER_IN_BACKWARD)
            && !d.get(JobKey.OPTIMIZER_NAME, OptimizerName.class).stepsInBackward();
    if (scaled && d.modelDtype() == DataType.FP16) {
      throw InputError.about(JobKey.PRECISION)
          .kind(ErrorKind.CONTRADICTION)
          .at(d.document().place(JobKey.PRECISION, JobKey.MODEL_DTYPE))
          .isSet(d.precision())
          .but(
              JobKey.MODEL_DTYPE,
              " is fp16 and ",
              JobKey.METHOD,
              " ",
              d.method(),
              " trains these weights, whose step ends in \"Attempting to unscale FP16 gradients.\"")
          .allowed("bf16-mixed, or ", JobKey.MODEL_DTYPE, " fp32")
          .refusal();
    }
  }

  private static void warnOfIgnoredKeys(PartialJob d) {
    if (!d.method().trainsAdapters()) {
      OF_ADAPTERS.stream()
          .filter(d::isSet)
          .filter(key -> key != JobKey.LORA_RANK || d.method() != Method.GALORE)
          .forEach(key -> ignored(d, key, JobKey.METHOD, " ", d.method(), " has no adapters"));
    } else {
      AdapterForm form = AdapterForm.of(d.method());
      OF_ADAPTERS.stream()
          .filter(d::isSet)
          .filter(key -> !AdapterKeys.play(form, key))
          .forEach(key -> ignored(d, key, JobKey.METHOD, " is ", d.method()));
    }
    if (d.method() != Method.FREEZE) {
      Stream.of(JobKey.TRAINABLE_LAYERS, JobKey.TRAINABLE_PLACE)
          .filter(d::isSet)
          .forEach(key -> ignored(d, key, JobKey.METHOD, " is ", d.method()));
    }
    if (!d.isQuantized()) {
      Stream.of(JobKey.DOUBLE_QUANT, JobKey.QUANTIZATION_IMPLEMENTATION, JobKey.QUANTIZED_EXPERTS)
          .filter(d::isSet)
          .forEach(key -> ignored(d, key, JobKey.QUANTIZATION_SCHEME, " is none"));
    }
  }

  private static void ignored(PartialJob d, JobKey key, Object... why) {
    d.warn(d.document().about(key, " is ignored: ").and(why));
  }

  /** Without autocast a matrix product takes one dtype. */
  private static void warnOfTwoDtypes(PartialJob d) {
    boolean pure = !CommonRules.isMixed(d.precision());
    if (pure && !d.isQuantized() && CommonRules.dtype(d.precision()) != d.modelDtype()) {
      d.warn(
          d.document()
              .about(JobKey.PRECISION, " is ", d.precision(), " without autocast, but ")
              .and(JobKey.MODEL_DTYPE, " is ", d.modelDtype()));
    }
  }
}
