package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.AdapterForm;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.StoredBase;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.rule.CommonRules;
import dev.vramcast.core.job.rule.PartialJob;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Refuses methods, bases and optimizers that do not go together. */
final class MethodChecks {

  private static final List<JobKey> OF_ADAPTERS = JobKey.below("lora");

  private MethodChecks() {}

  static void check(PartialJob d) {
    checkBase(d);
    checkOptimizer(d);
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
