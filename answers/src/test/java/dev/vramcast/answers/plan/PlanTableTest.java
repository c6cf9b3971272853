package dev.vramcast.answers.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Exclusion;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTableTest {

  private static final Terminal PLAIN = new Terminal(Terminal.PLAIN_WIDTH, false, false);

  private static PlanReport report(Map<String, ?> more) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put(
        "job",
        Map.of(
            "model", Map.of("id", "qwen2.5-0.5b"),
            "method", "lora",
            "batch", Map.of("sequence_length", 512),
            "data", Map.of("tokens", 5_000_000)));
    fields.put("gpu", "l4,a100");
    fields.put("max_price_age", "any");
    return ((PlanAnswer) Asked.answer(new PlanOperation(), fields)).report();
  }

  private static String text(PlanReport report, boolean explain) {
    return String.join("\n", PlanTable.lines(report, PLAIN, explain));
  }

  @Test
  void the_cheapest_come_first_each_with_its_cost_price_and_machine() {
    PlanReport report = report(Map.of("by", "cost"));
    String text = text(report, false);

    assertThat(report.plan().lines()).isNotEmpty();
    assertThat(report.plan().lines())
        .extracting(PlanLine::cost)
        .isSorted()
        .allSatisfy(cost -> assertThat(text).contains(cost.text(2)));
    assertThat(text)
        .startsWith("Training qwen2.5-0.5b costs least by ")
        .contains("qwen2.5-0.5b: the cheapest offers");
    report
        .plan()
        .lines()
        .forEach(
            line ->
                assertThat(text)
                    .contains(line.offer().count() + " × " + line.offer().gpu().name())
                    .contains(line.offer().provider()));
  }

  @Test
  void the_first_lines_name_methods_in_words_and_are_no_longer_than_a_line() {
    PlanReport report = report(Map.of("by", "cost", "methods", "full"));

    assertThat(text(report, false))
        .startsWith("Training qwen2.5-0.5b costs least by full fine-tuning on ");
    assertThat(PlanTable.lines(report(Map.of()), PLAIN, false).subList(0, 5))
        .anyMatch(line -> line.contains("age of the prices"))
        .allMatch(line -> line.length() <= Terminal.PLAIN_WIDTH);
  }

  @Test
  void every_reason_is_shown_where_reasons_are_asked_for_and_none_elsewhere() {
    PlanReport report = report(Map.of("budget", "50"));
    String explained = text(report, true).replaceAll("\\s+", " ");
    PlanLine first = report.plan().lines().get(0);

    assertThat(first.reasons()).anyMatch(reason -> reason.sentence().startsWith("It costs $"));
    first.reasons().forEach(reason -> assertThat(explained).contains(reason.sentence()));
    assertThat(text(report, false)).doesNotContain("Why each is legal");
  }

  @Test
  void candidates_that_are_excluded_and_shown_add_up_to_all() {
    PlanReport report = report(Map.of());
    long excluded = report.plan().exclusions().stream().mapToLong(Exclusion::candidates).sum();
    List<String> lines = PlanTable.lines(report, PLAIN, false);

    assertThat(lines)
        .anyMatch(
            line ->
                line.contains("shown, or no better")
                    && line.replace(",", "")
                        .strip()
                        .startsWith(String.valueOf(report.plan().candidates() - excluded)));
  }

  @Test
  void the_price_of_a_line_says_of_whom_and_of_when_it_is() {
    PlanReport report = report(Map.of());
    PlanLine line = report.plan().lines().get(0);

    assertThat(PlanTable.price(report, line))
        .startsWith("Price: $" + line.cost().text(2) + " for ")
        .contains(" of " + PlanTable.place(line.offer()))
        .endsWith("prices of " + line.offer().asOf());
    assertThat(new BigDecimal(line.price().text(2))).isPositive();
  }

  @Test
  void where_a_budget_leaves_nothing_what_it_would_take_is_found_within() {
    PlanReport.Beyond beyond = report(Map.of("budget", "0.01")).beyond().orElseThrow();
    BigDecimal needed = new BigDecimal(beyond.line().heldCost().text(2));

    assertThat(beyond.isOverBudget()).isTrue();
    assertThat(report(Map.of("budget", needed.add(new BigDecimal("0.01")).toString())).beyond())
        .isEmpty();
    assertThat(report(Map.of("budget", "0.01")).nothing().line(Words.DOCUMENT))
        .contains(" it costs least by ", "$" + needed + " where training is as slow");
  }

  @Test
  void where_a_deadline_leaves_nothing_the_fastest_is_named() {
    PlanReport report = report(Map.of("deadline", "1min"));

    assertThat(report.isFound()).isFalse();
    assertThat(PlanSentence.of(report))
        .startsWith("Nothing that is for rent trains qwen2.5-0.5b as asked; without the deadline")
        .contains(" it is fastest by ");
  }
}
