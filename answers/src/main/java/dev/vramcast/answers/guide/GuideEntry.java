package dev.vramcast.answers.guide;

import static dev.vramcast.core.units.Multiples.GIGA;

import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.rule.RuleOfThumb;
import dev.vramcast.core.run.RankEstimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of the guide beside its own rule and the trace.
 *
 * @param model catalogue name of the model that was estimated
 * @param trace empty when the trace does not cover the job
 * @param why one line on the largest difference between rule and trace, or on why there is no trace
 */
record GuideEntry(
    GuideRow row, RuleOfThumb rule, String model, Optional<RankEstimate> trace, String why) {

  /** All lines of the guide. */
  static List<GuideEntry> all() {
    List<GuideEntry> entries = new ArrayList<>();
    for (GuideRow row : GuideRow.all()) {
      entries.add(of(row));
    }
    return entries;
  }

  /** Recomputed total less the printed one, in 10^9 bytes. */
  double difference() {
    return rule.totalBytes() / GIGA - row.totalGigabytes();
  }

  private static GuideEntry of(GuideRow row) {
    RuleOfThumb rule = RuleOfThumb.of(row.sizeClass().size(), row.method());
    Architecture architecture = GuideModel.architecture(row.sizeClass());
    String model = GuideModel.name(row.sizeClass());
    try {
      RankEstimate trace = GuideModel.estimate(architecture, row.method());
      String why = Difference.largest(rule, row.method(), trace, architecture);
      return new GuideEntry(row, rule, model, Optional.of(trace), why);
    } catch (UnsupportedJobException e) {
      return new GuideEntry(row, rule, model, Optional.empty(), e.notice().line(ProgramWords.ALL));
    }
  }
}
