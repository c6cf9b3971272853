package dev.vramcast.core.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.machine.CostRow;
import dev.vramcast.core.plan.machine.CostSearch;
import dev.vramcast.core.plan.machine.HeldCard;
import dev.vramcast.core.plan.machine.JobWorkload;
import dev.vramcast.core.plan.machine.Outcome;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.search.Rentals;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.range.RunErrors;
import dev.vramcast.core.run.RecentSteps;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.TrainingData;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What so many machines of a card cost is the same whoever asks. */
class RentedMachinesTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 9, 2);
  private static final int MARKETS = 40;
  private static final double NETWORK = 100e9;

  private record Asked(Offer first, int nodes, List<Offer> offers) {

    private static Asked any(Random random) {
      List<Offer> offers = new ArrayList<>();
      for (Offer offer : Markets.random(random)) {
        offers.add(Markets.over(offer, random.nextInt(3) == 0 ? 0 : NETWORK));
      }
      return new Asked(offers.get(random.nextInt(offers.size())), 1 + random.nextInt(4), offers);
    }

    private JobDocument job() {
      JobDocument job = Markets.job("--method lora --count " + first.count() * nodes);
      return nodes == 1 ? job : job.withFlag(JobKey.NODES, String.valueOf(nodes));
    }

    private List<Offer> such() {
      return offers.stream()
          .filter(offer -> offer.gpu().equals(first.gpu()) && offer.count() == first.count())
          .toList();
    }

    /** By hand: the cheapest of such machines that reach each other, so many times. */
    private Optional<UsdPerHour> price() {
      return such().stream()
          .filter(offer -> nodes == 1 || offer.host().networkBits().isPresent())
          .map(offer -> offer.onDemand().orElseThrow())
          .min(Comparator.naturalOrder())
          .flatMap(price -> price.together(nodes));
    }

    private Rent.Market market() {
      return new Rent.Market(
          gpu -> offers.stream().filter(offer -> offer.gpu().equals(gpu)).toList(), TODAY);
    }
  }

  @Test
  void fit_cost_and_plan_ask_the_same_for_any_number_of_machines() {
    Random random = new Random(18);
    int priced = 0;
    int planned = 0;
    for (int market = 0; market < MARKETS; market++) {
      Asked asked = Asked.any(random);
      FitCheck check = Markets.evaluator().on(asked.first().gpu()).check(asked.job());
      HeldCard held = HeldCard.of(Markets.llama(), check, asked.first().gpu(), asked.market());
      Rent rent = held.rent().orElseThrow();

      assertThat(rent.hourly()).as("%s", asked).isEqualTo(asked.price());
      assertThat(held.hourly()).isEqualTo(asked.price());
      if (check.spareBytes() >= 0) {
        assertThat(cost(asked).flatMap(CostRow::onDemandCost).map(cost -> cost.total()))
            .isEqualTo(rent.price());
      }
      Optional<PlanLine> line = plan(asked);
      line.ifPresent(found -> assertThat(found.price()).isEqualTo(rent.hourly().orElseThrow()));
      priced += rent.hourly().isPresent() ? 1 : 0;
      planned += line.isPresent() && asked.nodes() > 1 ? 1 : 0;
    }
    assertThat(priced).isBetween(MARKETS / 2, MARKETS - 1);
    assertThat(planned).isPositive();
  }

  @Test
  void a_machine_that_is_too_small_is_called_so_where_no_other_way_to_spread_is_modelled() {
    JobDocument job =
        Markets.job("--method full --stage embedding --framework sentence-transformers");
    Offer small = Markets.offer(Markets.gpu("small", 64, "8.0", 300, "PCIe"), 2, "1");

    assertThat(workload(job).on(small.gpu(), 2)).isInstanceOf(Outcome.TooLarge.class);
  }

  private static JobWorkload workload(JobDocument job) {
    return new JobWorkload(
        Markets.llama(),
        ModelProfile.of(Markets.llama()),
        job.without(List.of(JobKey.GPU_COUNT)),
        TrainingData.of(JobResolver.resolve(job)).orElseThrow(),
        RunExtras.USUAL,
        new RecentSteps(),
        RunErrors.between(0.9, 1.2));
  }

  private static Optional<CostRow> cost(Asked asked) {
    List<Offer> joined =
        asked.such().stream().filter(offer -> offer.joins(asked.nodes(), false)).toList();
    return CostSearch.of(workload(asked.job()), joined, SpotTerms.USUAL, Purchase.ON_DEMAND)
        .rows()
        .stream()
        .findFirst();
  }

  private static Optional<PlanLine> plan(Asked asked) {
    JobDocument job = asked.job().without(List.of(JobKey.GPU_COUNT, JobKey.NODES));
    Rentals rentals =
        new Rentals(asked.such(), List.of(asked.nodes()), List.of(), Purchase.ON_DEMAND);
    Question question =
        new Question(job, Choices.NONE, rentals, Limits.NONE, RunExtras.USUAL, SpotTerms.USUAL);
    return new Planner(Markets.evaluator(), question, Progress.NONE)
        .plan(Ranking.COST, 1).lines().stream().findFirst();
  }
}
