package dev.vramcast.answers.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.cost.Work;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which offers a plan is made of. */
class PlanMarketTest {

  private static final Terminal PLAIN = new Terminal(Terminal.PLAIN_WIDTH, false, false);

  /** Single L40S are younger, so that the youngest of the card are none of these machines. */
  @ParameterizedTest
  @CsvSource({"l40s:4, 1, 4", "l40s:8, 1, 8", "l40s, 8, 8"})
  void machines_of_which_no_price_is_young_are_planned_by_the_youngest(
      String gpu, int count, int each) {
    PlanAnswer answer = plan(count == 1 ? Map.of("gpu", gpu) : Map.of("gpu", gpu, "count", count));

    assertThat(answer.report().plan().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.offer().count()).isEqualTo(each));
    assertThat(String.join(" ", answer.lines(PLAIN))).contains("the youngest of each card");
  }

  @Test
  void several_machines_of_old_prices_are_planned_where_the_job_has_a_network() {
    PlanAnswer answer = plan(Map.of("gpu", "l40s:4", "nodes", 2, "network", 100));

    assertThat(answer.report().plan().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.rental().nodes()).isEqualTo(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "H100,H200"})
  void more_gpus_than_an_offer_has_are_planned_as_several_machines(String gpu) {
    PlanAnswer answer = plan(gpu.isEmpty() ? Map.of("count", 16) : Map.of("count", 16, "gpu", gpu));

    assertThat(answer.report().plan().lines())
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line.rental().nodes()).isEqualTo(2));
    assertThat(String.join(" ", answer.lines(PLAIN)))
        .contains("16 GPUs are taken as 2 machines of 8");
  }

  @Test
  void a_filter_that_leaves_nothing_is_named_with_what_stands_behind_it() {
    assertThatThrownBy(() -> plan(Map.of("gpu", "l40s:3")))
        .hasMessageContaining("l40s:3")
        .hasMessageNotContaining("--gpu 0");
  }

  /** Two machines are taken away as often as one that lasts half as long. */
  @Test
  void a_plan_of_spot_machines_is_interrupted_as_many_times_as_often() {
    PlanAnswer answer = plan(Map.of("gpu", "H100:8", "nodes", 2), Map.of("spot", true));
    SpotTerms halved = new SpotTerms(Duration.ofHours(12), Optional.empty(), Optional.empty());

    assertThat(answer.report().plan().lines())
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line.spot())
                    .isEqualTo(SpotRun.of(Work.of(line.speed(), line.run(), 20_000_000), halved)));
  }

  private static PlanAnswer plan(Map<String, ?> hardware) {
    return plan(hardware, Map.of());
  }

  private static PlanAnswer plan(Map<String, ?> hardware, Map<String, ?> more) {
    Map<String, Object> fields = new HashMap<>(more);
    fields.put("job", Asked.adapters(hardware));
    return (PlanAnswer) Asked.answer(new PlanOperation(), fields);
  }
}
