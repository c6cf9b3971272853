package dev.vramcast.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Words;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.market.OfferTerms;
import dev.vramcast.core.market.Purchase;
import dev.vramcast.core.market.UsdPerHour;
import dev.vramcast.core.plan.search.Confidence;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.GpuRules;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.OfferFilter;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.search.Rentals;
import dev.vramcast.core.plan.search.SearchResult;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.run.check.CardChecks;
import dev.vramcast.core.time.Seconds;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
@Order(1)
class PlannerTest {

  private static final FitEvaluator EVALUATOR = Markets.evaluator();
  private static final Choices METHODS =
      new Choices(List.of(Method.FULL, Method.LORA), OptionalInt.of(6));

  @ParameterizedTest
  @CsvSource({
    "1, --loss full --optimizer adamw",
    "2, --checkpointing full --loss full",
    "3, --strategy ddp --loss full",
    "4, --loss full --checkpointing none --padding longest --examples 1e6 --tokens-per-example 200",
    "5, --checkpointing none --optimizer adamw",
    "6, --micro-batch 2 --loss full",
    "7, --loss liger --strategy fsdp2",
    "8, --grad-accum 2 --loss full",
    "9, --stage grpo --framework trl --engine vllm-colocate --completion-length 128 --loss full",
  })
  void nothing_is_missed(long seed, String flags) {
    Random random = new Random(seed);
    Question question = Markets.question(flags, METHODS, Markets.random(random));
    Exhaustive all = Exhaustive.of(EVALUATOR, question);

    assertThat(all.points()).isNotEmpty();
    agrees(all, question, Limits.NONE);
    OptionalDouble budget = OptionalDouble.of(1.3 * all.cheapest());
    agrees(all, question, new Limits(budget, Optional.empty()));
    Optional<Duration> deadline = Optional.of(Seconds.duration(2 * all.fastest()));
    agrees(all, question, new Limits(budget, deadline));
  }

  /** Adapters leave a machine for less than whole weights, which may train faster. */
  @ParameterizedTest
  @CsvSource({"61, 0, 20", "62, 50, 0", "63, 200, 5"})
  void nothing_is_missed_where_settings_pay_for_what_they_store(
      long seed, double storage, double traffic) {
    List<Offer> offers =
        Markets.random(new Random(seed)).stream()
            .map(offer -> offer.count() == 1 ? Markets.charging(offer, storage, traffic) : offer)
            .toList();
    Question question = Markets.question("--loss full", METHODS, offers);
    Exhaustive all = Exhaustive.of(EVALUATOR, question);

    assertThat(all.points()).isNotEmpty();
    agrees(all, question, Limits.NONE);
    agrees(all, question, new Limits(OptionalDouble.of(1.3 * all.cheapest()), Optional.empty()));
  }

  @Test
  void limits_are_held_against_the_slow_end_of_the_range_where_they_are_to_be_sure() {
    Question question = Markets.question("", METHODS, Markets.random(new Random(41)));
    Exhaustive all = Exhaustive.of(EVALUATOR, question);
    Optional<Duration> deadline = Optional.of(Seconds.duration(2 * all.fastest()));
    OptionalDouble budget = OptionalDouble.of(1.5 * all.cheapest());

    agrees(all, question, new Limits(budget, deadline, Confidence.HIGH));
    agrees(all, question, new Limits(OptionalDouble.empty(), deadline, Confidence.HIGH));
  }

  @Test
  void several_machines_are_as_dear_as_all_of_them_and_as_fast_as_their_network_lets_them() {
    List<Offer> offers =
        Markets.random(new Random(51)).stream()
            .map(offer -> Markets.over(offer, offer.count() > 1 ? 100e9 : 0))
            .toList();
    Question question = Markets.question("--loss full", METHODS, offers).on(List.of(1, 2, 4));

    agrees(Exhaustive.of(EVALUATOR, question), question, Limits.NONE);
  }

