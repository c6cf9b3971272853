package dev.vramcast.core.job.resolve;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.code.FrameworkCode;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.job.rule.PartialJob;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which base in NVFP4 is modelled: adapters on a mixture whose experts are packed. */
final class PackedExperts {

  private PackedExperts() {}

  /** Why the base is not modelled; empty where it is, or it is stored in another way. */
  static Optional<Gap> missing(PartialJob d, FrameworkCode code) {
    for (JobKey other : List.of(JobKey.REFERENCE_QUANTIZATION, JobKey.TEACHER_QUANTIZATION)) {
      if (d.isSet(other, QuantizationScheme.NVFP4)) {
        return Optional.of(Gap.value(other, QuantizationScheme.NVFP4));
      }
    }
    if (d.scheme() != QuantizationScheme.NVFP4) {
      return Optional.empty();
    }
    Gap gap = Gap.value(JobKey.QUANTIZATION_SCHEME, d.scheme());
    if (!code.is(LayerCode.TRAINS_PACKED_EXPERTS)) {
      return Optional.of(
          gap.and(" under ", JobKey.FRAMEWORK_NAME, " ")
              .and(d.get(JobKey.FRAMEWORK_NAME, String.class))
              .modelled("axolotl since 0.19"));
    }
    String holder = d.get(JobKey.QUANTIZATION_IMPLEMENTATION, String.class);
    boolean grouped = holder.equals(Quantization.GROUPED);
    if (!grouped && !holder.equals(Quantization.SNAPPED)) {
      return Optional.of(
          gap.and(" of ", JobKey.QUANTIZATION_IMPLEMENTATION, " ", holder)
              .needs("what a layer of experts computes with")
              .modelled(Quantization.SNAPPED, ", ", Quantization.GROUPED));
    }
    if (!d.yes(JobKey.QUANTIZED_EXPERTS)) {
      return Optional.of(gap.and(" of linears").modelled(JobKey.QUANTIZED_EXPERTS, " true"));
    }
    List<String> beside = beside(d, grouped);
    return beside.isEmpty()
        ? Optional.empty()
        : Optional.of(gap.and(" ", String.join(", ", beside)));
  }

  /**
   * What is not described of them; where several ranks run, Marlin's layout is made anew for each
   * pass (axolotl scattermoe_lora/marlin_w4a16/backend.py _cached_prep).
   */
  private static List<String> beside(PartialJob d, boolean grouped) {
    List<String> beside = new ArrayList<>();
    if (d.method() != Method.LORA && d.method() != Method.RSLORA) {
      beside.add("with method " + d.method().label());
    }
    if (d.strategy() != Strategy.NONE && (grouped || d.strategy() != Strategy.DDP)) {
      beside.add("under " + d.strategy().label());
    }
    if (d.whole(JobKey.TENSOR) > 1 || d.whole(JobKey.EXPERT) > 1 || d.whole(JobKey.CONTEXT) > 1) {
      beside.add("with experts or tokens divided");
    }
    if (d.get(JobKey.MODEL_DTYPE, DataType.class) != DataType.BF16) {
      beside.add("beside weights that are not bf16");
    }
    if (d.yes(JobKey.COMPILE)) {
      beside.add("with torch.compile");
    }
    return beside;
  }
}
