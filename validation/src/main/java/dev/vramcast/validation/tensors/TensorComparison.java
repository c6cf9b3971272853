package dev.vramcast.validation.tensors;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.validation.ResolvedCase;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.CaseReader;
import dev.vramcast.validation.cases.MeasuredTensor;
import dev.vramcast.validation.cases.MeasuredTensors;
import dev.vramcast.validation.cases.ShippedCases;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an estimate has at the peak of a phase beside what was measured there. Tensors are joined by
 * dtype and size, so that the differences sum up to that of the peaks; modules say whose they are.
 *
 * @param id of the case
 * @param differences largest first
 */
public record TensorComparison(
    String id,
    Phase phase,
    long estimatedBytes,
    long measuredBytes,
    List<TensorDifference> differences) {

  /** Where a layer stands in its list, in both notations. */
  private static final Pattern POSITION =
      Pattern.compile("\\.(?:\\*|\\d+(?:-\\d+)?(?:/\\d+)?)(?=\\.|$)");

  private static final Comparator<TensorDifference> LARGEST_FIRST =
      Comparator.comparingLong((TensorDifference d) -> -Math.abs(d.bytes()))
          .thenComparing(TensorDifference::dtype)
          .thenComparing(TensorDifference::elements);

  public TensorComparison {
    differences = List.copyOf(differences);
  }

  private record Kind(String dtype, long elements) {}

  /** Of one module. */
  private static final class Count {
    private long number;
    private String made = "";
  }

  /** All tensors of one kind. */
  private static final class Both {
    private final Map<String, Count> estimated = new LinkedHashMap<>();
    private final Map<String, Count> measured = new LinkedHashMap<>();
    private long estimatedBytes;
    private long measuredBytes;
  }

  /**
   * Compares a file of tensors with the estimate of its case.
   *
   * @param files with the case; those that are part of vramcast where there is none
   * @throws InputException when no case has the id that the tensors name
   */
  public static TensorComparison of(Path tensors, List<Path> files) {
    MeasuredTensors measured = MeasuredTensors.read(tensors);
    ResolvedCase settled = ResolvedCase.of(find(measured.id(), files));
    RankEstimate estimate = settled.memory(settled.architecture()).worst();
    List<LiveTensor> alive = LiveTensor.atPeakOf(estimate.trace(), measured.phase());
    if (measured.phase() == Phase.NO_GRAD_HEAD) {
      List<LiveTensor> before = LiveTensor.atPeakOf(estimate.trace(), Phase.NO_GRAD_LAYERS);
      alive = bytes(before) > bytes(alive) ? before : alive;
    }
    return of(measured, alive);
  }

  private static long bytes(List<LiveTensor> tensors) {
    return tensors.stream().mapToLong(LiveTensor::bytes).sum();
  }

  private static Case find(String id, List<Path> files) {
    Map<String, Case> cases = new LinkedHashMap<>();
    files.forEach(file -> new CaseReader().read(file, each -> cases.put(each.id(), each)));
    if (files.isEmpty()) {
      for (ShippedCases shipped : ShippedCases.values()) {
        shipped.read(each -> cases.put(each.id(), each));
      }
    }
    if (!cases.containsKey(id)) {
      String where = files.isEmpty() ? "the cases that are part of vramcast" : "the case files";
      throw InputError.of("no case ", Shown.given(id), " in ", where)
          .near(Shown.oneLine(id), cases.keySet())
          .refusal();
    }
    return cases.get(id);
  }

  static TensorComparison of(MeasuredTensors measured, List<LiveTensor> estimated) {
    Map<Kind, Both> kinds = new LinkedHashMap<>();
    for (LiveTensor tensor : estimated) {
      long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
      Both both = both(kinds, tensor.dtype().label(), elements);
      both.estimatedBytes += tensor.bytes();
      add(both.estimated, tensor.site().module(), tensor.count(), described(tensor));
    }
    for (MeasuredTensor tensor : measured.tensors()) {
      Both both = both(kinds, tensor.dtype(), tensor.elements());
      both.measuredBytes += tensor.bytes();
      add(both.measured, tensor.module(), tensor.count(), described(tensor));
    }
    List<TensorDifference> differences = new ArrayList<>();
    kinds.forEach((kind, both) -> differences.add(difference(kind, both)));
    differences.removeIf(difference -> difference.bytes() == 0);
    differences.sort(LARGEST_FIRST);
    return new TensorComparison(
        measured.id(),
        measured.phase(),
        bytes(estimated),
        measured.tensors().stream().mapToLong(MeasuredTensor::bytes).sum(),
        differences);
  }

  private static Both both(Map<Kind, Both> kinds, String dtype, long elements) {
    return kinds.computeIfAbsent(new Kind(dtype, elements), kind -> new Both());
  }

  private static void add(Map<String, Count> counts, String module, long number, String made) {
    String path = POSITION.matcher(module).replaceAll(".*");
    Count count = counts.computeIfAbsent(path, unused -> new Count());
    count.number += number;
    count.made = count.made.contains(made) ? count.made : count.made + "; " + made;
  }

  private static String described(LiveTensor tensor) {
    return tensor.site().operation() + ", " + tensor.name() + ", " + tensor.site().code();
  }

  private static String described(MeasuredTensor tensor) {
    return tensor.code().isEmpty()
        ? tensor.operation()
        : tensor.operation() + ", " + tensor.code().get(0);
  }

  private static TensorDifference difference(Kind kind, Both both) {
    return new TensorDifference(
        kind.dtype(),
        kind.elements(),
        total(both.estimated),
        total(both.measured),
        both.estimatedBytes,
        both.measuredBytes,
        more(both.estimated, both.measured),
        more(both.measured, both.estimated));
  }

  private static long total(Map<String, Count> counts) {
    return counts.values().stream().mapToLong(count -> count.number).sum();
  }

  /** Modules that have more of a kind than on the other side. */
  private static List<String> more(Map<String, Count> these, Map<String, Count> others) {
    List<String> lines = new ArrayList<>();
    these.forEach(
        (module, count) -> {
          long other = others.containsKey(module) ? others.get(module).number : 0;
          if (count.number > other) {
            String path = module.isEmpty() ? "(model)" : module;
            lines.add((count.number - other) + " x " + path + ": " + count.made.substring(2));
          }
        });
    return lines;
  }
}
