package dev.vramcast.validation;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The ways in which a report divides its cases. */
public enum Grouping {
  /** Quality and one GPU or many, for which targets are set. */
  SCOPE("scope", CaseLabels::scope),
  FIGURE("figure", CaseLabels::figure),
  SOURCE("source", CaseLabels::source),
  STAGE("stage", CaseLabels::stage),
  METHOD("method", CaseLabels::method),
  QUALITY("quality", CaseLabels::quality),
  PARALLELISM("parallelism", CaseLabels::parallelism),
  KIND("kind", CaseLabels::kind),
  FRAMEWORK("framework", CaseLabels::framework),
  MODEL_TYPE("model_type", CaseLabels::modelType);

  /**
   * Cases that are alike in one respect.
   *
   * @param by the respect
   * @param name what they have in common
   */
  public record Group(Grouping by, String name, Summary summary) {}

  private final String label;
  private final Function<CaseLabels, String> name;

  Grouping(String label, Function<CaseLabels, String> name) {
    this.label = label;
    this.name = name;
  }

  /** The word in reports, e.g. {@code model_type}. */
  public String label() {
    return label;
  }

  /** The name of the group that a case belongs to. */
  public String of(CaseResult result) {
    return name.apply(result.labels());
  }

  /** The groups of this kind, the largest first, then by name. */
  List<Group> groups(Collection<CaseResult> results) {
    Map<String, List<CaseResult>> byName =
        results.stream()
            .collect(Collectors.groupingBy(this::of, TreeMap::new, Collectors.toList()));
    return byName.entrySet().stream()
        .map(entry -> new Group(this, entry.getKey(), Summary.of(entry.getValue())))
        .sorted(Comparator.comparingInt((Group group) -> -group.summary().cases()))
        .toList();
  }
}
