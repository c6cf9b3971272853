package dev.vramcast.answers.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.models.ModelsOperation;
import dev.vramcast.answers.operation.Asked.Json;
import dev.vramcast.answers.plan.PlanOperation;
import dev.vramcast.answers.prices.PricesOperation;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What answers to a small job say to programs, and that their numbers go together. */
class AnswersJsonTest {

  private static final String CARD = "rtx-4090";

  private static Json job(Operation operation) {
    return Asked.json(operation, Map.of("job", Asked.job(CARD)));
  }

  // ---- estimate ----

  @Test
  void an_estimate_says_which_model_it_is_of() {
    Json model = job(new EstimateOperation()).at("model");

    assertThat(model.get("id")).isEqualTo("qwen2.5-0.5b");
    assertThat(model.get("model_type")).isEqualTo("qwen2");
    assertThat(model.whole("parameters")).isEqualTo(494_032_768);
    assertThat(model.whole("layers")).isEqualTo(24);
    assertThat(model.whole("vocabulary_size")).isEqualTo(151_936);
  }

  @Test
  void parts_of_an_estimate_sum_to_it_and_its_peak_is_that_of_a_phase() {
    Json memory = job(new EstimateOperation()).at("memory");
    long allocated = memory.whole("allocated_bytes");

    assertThat(memory.at("breakdown_bytes").wholes().sum()).isEqualTo(allocated);
    assertThat(memory.list("alive").stream().mapToLong(each -> each.whole("bytes")).sum())
        .isEqualTo(allocated);
    assertThat(memory.at("phase_peak_bytes").whole((String) memory.get("peak_phase")))
        .isEqualTo(allocated);
    assertThat(memory.at("phase_peak_bytes").wholes().max()).hasValue(allocated);
  }

  @Test
  void a_device_holds_the_context_beside_what_is_reserved() {
    Json json = job(new EstimateOperation());
    Json memory = json.at("memory");

    assertThat(memory.whole("device_bytes"))
        .isEqualTo(
            memory.whole("reserved_bytes")
                + memory.whole("context_bytes")
                + memory.whole("communicator_bytes"));
    assertThat(json.at("gpu").whole("headroom_bytes"))
        .isEqualTo(json.at("gpu").whole("memory_bytes") - memory.whole("needed_bytes"));
  }

  @Test
  void every_figure_lies_within_its_range() {
    Json memory = job(new EstimateOperation()).at("memory");

    for (String figure : List.of("allocated", "reserved", "device", "needed")) {
      Json range = memory.at("ranges").at(figure);
      assertThat(memory.whole(figure + "_bytes"))
          .as(figure)
          .isBetween(range.whole("low_bytes"), range.whole("high_bytes"));
    }
  }

  @Test
  void the_timeline_is_there_where_it_is_asked_for() {
    Json json =
        Asked.json(new EstimateOperation(), Map.of("job", Asked.job(CARD), "timeline", true));

    List<?> totals = (List<?>) json.at("timeline").get("total_bytes");
    assertThat(totals.get((int) json.at("timeline").whole("peak")))
        .isEqualTo(json.at("memory").whole("allocated_bytes"));
    assertThat(job(new EstimateOperation()).map().containsKey("timeline")).isFalse();
  }

  // ---- fit without a card ----

  @Test
  void without_a_card_the_cheapest_young_price_comes_first_and_cards_without_one_last() {
    Map<String, Object> job = Map.of("model", Map.of("id", "llama-3.1-8b"));
    Json answer = Asked.json(new FitOperation(), Map.of("job", job));
    List<Json> cards = answer.list("cards");

    assertThat(answer.get("kind")).isEqualTo("cards");
    assertThat(cards).hasSize(16);
    List<Integer> ranks =
        cards.stream()
            .map(
                card ->
                    card.get("offer") == null
                        ? 2
                        : card.at("offer").whole("age_days_least") > 120 ? 1 : 0)
            .toList();
    assertThat(ranks).isSorted().contains(0, 1, 2);
    List<BigDecimal> young =
        cards.stream()
            .limit(ranks.stream().filter(rank -> rank == 0).count())
            .map(card -> new BigDecimal(card.at("offer").get("on_demand_usd_per_hour").toString()))
            .toList();
    assertThat(young).isSorted();
  }

