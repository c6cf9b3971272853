package dev.vramcast.answers.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.range.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GpuEntryTest {

  private static final List<GpuEntry> ENTRIES =
      GuideEntry.all().stream().map(entry -> GpuEntry.of(entry.row(), entry.rule())).toList();

  @Test
  void printed_prices_are_those_of_the_guides_list_times_the_count() {
    assertThat(ENTRIES)
        .allSatisfy(
            entry -> assertThat(entry.row().price()).isEqualTo(entry.row().choice().price()));
  }

  @Test
  void the_rule_leads_to_14_of_the_15_choices() {
    assertThat(ENTRIES).hasSize(15);
    assertThat(ENTRIES.stream().filter(entry -> !entry.agrees()))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(name(entry)).isEqualTo("14B lora");
              assertThat(entry.rule()).isEqualTo(new GpuChoice(GuideCard.H100_PCIE, 1));
              assertThat(entry.remarks())
                  .contains("by the rule: 34.4 GB are more than the 32 GB of the guide's choice");
            });
  }

  @Test
  void where_the_guides_sums_allow_a_cheaper_choice_it_is_named() {
    assertThat(ENTRIES.stream().filter(entry -> entry.cheapestByRule().isCheaperThan(entry.rule())))
        .extracting(entry -> name(entry) + ": " + entry.cheapestByRule().text())
        .containsExactly(
            "7B/8B full: RTX PRO 6000",
            "14B lora: A100 80G",
            "32B lora: A100 80G",
            "70B/72B full: 11 x A100 80G",
            "70B/72B lora: 2 x A100 80G",
            "70B/72B qlora: A100 80G",
            "MoE 30B-A3B lora: A100 80G");
    assertThat(entry("7B/8B full").remarks())
        .contains("by the same sums RTX PRO 6000 would do, 0.57 $/h less than 2 x A100 80G");
  }

  @Test
  void what_the_estimate_chooses_fits_with_its_whole_range() {
    assertThat(ENTRIES)
        .allSatisfy(
            entry -> {
              FitCheck check = entry.trace().orElseThrow().check();
              assertThat(check.range().highBytes()).isLessThanOrEqualTo(check.usableBytes());
              assertThat(check.resolution().job().parallelism().gpus())
                  .isEqualTo(entry.trace().orElseThrow().choice().count());
            });
  }

  @Test
  void nothing_cheaper_than_the_estimates_choice_fits() {
    Stream.of("7B/8B full", "7B/8B lora", "7B/8B qlora", "14B qlora", "14B full")
        .map(GpuEntryTest::entry)
        .forEach(entry -> assertThat(cheaperThanOurs(entry)).as(name(entry)).isEmpty());
  }

  @Test
  void a_guides_choice_that_does_not_fit_by_the_estimate_is_remarked() {
    assertThat(ENTRIES)
        .allSatisfy(
            entry -> {
              Verdict verdict = entry.guidesByEstimate().orElseThrow().check().verdict();
              assertThat(
                      entry.remarks().stream().filter(remark -> remark.contains("guide's choice ")))
                  .hasSize(verdict == Verdict.FITS ? 0 : 1);
            });
    assertThat(entry("MoE 30B-A3B qlora").remarks())
        .singleElement()
        .asString()
        .startsWith("by this estimate the guide's choice does not fit: a card needs ");
    assertThat(entry("7B/8B qlora").remarks()).isEmpty();
  }

  @Test
  void a_cheaper_choice_that_fits_by_the_estimate_is_remarked() {
    assertThat(entry("70B/72B lora").remarks())
        .anyMatch(
            remark ->
                remark.matches("by this estimate .* will do, .* \\$/h less than 2 x H100 SXM5"));
  }

  private static Stream<GpuChoice> cheaperThanOurs(GpuEntry entry) {
    GpuChoice ours = entry.trace().orElseThrow().choice();
    return Stream.of(GuideCard.values())
        .flatMap(card -> Stream.iterate(1, n -> n + 1).limit(5).map(n -> new GpuChoice(card, n)))
        .filter(choice -> choice.isCheaperThan(ours))
        .filter(
            choice ->
                EstimatedChoice.of(
                        choice,
                        GuideModel.architecture(entry.row().sizeClass()),
                        entry.row().method())
                    .filter(trace -> trace.check().fits())
                    .isPresent());
  }

  private static GpuEntry entry(String name) {
    return ENTRIES.stream().filter(entry -> name(entry).equals(name)).findFirst().orElseThrow();
  }

  private static String name(GpuEntry entry) {
    return entry.row().sizeClass().label() + " " + entry.row().method().label();
  }
}
