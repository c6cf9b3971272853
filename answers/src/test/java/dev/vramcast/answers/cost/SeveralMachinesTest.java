package dev.vramcast.answers.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Asked;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.cost.SpotRun;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.plan.machine.CostRow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What two machines cost, whoever asks and however they are named. */
class SeveralMachinesTest {

  private static final Terminal PLAIN = new Terminal(Terminal.PLAIN_WIDTH, false, false);

  @Test
  void fit_estimate_and_cost_have_one_price_of_two_machines() {
    CostReport cost = cost(Map.of(), "H100:8", 2);
    String dollars = cost.search().rows().get(0).onDemandCost().orElseThrow().total().text(2);

    assertThat(cost.search().rows().get(0).machines()).isEqualTo(2);
    assertThat(cost.sentence()).contains("on 2 machines of 8 × H100", "$" + dollars);
    for (Operation each : List.of(new FitOperation(), new EstimateOperation())) {
      assertThat(
              String.join(
                  " ", Asked.answer(each, job(Map.of("gpu", "H100:8", "nodes", 2))).lines(PLAIN)))
          .contains("and $" + dollars + ", at");
    }
  }

  @Test
  void cards_of_more_than_a_machine_are_priced_as_several_however_they_are_counted() {
    CostReport each = cost(Map.of(), "H100:8", 2);

    assertThat(cost(Map.of(), "H100:16", 1).sentence()).isEqualTo(each.sentence());
    assertThat(cost(Map.of("count", 16, "nodes", 2), "H100", 1).sentence())
        .isEqualTo(each.sentence());
    assertThat(cost(Map.of("nodes", 2), "", 1).search().rows())
        .allSatisfy(row -> assertThat(row.machines()).isEqualTo(2))
        .hasSizeGreaterThan(2);
  }

  @Test
  void more_gpus_of_any_kind_than_an_offer_has_are_priced_as_several_machines() {
    CostReport any = cost(Map.of("count", 16), "", 1);

    assertThat(any.search().rows())
        .allSatisfy(row -> assertThat(row.machines()).isEqualTo(2))
        .hasSizeGreaterThan(2);
    assertThat(any.sentence()).isEqualTo(cost(Map.of("count", 16, "nodes", 2), "", 1).sentence());
    assertThat(String.join(" ", any.lines(PLAIN)))
        .contains("16 GPUs are taken as 2 machines of 8", "hardware.nodes says how");
  }

  @Test
  void gpus_that_several_machines_do_not_share_are_refused() {
    assertThatThrownBy(() -> cost(Map.of("count", 9), "", 1))
        .hasMessageContaining("none has more than 8; hardware.nodes takes several");
  }

  @Test
  void a_count_in_the_name_of_the_jobs_gpu_is_that_of_each_of_its_machines() {
    for (String named : List.of("H100:8", "p5.48xlarge")) {
      assertThat(cost(Map.of("gpu", named, "nodes", 2), "H100", 1).sentence())
          .as(named)
          .isEqualTo(cost(Map.of(), "H100:8", 2).sentence());
    }
  }

  /** Either of two is taken away as often as the other: the job stops twice as often as on one. */
  @Test
  void spot_machines_interrupt_a_job_as_many_times_as_often() {
    CostRow row = cost(Map.of(), "H100:8", 2).search().rows().get(0);
    SpotTerms halved = new SpotTerms(Duration.ofHours(12), Optional.empty(), Optional.empty());

    assertThat(row.machines()).isEqualTo(2);
    assertThat(row.spotRun()).isEqualTo(SpotRun.of(row.runs().work(), halved)).isPresent();
  }

  @Test
  void more_machines_than_any_job_has_are_refused_by_their_number() {
    assertThatThrownBy(() -> cost(Map.of(), "H100:8", 1_000_000))
        .hasMessageContaining("hardware.nodes is 1000000, allowed: 1 to 125000");
  }

  @Test
  void each_gpu_of_a_filter_has_its_own_count() {
    assertThat(cost(Map.of(), "H100:8,H200:8", 2).search().rows())
        .hasSize(2)
        .allSatisfy(row -> assertThat(row.machines()).isEqualTo(2));
  }

  @Test
  void machines_that_nobody_connects_have_no_price_together() {
    assertThatThrownBy(() -> cost(Map.of(), "RTX 4090:4", 2))
        .hasMessage(
            "hardware.nodes is 2, but no offer says by what network such machines reach each other;"
                + " give hardware.network");
  }

  @Test
  void machines_that_are_listed_without_a_network_are_not_said_to_be_in_no_list() {
    for (Operation each : List.of(new FitOperation(), new EstimateOperation())) {
      String lines =
          String.join(
              " ", Asked.answer(each, job(Map.of("gpu", "l40s:4", "nodes", 2))).lines(PLAIN));

      assertThat(lines.replaceAll("\\s+", " "))
          .contains("no price of machines that a network connects is in the list.")
          .contains("hardware.network", "Hours and dollars on these cards")
          .doesNotContain("no price of such a machine");
    }
  }

  private static CostReport cost(Map<String, Object> hardware, String filter, int nodes) {
    Map<String, Object> all = new HashMap<>(hardware);
    if (nodes > 1) {
      all.put("nodes", nodes);
    }
    Map<String, Object> fields = new HashMap<>(job(all));
    if (!filter.isEmpty()) {
      fields.put("gpu", filter);
    }
    return (CostReport) Asked.answer(new CostOperation(), fields);
  }

  private static Map<String, Object> job(Map<String, Object> hardware) {
    return Map.of("job", Asked.adapters(hardware));
  }
}