  @Test
  @Tag("slow")
  void the_verdict_on_a_card_is_the_same_alone_and_among_others() {
    Map<String, Object> model = Map.of("id", "llama-3.1-8b");
    Json among = Asked.json(new FitOperation(), Map.of("job", Map.of("model", model)));

    for (Json card : among.list("cards")) {
      Map<String, Object> job =
          Map.of("model", model, "hardware", Map.of("gpu", String.valueOf(card.get("gpu"))));
      Json alone = Asked.json(new FitOperation(), Map.of("job", job));
      for (String key : List.of("verdict", "needed_bytes", "high_bytes", "memory_bytes")) {
        assertThat(alone.get(key)).as(card.get("gpu") + " " + key).isEqualTo(card.get(key));
      }
    }
  }

  // ---- fit and max ----

  @Test
  void a_fit_is_what_an_estimate_needs_of_what_is_usable() {
    Json fit = Asked.json(new FitOperation(), Map.of("job", Asked.job(CARD), "headroom", "2GiB"));
    Json estimate = job(new EstimateOperation()).at("memory");

    assertThat(fit.get("verdict")).isEqualTo("fits");
    assertThat(fit.whole("needed_bytes")).isEqualTo(estimate.whole("needed_bytes"));
    assertThat(fit.whole("kept_free_bytes")).isEqualTo(2L << 30);
    assertThat(fit.whole("headroom_bytes"))
        .isEqualTo(fit.whole("memory_bytes") - (2L << 30) - fit.whole("needed_bytes"));
    assertThat(fit.list("alone")).isEmpty();
  }

  @Test
  void what_does_not_fit_comes_with_changes_and_what_each_saves() {
    Map<String, Object> job =
        Map.of(
            "model", Map.of("id", "qwen2.5-7b"), "method", "full", "hardware", Map.of("gpu", "l4"));
    Json fit = Asked.json(new FitOperation(), Map.of("job", job));

    assertThat(fit.get("verdict")).isEqualTo("does_not_fit");
    assertThat(fit.whole("headroom_bytes")).isNegative();
    assertThat(fit.list("alone"))
        .isNotEmpty()
        .allSatisfy(
            step ->
                assertThat(step.whole("saved_bytes"))
                    .isEqualTo(fit.whole("needed_bytes") - step.whole("needed_bytes")));
  }

  @Test
  @Tag("slow")
  void one_more_than_the_largest_batch_does_not_fit_for_certain() {
    Json max = Asked.json(new MaxOperation(), Map.of("job", Asked.job(CARD), "batch", true));
    long most = max.at("for_certain").whole("value");

    assertThat(max.get("key")).isEqualTo("batch.micro_batch");
    assertThat(verdict(most)).isEqualTo("fits");
    assertThat(verdict(most + 1)).isNotEqualTo("fits");
    assertThat(max.at("by_the_estimate").whole("value")).isGreaterThanOrEqualTo(most);
  }

  @Test
  void where_nothing_fits_max_says_what_the_least_needs_and_what_would_help() {
    Map<String, Object> full =
        Map.of(
            "model", Map.of("id", "llama-3.1-8b"),
            "method", "full",
            "hardware", Map.of("gpu", "RTX 4090"));

    Json max = Asked.json(new MaxOperation(), Map.of("job", full, "batch", true));

    assertThat(max.get("by_the_estimate")).isNull();
    assertThat(max.at("least").whole("value")).isEqualTo(1);
    assertThat(max.at("least").get("verdict")).isEqualTo("does_not_fit");
    assertThat(max.at("least").get("help").toString()).startsWith("full to lora");
  }

  private static Object verdict(long batch) {
    Map<String, Object> job =
        Map.of(
            "model", Map.of("id", "qwen2.5-0.5b"),
            "batch", Map.of("sequence_length", 512, "micro_batch", batch),
            "hardware", Map.of("gpu", CARD));
    return Asked.json(new FitOperation(), Map.of("job", job)).get("verdict");
  }

