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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Order(1)
class PlanTableTest {

  private static final Terminal PLAIN = new Terminal(Terminal.PLAIN_WIDTH, false, false);

  private static PlanReport report(Map<String, ?> more) {
    return report(more, Map.of("tokens", 5_000_000));
  }

  private static PlanReport report(Map<String, ?> more, Map<String, ?> data) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("gpu", "l4,a100");
    return asked(
        Map.of(
            "model",
            Map.of("id", "qwen2.5-0.5b"),
            "method",
            "lora",
            "batch",
            Map.of("sequence_length", 512),
            "data",
            data),
        fields);
  }

  /** What no machine holds, nor several, since one is asked for. */
  private static PlanReport large(Map<String, ?> more) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("gpu", "l4");
    return asked(
        Map.of(
            "model", Map.of("id", "llama-3.1-405b"),
            "method", "full",
            "hardware", Map.of("nodes", 1),
            "data", Map.of("tokens", 5_000_000)),
        fields);
  }

  private static PlanReport asked(Map<String, ?> job, Map<String, Object> fields) {
    fields.put("job", job);
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

  @Tag("slow")
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

  private static String hint(PlanReport report) {
    return report.nothing().line(Words.DOCUMENT).replaceAll("\\s+", " ");
  }

  private static String printed(String hint, String figure) {
    Matcher found = Pattern.compile(figure + " where training is as slow").matcher(hint);
    assertThat(found.find()).as(hint).isTrue();
    return found.group(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7, 11, 13})
  @Tag("slow")
  void the_budget_that_is_named_where_one_leaves_nothing_is_enough(int millions) {
    Map<String, ?> data = Map.of("tokens", millions * 1_000_000);
    PlanReport dear = report(Map.of("budget", "0.01"), data);

    assertThat(dear.beyond().orElseThrow().limit()).isEqualTo(Beyond.Limit.BUDGET);
    String hint = hint(dear);
    assertThat(hint).startsWith("nothing fits as asked: without --budget it costs least by ");
    assertThat(hint.indexOf(" excludes ")).isGreaterThan(hint.indexOf("; of "));
    String needed = printed(hint, "and \\$([0-9.]+)");
    assertThat(report(Map.of("budget", needed), data).isFound()).as(needed).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7, 11, 13})
  @Tag("slow")
  void the_deadline_that_is_named_where_one_leaves_nothing_is_enough(int millions) {
    Map<String, ?> data = Map.of("tokens", millions * 1_000_000);
    PlanReport late = report(Map.of("deadline", "1min"), data);

    assertThat(PlanSentence.of(late))
        .startsWith("Nothing that is for rent trains qwen2.5-0.5b as asked; without the deadline")
        .contains(" it is fastest by ");
    String needed = printed(hint(late), "and ([0-9.]+ (min|h))");
    assertThat(report(Map.of("deadline", needed), data).isFound()).as(needed).isTrue();
  }

  @Tag("slow")
  @Test
  void what_is_named_without_a_margin_is_enough_too() {
    Map<String, String> even = Map.of("budget", "0.01", "confidence", "50");
    Matcher needed = Pattern.compile("\\$([0-9.]+) in ").matcher(hint(report(even)));

    assertThat(needed.find()).isTrue();
    assertThat(report(Map.of("budget", needed.group(1), "confidence", "50")).isFound()).isTrue();
  }

  @Test
  @Tag("slow")
  void of_two_limits_the_one_that_stands_in_the_way_is_lifted() {
    Beyond late = report(Map.of("budget", "1000", "deadline", "1min")).beyond().orElseThrow();
    Beyond dear = report(Map.of("budget", "0.01", "deadline", "90d")).beyond().orElseThrow();

    assertThat(late.limit()).isEqualTo(Beyond.Limit.DEADLINE);
    assertThat(late.line()).isPresent();
    assertThat(dear.limit()).isEqualTo(Beyond.Limit.BUDGET);
    assertThat(dear.line()).isPresent();
  }

  @Test
  @Tag("slow")
  void both_limits_are_lifted_where_neither_alone_is_enough() {
    PlanReport report = report(Map.of("budget", "0.01", "deadline", "1min"));

    assertThat(report.beyond().orElseThrow().limit()).isEqualTo(Beyond.Limit.BOTH);
    String hint = hint(report);
    assertThat(hint).contains(": without --budget and --deadline it costs least by ");
    assertThat(
            report(
                    Map.of(
                        "budget",
                        printed(hint, "and \\$([0-9.]+) in [0-9.]+ (min|h)"),
                        "deadline",
                        printed(hint, "in ([0-9.]+ (min|h))")))
                .isFound())
        .isTrue();
  }

  @Test
  void where_no_limit_stands_in_the_way_it_is_said_or_not_asked() {
    PlanReport large = large(Map.of("budget", "0.01"));

    assertThat(hint(large)).contains("; nor without --budget");
    assertThat(PlanSentence.of(large)).endsWith(" as asked; nor without the budget.");
    assertThat(large(Map.of()).beyond()).isEmpty();
    assertThat(large(Map.of("budget", "100000")).beyond()).isEmpty();
  }

  @Test
  void programs_are_told_what_would_be_found_too() {
    PlanReport report = report(Map.of("budget", "0.01"));
    PlanLine line = report.beyond().orElseThrow().line().orElseThrow();
    PlanRecord.Unlimited record = PlanRecord.of(report).beyond().orElseThrow();

    assertThat(record.without()).isEqualTo(Beyond.Limit.BUDGET);
    assertThat(record.line().orElseThrow().costUsd()).isEqualTo(line.cost());
    assertThat(record.heldCostUsd().orElseThrow())
        .isGreaterThanOrEqualTo(line.heldCost())
        .isGreaterThan(line.cost());
    assertThat(record.heldHours().orElseThrow()).isGreaterThan(record.line().orElseThrow().hours());
    assertThat(PlanRecord.of(report(Map.of())).beyond()).isEmpty();
  }
}
