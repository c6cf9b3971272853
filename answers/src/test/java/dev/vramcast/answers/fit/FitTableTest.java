package dev.vramcast.answers.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FitTableTest {

  private static final Terminal PLAIN = new Terminal(Terminal.PLAIN_WIDTH, false, false);

  /** Its usual recipe is far below a card of 24 GB; trained in full on long sequences it is not. */
  private static FitReport report(Map<String, ?> more) {
    Map<String, Object> job = new HashMap<>(Asked.job("rtx-4090"));
    job.putAll(more);
    CorrectedFit answer =
        (CorrectedFit) Asked.answer(new FitOperation(), Map.of("job", job, "headroom", "1GiB"));
    return answer.report();
  }

  private static final Map<String, Object> LARGE =
      Map.of(
          "method", "full",
          "checkpointing", "none",
          "loss", "full",
          "batch", Map.of("sequence_length", 2048, "micro_batch", 4));

  private static List<String> explained(FitReport report) {
    return FitTable.lines(report, PLAIN, true);
  }

  @Test
  void what_fits_is_told_with_what_it_needs_and_may_take_as_programs_get_it() {
    FitReport report = report(Map.of());
    NeedRecord need = NeedRecord.of(report.check());

    assertThat(String.join("\n", explained(report)))
        .contains("fits, ")
        .containsPattern("Needs +" + Gib.text(need.neededBytes()))
        .contains(Gib.rounded(Gib.of(need.lowBytes()), 2) + " to " + Gib.text(need.highBytes()))
        .contains(Gib.text(need.headroomBytes()) + " to spare")
        .containsPattern("May take +" + Gib.text(report.check().usableBytes()))
        .contains("of the card, 1.00 GiB are kept free");
    assertThat(FitTable.spare(report.check())).endsWith(" to spare");
  }

  @Test
  void what_does_not_fit_has_each_change_alone_and_those_that_make_it_fit_together() {
    FitReport report = report(LARGE);
    List<String> lines = explained(report);

    assertThat(FitTable.spare(report.check()))
        .isEqualTo(Gib.text(-report.check().spareBytes()) + " too much");
    assertThat(lines)
        .anyMatch(line -> line.startsWith("What would save memory"))
        .anyMatch(line -> line.startsWith("Together these make it fit"));
    report
        .advice()
        .orElseThrow()
        .alone()
        .forEach(
            step ->
                assertThat(String.join(" ", lines).replaceAll("\\s+", " "))
                    .contains(Gib.text(step.after().deviceBytes())));
    assertThat(lines.stream().filter(line -> line.strip().startsWith("+ ")))
        .hasSize(report.advice().orElseThrow().together().size());
  }

  @Test
  void what_is_explained_is_of_the_disk_where_that_decides() {
    FitReport report =
        report(
            Map.of(
                "method", "lora",
                "saving", Map.of("merge", true, "merge_device", "cpu"),
                "hardware", Map.of("gpu", "rtx-4090", "disk", 1.2)));
    String text = String.join("\n", explained(report));

    assertThat(text)
        .containsPattern("Verdict +does not fit, [0-9.]+ GiB too much for its disk\n")
        .containsPattern("Needs +[0-9.]+ GiB +of its disk, to merge")
        .containsPattern("There are +1.20 GiB")
        .contains("saves", "needs of its disk")
        .doesNotContain("to spare")
        .doesNotContainPattern("[0-9] GiB of its disk  ");
  }

  @Test
  void the_first_screen_leaves_the_tables_to_who_asks_for_them() {
    List<String> lines = report(LARGE).lines(PLAIN);

    assertThat(lines).noneMatch(line -> line.startsWith("What would save memory"));
    assertThat(String.join(" ", lines)).contains("All changes and assumptions: --explain");
  }
}
