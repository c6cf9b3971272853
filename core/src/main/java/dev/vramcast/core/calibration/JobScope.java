package dev.vramcast.core.calibration;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.Framework;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.Quantization;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.units.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The jobs that a correction is for: those that run the same code on the same card, at about the
 * same size.
 *
 * @param code what decides which code runs, by name; all of it has to be equal
 * @param parameters of the model; up to twice as many or half of them are about the same
 * @param tokens of one forward pass on one GPU; likewise
 */
public record JobScope(Map<String, String> code, long parameters, long tokens) {

  /** The names of what has to be equal, in the order in which they are written. */
  public static final List<String> NAMES =
      List.of(
          "framework",
          "transformers",
          "torch",
          "model_type",
          "method",
          "quantization",
          "precision",
          "optimizer",
          "checkpointing",
          "attention",
          "loss",
          "kernels",
          "padding",
          "strategy",
          "gpus",
          "gpu",
          "allocator");

  private static final double ABOUT = 2;

  public JobScope {
    code = Collections.unmodifiableMap(new LinkedHashMap<>(code));
  }

  /** That of a job on a card. */
  public static JobScope of(Architecture architecture, ResolvedJob job, Gpu gpu) {
    Framework framework = job.framework();
    Map<String, String> code = new LinkedHashMap<>();
    code.put("framework", framework.name());
    code.put("transformers", minor(framework.transformers()));
    code.put("torch", minor(framework.torch()));
    code.put("model_type", architecture.modelType());
    code.put("method", job.method().label());
    code.put("quantization", quantization(job.quantization()));
    code.put("precision", job.precision().label());
    code.put(
        "optimizer",
        job.optimizer().name().label() + " " + job.optimizer().implementation().label());
    code.put("checkpointing", job.checkpointing().label());
    if (!job.checkpointPlacement().isAll()) {
      code.put("checkpointed layers", job.checkpointPlacement().label());
    }
    code.put("attention", job.attention().label());
    code.put("loss", job.loss().label());
    code.put("kernels", kernels(job));
    code.put("padding", job.batch().padding().label());
    code.put("strategy", strategy(job.parallelism()));
    code.put("gpus", String.valueOf(job.parallelism().gpus()));
    code.put("gpu", gpu.name());
    code.put("allocator", job.allocator().expandableSegments() ? "expandable" : "segments");
    return new JobScope(code, Tensors.count(architecture), job.batch().tokens());
  }

  /** Whether a correction for these jobs holds for one more. */
  public boolean covers(JobScope job) {
    return code.equals(job.code)
        && isAbout(parameters, job.parameters)
        && isAbout(tokens, job.tokens);
  }

  private static boolean isAbout(double one, double other) {
    return one <= ABOUT * other && other <= ABOUT * one;
  }

  private static String minor(Version version) {
    return version.major() + "." + version.minor();
  }

  private static String quantization(Quantization quantization) {
    return quantization.isNone()
        ? quantization.scheme().label()
        : quantization.scheme().label()
            + (quantization.doubleQuant() ? " double" : "")
            + (quantization.experts() ? " experts" : "")
            + " "
            + quantization.implementation();
  }

  private static String kernels(ResolvedJob job) {
    TreeSet<String> names = new TreeSet<>();
    job.ligerKernels().forEach(kernel -> names.add("liger-" + Shown.value(kernel)));
    if (job.compile()) {
      names.add("compiled");
    }
    return names.isEmpty() ? "none" : String.join(",", names);
  }

  private static String strategy(Parallelism degrees) {
    StringBuilder text = new StringBuilder(degrees.strategy().label());
    text.append(" tensor=").append(degrees.tensor());
    text.append(" pipeline=").append(degrees.pipeline());
    text.append(" context=").append(degrees.context());
    text.append(" expert=").append(degrees.expert());
    new TreeSet<>(degrees.offload())
        .forEach(target -> text.append(" offload=").append(Shown.value(target)));
    return text.toString();
  }
}
