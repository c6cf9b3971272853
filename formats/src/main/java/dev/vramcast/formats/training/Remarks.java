package dev.vramcast.formats.training;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What of the findings a user is told who only wants an estimate. */
final class Remarks {

  private static final int NAMED = 5;

  private Remarks() {}

  static List<String> of(List<Finding> findings, String file) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      switch (finding.code()) {
        case MISSPELT_KEY, IGNORED_KEY, REPEATED_KEY, CONTRADICTION, REFUSED, NOT_COUNTED ->
            lines.add(finding.text());
        // JobCoverage as a remark on its key, as an error, or of no weight for the figures.
        case ASSUMED, UNREADABLE_VALUE, RENAMED_KEY, SURPRISING_DEFAULT, UNKNOWN_KEY -> {}
      }
    }
    List<String> unknown =
        findings.stream()
            .filter(finding -> finding.code() == FindingCode.UNKNOWN_KEY)
            .map(Finding::key)
            .toList();
    if (!unknown.isEmpty()) {
      String names = unknown.stream().limit(NAMED).collect(Collectors.joining(", "));
      String more = unknown.size() > NAMED ? " and " + (unknown.size() - NAMED) + " more" : "";
      lines.add(file + ": keys that are not known are left out: " + names + more);
    }
    return lines;
  }
}
