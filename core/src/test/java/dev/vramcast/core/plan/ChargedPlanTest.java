package dev.vramcast.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.setting.Choices;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ChargedPlanTest {

  private static final Choices METHODS =
      new Choices(List.of(Method.FULL, Method.LORA), OptionalInt.empty());

  private static final Offer MACHINE =
      Markets.offer(Markets.gpu("card", 24_000, "8.0", 300, "none"), 1, "0.10");

  private static Plan plan(Ranking ranking, Offer offer) {
    Question question =
        Markets.question(
            "--framework transformers --micro-batch 1 --loss full --tokens 100000",
            METHODS,
            List.of(offer));
    return new Planner(Markets.evaluator(), question, Progress.NONE).plan(ranking, 1);
  }

  private static Method first(Ranking ranking, Offer offer) {
    return plan(ranking, offer).lines().get(0).job().method();
  }

  @Test
  void of_an_offer_the_setting_is_taken_that_costs_least_with_what_it_carries_home() {
    Offer charging = Markets.charging(MACHINE, 0, 200);
    Method fastest = first(Ranking.TIME, MACHINE);

    assertThat(first(Ranking.COST, MACHINE)).isEqualTo(fastest);
    assertThat(first(Ranking.TIME, charging)).isEqualTo(fastest);
    assertThat(first(Ranking.COST, charging)).isEqualTo(Method.LORA);
    assertThat(first(Ranking.BOTH, charging)).isEqualTo(Method.LORA);
  }

  @Test
  void an_offer_stands_again_where_a_faster_setting_costs_more() {
    List<PlanLine> front = plan(Ranking.BOTH, Markets.charging(MACHINE, 0, 200)).lines();

    assertThat(front).extracting(PlanLine::cost).isSorted();
    assertThat(front)
        .extracting(PlanLine::billed)
        .isSortedAccordingTo((one, other) -> other.compareTo(one))
        .doesNotHaveDuplicates();
  }
}
