package dev.vramcast.validation.report;

import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Report;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** How far the estimate is from real code of each model type, at its worst. */
final class TypesSection {

  /** What every type is meant to be within. */
  private static final double MOST = 0.01;

  /** A way to train that each type is tried in. */
  private record Way(String name, Predicate<CaseResult> is) {}

  private static final List<Way> WAYS =
      List.of(
          new Way("LoRA", result -> isLora(result) && !isTrl(result)),
          new Way("full", result -> !isLora(result)),
          new Way("LoRA under TRL", result -> isLora(result) && isTrl(result)));

  private final Markdown page;
  private final Report types;

  TypesSection(Markdown page, Report types) {
    this.page = page;
    this.types = types;
  }

  void write() {
    Map<String, List<CaseResult>> byType =
        types.results().stream()
            .collect(
                Collectors.groupingBy(
                    result -> result.labels().modelType(), TreeMap::new, Collectors.toList()));
    long near = byType.values().stream().filter(TypesSection::isNear).count();
    page.heading(2, "Model types");
    page.paragraph(
        """
        Small models of one shape, counted like the exact cases with Transformers 5.24, TRL 1.16
        and PEFT 0.21, so that an error says something about the code of the type. Of %d types %d
        are within %s; the others stand first. An empty cell is a job that these libraries refuse,
        or that fails on fake tensors.
        """
            .formatted(byType.size(), near, Percent.of(MOST)));
    List<List<String>> rows = new ArrayList<>();
    byType.forEach((type, results) -> addIf(!isNear(results), rows, type, results));
    byType.forEach((type, results) -> addIf(isNear(results), rows, type, results));
    List<String> header = new ArrayList<>(List.of("model type"));
    WAYS.forEach(way -> header.add(way.name()));
    page.table(header, rows);
  }

  private static void addIf(
      boolean shown, List<List<String>> rows, String type, Collection<CaseResult> results) {
    if (shown) {
      List<String> row = new ArrayList<>(List.of(type));
      WAYS.forEach(way -> row.add(cell(results, way)));
      rows.add(row);
    }
  }

  private static String cell(Collection<CaseResult> results, Way way) {
    return results.stream()
        .filter(way.is())
        .map(result -> result.error().isEmpty() ? "not modelled" : Percent.signed(result.error()))
        .collect(Collectors.joining(", "));
  }

  private static boolean isNear(Collection<CaseResult> results) {
    return results.stream().allMatch(r -> Math.abs(r.error().orElse(1)) <= MOST);
  }

  private static boolean isLora(CaseResult result) {
    return result.labels().training().method().equals("lora");
  }

  private static boolean isTrl(CaseResult result) {
    return result.labels().training().framework().equals("trl");
  }
}
