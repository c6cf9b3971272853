package dev.vramcast.formats.training;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What of the findings a user is told who only wants an estimate. */
final class Remarks {

  private static final int NAMED = 5;

  private Remarks() {}

  static List<Notice> of(List<Finding> findings, String file) {
    List<Notice> notices = new ArrayList<>();
    for (Finding finding : findings) {
      switch (finding.code()) {
        case MISSPELT_KEY,
            IGNORED_KEY,
            REPEATED_KEY,
            CONTRADICTION,
            REFUSED,
            NOT_COUNTED,
            NOT_FOLLOWED ->
            notices.add(anywhere(finding));
        // JobCoverage as a remark on its key, as an error, or of no weight for the figures.
        case ASSUMED,
            UNREADABLE_VALUE,
            RENAMED_KEY,
            SURPRISING_DEFAULT,
            NOT_MODELLED,
            UNKNOWN_KEY -> {}
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
      notices.add(
          Notice.of("keys that are not known are left out: ", names, more)
              .at(Optional.of(Place.of(file))));
    }
    return notices;
  }

  /** What it mentions is given beside the file, where it is given at all. */
  static Notice anywhere(Finding finding) {
    Notice notice = finding.notice();
    return new Notice(notice.place(), notice.sentence().anywhere());
  }
}
