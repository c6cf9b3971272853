package dev.vramcast.validation.report;

import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.cases.ShippedCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counted cases by what the jobs of their file are about, so that no subject hides in another. */
final class SubjectsSection {

  private SubjectsSection() {}

  /** A row of each file that has cases in a report, the largest first. */
  static List<List<String>> rows(Report exact) {
    Map<String, String> subjects = new HashMap<>();
    for (ShippedCases file : ShippedCases.counted()) {
      file.read(each -> subjects.put(each.id(), file.subject()));
    }
    Map<String, List<CaseResult>> about =
        exact.results().stream()
            .filter(result -> subjects.containsKey(result.id()))
            .collect(Collectors.groupingBy(result -> subjects.get(result.id())));
    List<List<String>> rows = new ArrayList<>();
    Stream.of(ShippedCases.counted())
        .map(ShippedCases::subject)
        .filter(about::containsKey)
        .forEach(
            subject ->
                rows.add(
                    AccuracyDocument.row(
                        subject,
                        exact
                            .only(result -> subject.equals(subjects.get(result.id())))
                            .overall())));
    return rows;
  }
}
