package dev.vramcast.answers.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Money;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.plan.machine.CostRow;
import dev.vramcast.core.plan.machine.CostSearch;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class CostReportTest {

  private static final Terminal PLAIN = new Terminal(Terminal.PLAIN_WIDTH, false, false);
  private static final Terminal WIDE = new Terminal(200, false, true);
  private static final CostReport REPORT = report();

  private static CostReport report() {
    Map<String, Object> job = new HashMap<>(Asked.job("rtx-4090"));
    job.remove("hardware");
    job.put("data", Map.of("tokens", 1e8));
    return (CostReport) Asked.answer(new CostOperation(), Map.of("job", job));
  }

  @Test
  void the_first_lines_are_the_cheapest_and_the_fastest_of_the_rows() {
    List<CostRow> rows = REPORT.search().rows();
    String cheapest =
        rows.stream()
            .flatMap(row -> row.cost(Purchase.ON_DEMAND).stream())
            .min(Comparator.naturalOrder())
            .map(Money::text)
            .orElseThrow();
    CostRow fastest =
        rows.stream()
            .filter(row -> row.onDemand().isPresent())
            .min(Comparator.comparing(row -> row.work().total()))
            .orElseThrow();
    List<String> lines = REPORT.lines(PLAIN);

    assertThat(lines).anyMatch(line -> line.matches(" *Cheapest +\\$\\Q" + cheapest + "\\E .*"));
    assertThat(lines)
        .anyMatch(line -> line.strip().startsWith("Fastest") && line.contains(name(fastest)));
  }

  private static String name(CostRow row) {
    return row.count() + " x " + row.gpu().name();
  }

  /** 20 GB are carried home at $0.50. */
  @Test
  void the_first_lines_say_what_of_their_dollars_is_paid_beside_the_hours() {
    CostRow row = REPORT.search().cheapest(Purchase.ON_DEMAND).orElseThrow();
    Offer machine = row.onDemand().orElseThrow();
    OfferTerms terms = machine.terms().charging(OptionalDouble.empty(), OptionalDouble.of(0.5));
    CostRow charged =
        new CostRow(
            row.gpu(),
            row.count(),
            row.runs(),
            Optional.of(machine.toBuilder().terms(terms).build()),
            row.spot(),
            row.spotRun(),
            new Stored(100_000_000_000L, 20_000_000_000L));

    assertThat(with(new CostSearch(List.of(charged), List.of())).lines(WIDE))
        .anyMatch(
            line ->
                line.strip().startsWith("Cheapest")
                    && line.contains(" an hour and $10.00 for traffic; age"));
  }

  @Test
  void where_it_fits_nowhere_that_is_said_and_no_row_is_shown() {
    CostReport none = with(new CostSearch(List.of(), List.of()));

    assertThat(none.fitsSomewhere()).isFalse();
    assertThat(none.used()).isEqualTo(none.prices().offers());
    assertThat(none.lines(PLAIN))
        .anyMatch(line -> line.contains("No machine on offer"))
        .noneMatch(line -> line.contains("The smallest machine of each GPU"));
  }

  @Test
  void offers_that_are_used_are_those_of_the_rows() {
    List<CostRow> rows = REPORT.search().rows();
    CostReport one = with(new CostSearch(rows.subList(0, 1), List.of()));

    assertThat(one.used())
        .isNotEmpty()
        .allMatch(offer -> offer.gpu().name().equals(rows.get(0).gpu().name()));
  }

  @Test
  void what_holds_for_spot_machines_is_said_where_there_are_any() {
    CostReport without = with(new CostSearch(List.of(), List.of()));

    assertThat(texts(REPORT.assumptions())).anyMatch(text -> text.startsWith("Spot machines are"));
    assertThat(texts(without.assumptions())).noneMatch(text -> text.startsWith("Spot"));
  }

  @Test
  void interruptions_that_nobody_states_are_said_to_be_a_choice() {
    SpotTerms stated =
        new SpotTerms(Duration.ofHours(3), Optional.of(Duration.ofHours(1)), Optional.empty());

    assertThat(texts(CostNotes.ofSpot(SpotTerms.USUAL)).get(0)).contains("a choice and no measure");
    assertThat(texts(CostNotes.ofSpot(stated)).get(0)).contains("every 3", "as given");
    assertThat(texts(CostNotes.ofSpot(stated)).get(1)).startsWith("Checkpoints are at most");
  }

  @Test
  void a_remark_comes_before_the_warnings() {
    CostReport remarked = REPORT.remarked(Notice.of("first")).remarked(Notice.of("zeroth"));

    assertThat(texts(remarked.warnings())).startsWith("zeroth", "first");
  }

  private static CostReport with(CostSearch search) {
    return new CostReport(
        REPORT.model(),
        REPORT.training(),
        REPORT.tokens(),
        REPORT.counted(),
        REPORT.terms(),
        REPORT.prices(),
        search,
        REPORT.warnings());
  }

  private static List<String> texts(List<Notice> notices) {
    return notices.stream().map(Notice::toString).toList();
  }
}
