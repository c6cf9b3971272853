package dev.vramcast.answers.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GuideReportTest {

  private static final List<GuideEntry> ENTRIES = GuideEntry.all();

  @Test
  void all_15_rows_are_met_by_the_guides_own_rule() {
    assertThat(ENTRIES)
        .hasSize(15)
        .allSatisfy(
            entry ->
                assertThat(Math.abs(entry.difference()))
                    .isLessThanOrEqualTo(Math.max(1, 0.03 * entry.row().totalGigabytes())));
  }

  @Test
  void every_row_has_the_estimates_answer_and_says_why_it_differs() {
    assertThat(ENTRIES)
        .allSatisfy(
            entry -> {
              assertThat(entry.trace()).as("%s", entry.row()).isPresent();
              assertThat(entry.why()).matches("[a-z]+ [+-][0-9.]+ GB: .+");
            });
  }
}