  // ---- money ----

  private static Map<String, Object> million() {
    return Map.of("model", Map.of("id", "qwen2.5-0.5b"), "data", Map.of("tokens", 1e6));
  }

  @Test
  void a_run_costs_its_hours_at_the_offers_price() {
    Json cost = Asked.json(new CostOperation(), Map.of("job", million(), "gpu", CARD));

    assertThat(cost.number("tokens")).isEqualTo(1e6);
    assertThat(cost.list("machines")).isNotEmpty().allSatisfy(AnswersJsonTest::costsItsHours);
  }

  private static void costsItsHours(Json machine) {
    Json bought = machine.at("on_demand");
    double hours = machine.number("seconds") / 3600;
    assertThat(bought.number("usd"))
        .isCloseTo(hours * bought.at("offer").number("on_demand_usd_per_hour"), within(0.000_001))
        .isBetween(bought.number("low_usd"), bought.number("high_usd"));
    assertThat(bought.number("usd_per_million_tokens")).isEqualTo(bought.number("usd"));
  }

  @Test
  void a_plan_costs_hours_of_its_machine_and_takes_the_steps_of_its_batch() {
    Json plan = Asked.json(new PlanOperation(), Map.of("job", million(), "gpu", CARD));

    assertThat(plan.get("ranked_by")).isEqualTo("both");
    assertThat(plan.list("lines"))
        .isNotEmpty()
        .allSatisfy(
            line -> {
              assertThat(line.number("cost_usd"))
                  .isCloseTo(line.number("hours") * line.number("usd_per_hour"), within(0.000_01));
              assertThat(line.get("verdict")).isEqualTo("fits");
              assertThat((String) line.get("command")).startsWith("vramcast estimate --model ");
            });
  }

  @Test
  void prices_rise_by_the_hour_of_one_gpu() {
    List<Json> offers = Asked.json(new PricesOperation(), Map.of("gpu", "h100")).list("offers");

    assertThat(offers)
        .hasSizeGreaterThan(1)
        .isSortedAccordingTo(
            Comparator.comparing(offer -> (BigDecimal) offer.get("on_demand_usd_per_gpu_hour")))
        .allSatisfy(
            offer ->
                assertThat(offer.number("on_demand_usd_per_gpu_hour") * offer.whole("count"))
                    .isCloseTo(offer.number("on_demand_usd_per_hour"), within(0.001)));
  }

  // ---- lists ----

  @Test
  void models_and_gpus_are_found_by_name() {
    assertThat(Asked.json(new ModelsOperation(), Map.of("search", "qwen2.5-0.5b")).list("models"))
        .extracting(model -> model.get("name"))
        .containsExactly("qwen2.5-0.5b");
    assertThat(Asked.json(new ModelsOperation(), Map.of("search", " llama 3.1  8B")).list("models"))
        .extracting(model -> model.get("name"))
        .contains("llama-3.1-8b");
    Json gpu = Asked.json(new GpusOperation(), Map.of("search", CARD)).list("gpus").get(0);
    assertThat(gpu.get("compute_capability")).hasToString("8.9");
    assertThat(gpu.whole("memory_bytes")).isEqualTo(gpu.whole("memory_mib") << 20);
  }

  @Test
  void every_answer_names_its_version_and_its_kind() {
    for (Operation operation :
        List.of(new EstimateOperation(), new FitOperation(), new PlanOperation())) {
      Map<String, Object> job =
          Map.of(
              "model", Map.of("id", "gpt2"),
              "batch", Map.of("sequence_length", 256),
              "hardware", Map.of("gpu", CARD),
              "data", Map.of("tokens", 1e6));
      Json json = Asked.json(operation, Map.of("job", job));

      assertThat(json.get("vramcast_version")).isEqualTo("1.2.3");
      assertThat(json.get("kind")).isEqualTo(operation.name());
    }
  }
}
