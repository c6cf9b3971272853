package dev.vramcast.core.fit;

import static dev.vramcast.core.fit.KernelRemedies.settings;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.fit.Change.Drawback;
import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.framework.Frameworks;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.job.option.QuantizationScheme;
import dev.vramcast.core.run.Unquantised;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Changes of what is trained, on what, and how exactly. */
final class TrainingRemedies {

  /** Adapters of a lower rank are seldom used. */
  private static final int LOWEST_RANK = 8;

  /** Shorter sequences cut most examples short. */
  private static final int SHORTEST_SEQUENCE = 512;

  private TrainingRemedies() {}

  static List<Change> coarserOptimizer(FitCheck job) {
    OptimizerName now = settings(job).optimizer().name();
    if (now != OptimizerName.ADAMW && now != OptimizerName.PAGED_ADAMW) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    for (OptimizerName coarser :
        List.of(OptimizerName.ADAMW_8BIT, OptimizerName.PAGED_ADAMW_8BIT)) {
      changes.add(
          new Change(
              "optimizer " + now.label() + " to " + coarser.label(),
              Drawback.PRECISION,
              "nearly the same result",
              Edit.of(job)
                  .without(JobKey.OPTIMIZER_IMPLEMENTATION)
                  .set(JobKey.OPTIMIZER_NAME, coarser)
                  .done()));
    }
    return changes;
  }

  /** Weights that only run are computed with in 16 bits anyway. */
  static List<Change> roundedBase(FitCheck job) {
    ResolvedJob settings = settings(job);
    boolean wide = settings.weightDtype() == DataType.FP32 && settings.quantization().isNone();
    DataType computed = settings.computeDtype();
    if (settings.adapter().isEmpty() || !wide || computed.bytes() >= DataType.FP32.bytes()) {
      return List.of();
    }
    return List.of(
        new Change(
            "weights loaded in " + computed.label(),
            Drawback.PRECISION,
            "what autocast rounds is rounded once; nearly the same result",
            Edit.of(job).set(JobKey.MODEL_DTYPE, computed).done()));
  }

  /** Weights that are trained, and with them gradients and states, in the 16 bits of autocast. */
  static List<Change> roundedWeights(FitCheck job) {
    ResolvedJob settings = settings(job);
    if (settings.method() != Method.FULL
        || settings.weightDtype() != DataType.FP32
        || settings.computeDtype() != DataType.BF16) {
      return List.of();
    }
    return List.of(
        new Change(
            "weights trained in bf16",
            Drawback.CAPACITY,
            "small updates of weights are rounded away, as in torchtune's full recipes",
            Edit.of(job).set(JobKey.MODEL_DTYPE, DataType.BF16).done()));
  }

  /** Adapters on a 4-bit base. */
  static List<Change> quantisedBase(FitCheck job) {
    ResolvedJob settings = settings(job);
    if (settings.method() != Method.LORA || !settings.quantization().isNone()) {
      return List.of();
    }
    return List.of(
        new Change(
            "lora to qlora",
            Drawback.PRECISION,
            "weights are unpacked in every pass; nearly the same result",
            quantised(Edit.of(job)).done()));
  }

  private static Edit quantised(Edit edit) {
    return edit.set(JobKey.METHOD, Method.QLORA)
        .set(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NF4)
        .set(JobKey.DOUBLE_QUANT, true);
  }

  /**
   * Experts, of which the base mostly consists, quantised: as asked for, or by another framework;
   * with the rest of the base where that is in 16 bits. A base that is quantised already was meant
   * to be so with its experts, so that nothing but time is lost.
   */
  static List<Change> quantisedExperts(FitEvaluator evaluator, FitCheck job) {
    Architecture architecture = evaluator.architecture();
    ResolvedJob settings = settings(job);
    boolean plain = settings.method() == Method.LORA && settings.quantization().isNone();
    boolean left =
        plain
            ? Unquantised.leavesExperts(architecture, settings)
            : Unquantised.of(architecture, settings)
                .filter(Unquantised.EXPERTS::equals)
                .isPresent();
    if (!left) {
      return List.of();
    }
    String first = plain ? "lora to qlora, " : "";
    Supplier<Edit> edit = () -> plain ? quantised(Edit.of(job)) : Edit.of(job);
    if (settings.frameworkCode().is(LayerCode.QUANTISES_EXPERTS_ON_REQUEST)) {
      return List.of(expertsAsWhole(architecture, job, first, edit.get()));
    }
    return Frameworks.whose(settings.framework(), code -> code.is(LayerCode.QUANTISES_EXPERTS))
        .stream()
        .map(
            name ->
                new Change(
                    first + "under " + name + ", which quantises experts",
                    plain ? Drawback.PRECISION : Drawback.TIME,
                    "another framework; nearly the same result",
                    edit.get().set(JobKey.FRAMEWORK_NAME, name).done()))
        .toList();
  }

  /** Not beside adapters on all linears, of which those of attention stay. */
  private static Change expertsAsWhole(
      Architecture architecture, FitCheck job, String first, Edit before) {
    Edit edit = before.set(JobKey.QUANTIZED_EXPERTS, true);
    if (!settings(job).adapter().map(AdapterSettings::allLinear).orElse(false)) {
      return new Change(
          first + "experts quantised too",
          first.isEmpty() ? Drawback.TIME : Drawback.PRECISION,
          "all of a layer are unpacked for each pass; nearly the same result",
          edit.done());
    }
    List<String> names =
        architecture
            .distinctLayers()
            .flatMap(layer -> layer.mixer().linears().stream())
            .map(Linear::lastName)
            .distinct()
            .toList();
    return new Change(
        first + "experts quantised too, adapters on attention alone",
        Drawback.CAPACITY,
        "all experts of a layer are unpacked for each pass; adapters can learn less",
        edit.set(JobKey.LORA_TARGETS, names).done());
  }

  static List<Change> rank(FitCheck job) {
    int rank =
        settings(job)
            .adapter()
            .filter(adapter -> adapter.form().hasRank())
            .map(AdapterSettings::rank)
            .orElse(0);
    return Edit.halves(
        rank,
        LOWEST_RANK,
        lower ->
            new Change(
                "rank " + rank + " to " + lower,
                Drawback.CAPACITY,
                "adapters can learn less",
                Edit.of(job).set(JobKey.LORA_RANK, lower).done()));
  }

  /** Adapters in place of training in full. */
  static List<Change> adapters(FitCheck job) {
    if (settings(job).method() != Method.FULL) {
      return List.of();
    }
    String cost = "adapters learn less than weights";
    return List.of(
        new Change(
            "full to lora",
            Drawback.CAPACITY,
            cost,
            Edit.of(job).set(JobKey.METHOD, Method.LORA).done()),
        new Change("full to qlora", Drawback.CAPACITY, cost, quantised(Edit.of(job)).done()));
  }

  static List<Change> sequence(FitCheck job) {
    int now = settings(job).batch().sequenceLength();
    return Edit.halves(
        now,
        SHORTEST_SEQUENCE,
        shorter ->
            new Change(
                "sequence length " + now + " to " + shorter,
                Drawback.DATA,
                "longer examples are cut",
                Edit.of(job).set(JobKey.SEQUENCE_LENGTH, shorter).done()));
  }
}