  @Test
  void machines_that_nothing_connects_are_not_rented_together() {
    Gpu gpu = Markets.gpu("card", 2048, "9.0", 900, "none");
    Offer lonely = Markets.offer(gpu, 2, "2");
    Offer connected = Markets.over(lonely, 400e9);
    Offer peer =
        connected.toBuilder().terms(OfferTerms.UNKNOWN.peerToPeer(OptionalDouble.empty())).build();
    Question question =
        Markets.question("--micro-batch 1", Choices.NONE, List.of(lonely, connected, peer))
            .on(List.of(2));

    Plan plan = new Planner(EVALUATOR, question, Progress.NONE).plan(Ranking.COST, 10);

    assertThat(plan.lines()).hasSize(1);
    PlanLine line = plan.lines().get(0);
    assertThat(line.offer()).isEqualTo(connected);
    assertThat(line.nodes()).isEqualTo(2);
    assertThat(line.price()).isEqualTo(UsdPerHour.of("4"));
    assertThat(line.job().parallelism().gpus()).isEqualTo(4);
    assertThat(line.job().parallelism().nodes()).isEqualTo(2);
    assertThat(line.job().parallelism().network()).hasValue(400e9);
    assertThat(plan.exclusions().get(0).constraint()).isEqualTo(Exclusion.NETWORK);
    assertThat(
            new Planner(
                    EVALUATOR, Markets.about(question, Markets.job("--network 10")), Progress.NONE)
                .plan(Ranking.COST, 10)
                .lines())
        .extracting(PlanLine::offer)
        .containsExactlyInAnyOrder(lonely, connected);
  }

  @Test
  void states_go_to_a_host_that_is_known_to_have_room_and_to_no_other() {
    Gpu gpu = Markets.gpu("card", 760, "8.0", 300, "none");
    Offer unknown = Markets.offer(gpu, 1, "1");
    Offer roomy = Markets.with(unknown, 64L << 30);
    Offer small = Markets.with(unknown, 1L << 30);
    String flags = "--method full --framework transformers --optimizer adamw --model-dtype fp32";
    Question question = Markets.question(flags, Choices.NONE, List.of(unknown, small, roomy));

    Plan plan = new Planner(EVALUATOR, question, Progress.NONE).plan(Ranking.COST, 10);

    assertThat(plan.lines()).extracting(PlanLine::offer).containsExactly(roomy);
    assertThat(plan.lines().get(0).job().parallelism().offload()).contains(OffloadTarget.OPTIMIZER);
    assertThat(plan.exclusions())
        .extracting(Exclusion::constraint)
        .contains(Exclusion.HOST, Exclusion.MEMORY);
  }

  @Test
  void ranks_and_lengths_are_varied_where_that_is_allowed() {
    Offer offer = Markets.offer(Markets.gpu("card", 4096, "8.0", 300, "none"), 1, "1");
    Choices choices =
        new Choices(
            List.of(Method.LORA),
            List.of(64, 8),
            List.of(1024, 256),
            OptionalInt.empty(),
            OptionalInt.empty());
    Question question = Markets.question("", choices, List.of(offer));

    PlanLine line =
        new Planner(EVALUATOR, question, Progress.NONE).plan(Ranking.COST, 1).lines().get(0);

    assertThat(line.job().batch().sequenceLength()).isIn(1024, 256);
    assertThat(line.job().adapter().orElseThrow().rank()).isIn(8, 64);
    PlanLine plain =
        new Planner(EVALUATOR, Markets.question("", METHODS, List.of(offer)), Progress.NONE)
            .plan(Ranking.COST, 1)
            .lines()
            .get(0);
    assertThat(plain.job().batch().sequenceLength()).isEqualTo(512);
  }

  @Test
  void nothing_is_missed_on_spot() {
    Question question =
        Markets.on(
            Markets.question("--loss full --strategy ddp", METHODS, Markets.random(new Random(11))),
            Purchase.SPOT);

    agrees(Exhaustive.of(EVALUATOR, question), question, Limits.NONE);
  }

  private static void agrees(Exhaustive whole, Question question, Limits limits) {
    Exhaustive all = whole.within(limits);
    Planner planner = new Planner(EVALUATOR, Markets.within(question, limits), Progress.NONE);
    assertThat(cost(planner.search(Ranking.COST, 1))).isEqualTo(all.cheapest());
    assertThat(time(planner.search(Ranking.TIME, 1))).isEqualTo(all.fastest());
    assertThat(planner.search(Ranking.BOTH, 1))
        .extracting(result -> List.of(result.dollars(), Seconds.of(result.billed())))
        .isEqualTo(all.front());
  }

