package dev.vramcast.answers.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.cost.Bill;
import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.Plan;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Ranking;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class AdvantageTest {

  private static final PlanReport REPORT = report();
  private static final PlanLine LINE = REPORT.plan().lines().get(0);

  private static PlanReport report() {
    Map<String, Object> job = new HashMap<>(Asked.job("l4"));
    job.put("data", Map.of("tokens", 5_000_000));
    return ((PlanAnswer) Asked.answer(new PlanOperation(), Map.of("job", job))).report();
  }

  private static PlanLine charging(double dollars) {
    OptionalDouble some = OptionalDouble.of(1);
    Offer offer = LINE.offer().toBuilder().terms(LINE.offer().terms().charging(some, some)).build();
    Bill bill = new Bill(LINE.price(), LINE.rental().bill().terms(), new Charges(0, dollars));
    return new PlanLine(
        new PlanLine.Rental(offer, LINE.nodes(), bill, LINE.rental().time(), LINE.rental().held()),
        LINE.speed(),
        LINE.run(),
        LINE.spot(),
        LINE.check(),
        LINE.reasons());
  }

  @Test
  void what_is_paid_beside_the_hours_is_among_the_reasons() {
    String hours = "since an hour costs the same";

    assertThat(new Advantage(LINE, charging(5)).sentence(Ranking.COST))
        .startsWith("before the next: $5.00 (")
        .endsWith(hours + ", it takes the same and storage and traffic cost $5.00 less.");
    assertThat(new Advantage(charging(5), charging(5)).sentence(Ranking.COST))
        .endsWith(hours + ", it takes the same and storage and traffic cost the same.");
    assertThat(new Advantage(LINE, LINE).sentence(Ranking.COST))
        .endsWith(hours + " and it takes the same.");
  }

  @Test
  void a_price_says_what_is_paid_beside_the_hours() {
    assertThat(PlanTable.price(REPORT, charging(5)))
        .contains(" an hour and $5.00 for storage and traffic, ");
    assertThat(PlanTable.price(REPORT, LINE)).doesNotContain("storage");
  }

  @Test
  void a_line_says_what_of_its_dollars_is_paid_beside_the_hours() {
    Plan plan = REPORT.plan();
    Plan one =
        new Plan(
            List.of(charging(5)),
            plan.next(),
            plan.candidates(),
            plan.exclusions(),
            plan.refusal(),
            plan.shortage(),
            plan.memoryIsWhole());
    PlanReport charged =
        new PlanReport(
            REPORT.model(),
            REPORT.ranking(),
            REPORT.question(),
            one,
            REPORT.counted(),
            REPORT.prices(),
            REPORT.warnings(),
            Optional.empty());

    assertThat(PlanTable.lines(charged, new Terminal(200, false, true), false))
        .anyMatch(line -> line.contains("$5.00 of it storage and traffic"));
  }
}