  private static double cost(List<SearchResult> results) {
    return results.stream()
        .mapToDouble(SearchResult::dollars)
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static double time(List<SearchResult> results) {
    return results.stream()
        .mapToDouble(result -> Seconds.of(result.billed()))
        .findFirst()
        .orElse(Double.POSITIVE_INFINITY);
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void each_line_costs_hours_times_price_and_fits(long seed) {
    Question question = Markets.question("", METHODS, Markets.random(new Random(seed)));

    Plan plan = new Planner(EVALUATOR, question, Progress.NONE).plan(Ranking.COST, 10);

    assertThat(plan.lines())
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.billed()).isEqualTo(line.run().total());
              FitEvaluator there = EVALUATOR.on(line.offer().gpu());
              assertThat(there.check(line.document()).fits()).isTrue();
              assertThat(line.reasons()).isNotEmpty();
            });
    assertThat(plan.lines()).isSortedAccordingTo((a, b) -> a.cost().compareTo(b.cost()));
    assertThat(plan.next()).contains(plan.lines().get(1));
  }

  @Test
  void a_larger_budget_never_gives_a_worse_plan() {
    Question question = Markets.question("", METHODS, Markets.random(new Random(31)));
    double cheapest = cost(new Planner(EVALUATOR, question, Progress.NONE).search(Ranking.COST, 1));
    double fastest = Double.POSITIVE_INFINITY;
    for (double share : new double[] {0.5, 1.01, 1.2, 1.5, 2, 3, 5}) {
      Limits limits = new Limits(OptionalDouble.of(share * cheapest), Optional.empty());
      Planner planner = new Planner(EVALUATOR, Markets.within(question, limits), Progress.NONE);
      double time = time(planner.search(Ranking.TIME, 1));
      double cost = cost(planner.search(Ranking.COST, 1));
      assertThat(time).isLessThanOrEqualTo(fastest);
      assertThat(cost).isEqualTo(share < 1 ? Double.POSITIVE_INFINITY : cheapest);
      fastest = time;
    }
    assertThat(fastest).isFinite();
  }

  @Test
  void each_candidate_counts_for_the_first_constraint_that_it_fails() {
    Offer small = Markets.offer(Markets.gpu("small", 256, "8.0", 300, "none"), 1, "1");
    Offer large = Markets.offer(Markets.gpu("large", 8192, "8.0", 300, "none"), 1, "2");
    Offer other = Markets.offer(Markets.gpu("other", 8192, "8.0", 300, "none"), 1, "3");
    Question asked =
        Markets.question("--micro-batch 1", Choices.NONE, List.of(small, large, other));
    Question question =
        new Question(
            asked.job(),
            asked.choices(),
            new Rentals(
                asked.rentals().offers(),
                List.of(1),
                List.of(new OfferFilter("--gpu", offer -> offer != other)),
                Purchase.ON_DEMAND),
            new Limits(OptionalDouble.of(1e9), Optional.of(Duration.ofSeconds(1))),
            asked.extras(),
            asked.terms());

    // Adapters: no strategy on one GPU, checkpointing none and full, loss full and liger.
    assertThat(new Planner(EVALUATOR, question, Progress.NONE).plan(Ranking.BOTH, 1))
        .isEqualTo(
            new Plan(
                List.of(),
                Optional.empty(),
                12,
                List.of(new Exclusion("--gpu", 4), new Exclusion("deadline", 8)),
                Optional.empty(),
                Optional.empty(),
                true));
    Plan open =
        new Planner(EVALUATOR, Markets.within(question, Limits.NONE), Progress.NONE)
            .plan(Ranking.BOTH, 1);
    assertThat(open.exclusions())
        .containsExactly(new Exclusion("--gpu", 4), new Exclusion("memory", 4));
    assertThat(open.lines()).extracting(PlanLine::offer).containsExactly(large);
    assertThat(open.next()).isEmpty();
    assertThat(open.memoryIsWhole()).isFalse();
    assertThat(open.refusal()).isEmpty();
  }

  @Test
  void an_engine_that_starts_on_no_card_is_why_memory_leaves_nothing() {
    Gpu small = Markets.gpu("small", 1024, "8.0", 300, "none");
    Gpu large = Markets.gpu("large", 2048, "8.0", 300, "none");
    String flags =
        "--stage grpo --framework trl --engine vllm-colocate --completion-length 128"
            + " --engine-memory-fraction 0.01";
    Question question =
        Markets.question(
            flags,
            Choices.NONE,
            List.of(Markets.offer(small, 1, "1"), Markets.offer(large, 1, "2")));

    Plan plan = new Planner(EVALUATOR, question, Progress.NONE).plan(Ranking.COST, 10);

    assertThat(plan.lines()).isEmpty();
    assertThat(plan.exclusions()).extracting(Exclusion::constraint).contains(Exclusion.MEMORY);
    assertThat(plan.shortage().orElseThrow().line(Words.DOCUMENT))
        .startsWith("large: generation.memory_fraction")
        .contains("does not start");
  }

  @Test
  void what_a_gpu_cannot_run_is_left_out() {
    Gpu gpu = Markets.gpu("card", 8192, "8.0", 300, "none");
    ResolvedJob bf16 = JobResolver.resolve(Markets.job("")).job();
    ResolvedJob fp16 = JobResolver.resolve(Markets.job("--precision fp16-mixed")).job();
    ResolvedJob flash =
        JobResolver.resolve(Markets.job("--precision fp16-mixed --attention flash")).job();
    ResolvedJob fp8 =
        JobResolver.resolve(Markets.job("--method full --quantized-training fp8")).job();
    Gpu old = Markets.without(gpu, Vendor.NVIDIA, gpu.throughput());
    Gpu other = Markets.without(gpu, Vendor.GOOGLE, gpu.throughput());

    assertThat(GpuRules.refusal(bf16, gpu)).isEmpty();
    assertThat(GpuRules.slowness(bf16, gpu)).isEmpty();
    assertThat(GpuRules.slowness(fp16, old)).isEmpty();
    assertThat(GpuRules.slowness(bf16, old)).hasValueSatisfying(why -> says(why, "rate of fp32"));
    assertThatCode(() -> CardChecks.check(flash, gpu)).doesNotThrowAnyException();
    assertThatThrownBy(() -> CardChecks.check(flash, old))
        .hasMessageContaining("has no FlashAttention, so that training fails");
    assertThatThrownBy(() -> CardChecks.check(fp8, old))
        .hasMessageContaining("quantized_training.scheme is fp8, but ")
        .hasMessageContaining("has no fp8, so that training fails");
    assertThat(GpuRules.refusal(flash, gpu)).isEmpty();
    assertThat(GpuRules.refusal(fp16, old)).isEmpty();
    assertThat(GpuRules.refusal(bf16, old)).hasValueSatisfying(why -> says(why, "no bf16"));
    assertThat(GpuRules.refusal(flash, old)).hasValueSatisfying(why -> says(why, "FlashAttention"));
    assertThat(GpuRules.refusal(fp16, other)).hasValueSatisfying(why -> says(why, "modelled"));
    assertThat(GpuRules.refusal(fp16, Markets.without(gpu, Vendor.NVIDIA, Cards.NO_RATES)))
        .hasValueSatisfying(why -> says(why, "no known"));
  }

  private static void says(Notice notice, String part) {
    assertThat(notice).asString().contains(part);
  }

  @Test
  void what_no_framework_runs_is_said() {
    List<Offer> offers = Markets.random(new Random(1));
    Choices full = new Choices(List.of(Method.FULL), OptionalInt.empty());
    Question question = Markets.question("--quantization nf4", full, offers);

    Plan plan = new Planner(EVALUATOR, question, Progress.NONE).plan(Ranking.BOTH, 1);

    assertThat(plan.exclusions())
        .containsExactly(new Exclusion(Exclusion.LEGALITY, plan.candidates()));
    assertThat(plan.refusal()).hasValueSatisfying(why -> says(why, "quantised"));
  }

  @Test
  void a_job_without_data_has_no_price() {
    Question asked = Markets.question("--tokens-per-example 100", Choices.NONE, List.of());
    List<JobDocument.Entry> entries =
        asked.job().entries().values().stream()
            .filter(entry -> entry.key() != JobKey.TOKENS)
            .toList();
    Question question = Markets.about(asked, JobDocument.of(entries));

    assertThatThrownBy(() -> new Planner(EVALUATOR, question, Progress.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("give data.tokens");
  }
}
