package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run costs on a market, and where. */
class CostCommandTest {

  private static final String SMALL = "--offline --model qwen2.5-0.5b --method lora --tokens 1e9 ";

  @TempDir private Path folder;

  private Path market(String... rows) throws IOException {
    String head = "provider,gpu,count,on_demand_usd_per_hour,spot_usd_per_hour,as_of\n";
    return Files.writeString(folder.resolve("mine.csv"), head + String.join("\n", rows) + "\n");
  }

  private static JsonNode cost(String options) {
    CliRun run = run(options + " --format json");
    assertThat(run.code()).as(run.err()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }

  private static CliRun run(String options) {
    List<String> args = new ArrayList<>(List.of("cost"));
    args.addAll(List.of(options.split(" +")));
    return CliRun.of(args);
  }

  @Test
  void more_gpus_than_a_machine_holds_are_priced_in_several() throws IOException {
    assertThat(run(SMALL + "--gpu 8xH100 --nodes 2").out()).contains("on 2 machines of 8 ");
    Path job = Files.writeString(folder.resolve("job.yaml"), "hardware: {gpu: 16x H100}\n");
    assertThat(run(SMALL + job).out()).contains("on 2 machines of 8 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--gpu 16xH100 --nodes 2", "--gpu 16xH100", "--gpu H100 --count 16"})
  void a_plan_takes_more_gpus_than_a_machine_holds_in_several(String gpus) {
    CliRun plan = CliRun.of(("plan " + SMALL + gpus).split(" +"));

    assertThat(plan.code()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("2 × 8 × H100");
  }

  private static BigDecimal decimal(JsonNode node) {
    return new BigDecimal(node.asString());
  }

  @Test
  void dollars_are_hours_times_the_price() {
    for (JsonNode machine : cost(SMALL + "--provider aws,lambda").get("machines")) {
      JsonNode onDemand = machine.get("on_demand");
      if (!onDemand.isNull()) {
        BigDecimal price = decimal(onDemand.at("/offer/on_demand_usd_per_hour"));
        BigDecimal product =
            decimal(machine.get("seconds"))
                .multiply(price)
                .divide(BigDecimal.valueOf(3600), MathContext.DECIMAL128);
        assertThat(decimal(onDemand.get("usd")).subtract(product).abs())
            .isLessThan(new BigDecimal("1e-6"));
        assertThat(onDemand.get("usd_per_million_tokens").asDouble())
            .isCloseTo(onDemand.get("usd").asDouble() / 1000, within(1e-6));
      }
    }
  }

  @Test
  void a_list_of_spot_prices_alone_is_told_by_them() throws IOException {
    String list = SMALL + "--list " + market("mine,H100 SXM,1,,2.50,2026-11-01");

    assertThat(cost(list).get("summary").asString())
        .startsWith("Training qwen2.5-0.5b by LoRA costs least on spot on one H100 SXM5 80GB of ")
        .doesNotContain("on-demand");
    assertThat(cost(list + " --spot --interruptions-every 1min").get("summary").asString())
        .isEqualTo(
            "Training qwen2.5-0.5b by LoRA fits machines on offer, on none of which it would get"
                + " on.");
  }

  @Test
  void whose_prices_a_machine_of_sagemaker_has_is_said() {
    String out = CliRun.of(("cost " + SMALL + "--gpu ml.g5.2xlarge").split(" +")).err();

    assertThat(out).contains("EC2's of g5.2xlarge; SageMaker bills its own");
  }

  @Test
  void whose_prices_each_of_several_machines_of_sagemaker_has_is_said() {
    String gpus = "--gpu p4d.24xlarge,ml.g5.2xlarge,ML.P4d.24xlarge";
    String out = CliRun.of(("cost " + SMALL + gpus).split(" +")).err();

    assertThat(out)
        .contains("'ml.g5.2xlarge' are EC2's of g5.2xlarge;")
        .contains("'ML.P4d.24xlarge' are EC2's of p4d.24xlarge;")
        .doesNotContain("'p4d.24xlarge' are EC2's");
  }

  @Test
  void what_is_cheapest_and_fastest_is_by_the_way_that_is_asked_for() throws IOException {
    String list =
        "cost " + SMALL + "--spot --list " + market("mine,H100 SXM,1,5.00,2.50,2026-11-01");
    String out = CliRun.of(list.split(" +")).out();

    assertThat(line(out, "Cheapest  ")).contains("spot at $2.50");
    assertThat(line(out, "Cheapest on-demand")).contains("on-demand at $5.00");
    assertThat(line(out, "Fastest")).contains("spot at $2.50");
  }

  private static String line(String out, String beginning) {
    return out.lines().map(String::strip).filter(l -> l.startsWith(beginning)).findFirst().get();
  }

  @Test
  void spot_alone_is_said_to_leave_out_what_has_no_such_price() throws IOException {
    String list =
        "cost " + SMALL + "--spot --list " + market("mine,H100 SXM,1,5.00,2.50,2026-11-01");

    assertThat(CliRun.of(list.split(" +")).out())
        .contains("Machines of which no list has a spot price are left out (--spot).");
    assertThat(CliRun.of((list + " --gpu l4").split(" +")).err())
        .contains("with a spot price is of 'l4'; prices on demand are left out by --spot");
  }

  @Test
  void the_sentence_says_how_what_costs_least_is_rented() throws IOException {
    String list = SMALL + "--list " + market("mine,H100 SXM,1,5.00,2.50,2026-11-01");
    String spot = "on spot on one H100 SXM5 80GB of mine: $";

    assertThat(cost(list).get("summary").asString())
        .contains(" costs least on-demand on one H100 SXM5 80GB of mine: $", "; " + spot);
    assertThat(cost(list + " --spot").get("summary").asString())
        .contains(" costs least " + spot)
        .doesNotContain("on-demand");
    assertThat(cost(list + " --spot --interruptions-every 1min").get("summary").asString())
        .contains(" costs least on-demand ")
        .doesNotContain("on spot");
  }

  @Test
  void the_sentence_says_the_chance_of_a_machine_that_the_run_may_not_fit() throws IOException {
    String list = "--list " + market("mine,L4,1,0.50,,2026-11-01") + " --gpu l4 ";
    String job =
        "--offline --model llama-3.1-8b --method lora --tokens 1e6 --micro-batch 3 " + list;

    JsonNode cost = cost(job);
    long percent = Math.round(100 * cost.at("/machines/0/chance").asDouble());
    assertThat(percent).isBetween(50L, 94L);
    assertThat(cost.get("summary").asString())
        .contains("one L4 of mine, which it fits with " + percent + " %: $");
    assertThat(cost(job.replace("micro-batch 3", "micro-batch 1")).get("summary").asString())
        .doesNotContain("which it fits with");
  }

  @Test
  void sequences_that_nobody_measured_are_said_to_be_full() {
    String run = "--offline --model qwen2.5-0.5b --method lora --gpu h100 --examples 52k ";
    String words = "Every example is counted as long as a sequence may be";
    assertThat(run(run).out().lines().toList().subList(0, 12))
        .anySatisfy(line -> assertThat(line).contains(words));
    assertThat(run(run + "--tokens-per-example 300").out()).doesNotContain(words);
  }

  @Test
  void the_usual_cards_are_all_there_with_both_ways_to_rent_them() {
    JsonNode machines =
        cost(SMALL + "--max-price-age any --gpu a100,h100,h200,b200").get("machines");

    assertThat(machines.findValuesAsString("gpu"))
        .contains("A100 80GB SXM4", "H100 SXM5 80GB", "H200 SXM 141GB", "B200 SXM 180GB");
    assertThat(machines.findValues("expected_usd")).hasSizeGreaterThan(3);
  }

  @Test
  void hours_are_those_of_estimate() {
    JsonNode machine = cost(SMALL + "--gpu h200:1").get("machines").get(0);
    CliRun run = CliRun.of(("estimate " + SMALL + "--gpu h200 --format json").trim().split(" +"));
    JsonNode estimate = JsonMapper.shared().readTree(run.out()).at("/time/run");

    assertThat(machine.get("seconds").asDouble())
        .isEqualTo(estimate.get("total_seconds").asDouble());
    assertThat(machine.get("low_seconds").asDouble())
        .isEqualTo(estimate.get("low_seconds").asDouble());
    assertThat(machine.get("high_seconds").asDouble())
        .isEqualTo(estimate.get("high_seconds").asDouble());
  }

  @Test
  void the_smallest_machine_that_holds_the_job_is_taken_and_the_cheapest_offer_of_it()
      throws IOException {
    Path file =
        market(
            "a,RTX 4090,1,0.40,,2026-11-01",
            "a,RTX 4090,8,3.20,,2026-11-01",
            "b,H100 SXM,2,6.00,,2026-11-01",
            "c,H100 SXM,2,5.00,4.00,2026-11-01",
            "d,H100 SXM,2,,2.00,2026-11-01",
            "a,H100 SXM,8,19.00,,2026-11-01");
    JsonNode answer =
        cost(
            "--offline --model llama-3.1-8b --profile bare --method full --checkpointing full"
                + " --tokens 1e8 --list "
                + file);

    assertThat(answer.get("machines").findValuesAsString("count")).contains("2", "8");
    JsonNode h100 = answer.get("machines").get(0);
    assertThat(h100.get("gpu").asString()).isEqualTo("H100 SXM5 80GB");
    assertThat(h100.at("/on_demand/offer/provider").asString()).isEqualTo("c");
    assertThat(h100.at("/spot/offer/provider").asString()).isEqualTo("d");
    assertThat(answer.get("left_out")).isEmpty();
  }

  /** A copy on each card needs no traffic, so it is taken where it fits. */
  @ParameterizedTest
  @CsvSource({"lora, ddp", "full, zero3"})
  void several_cards_have_copies_if_these_fit_and_else_shards(String method, String strategy) {
    String job = "--offline --model llama-3.1-8b --checkpointing full --tokens 1e8 --method ";

    assertThat(cost(job + method + " --gpu a100-40gb:8").at("/machines/0/strategy").asString())
        .isEqualTo(strategy);
  }

  @Test
  void a_strategy_that_the_job_names_is_kept() {
    assertThat(
            cost(SMALL + "--strategy zero3 --gpu h100-sxm:8").at("/machines/0/strategy").asString())
        .isEqualTo("zero3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--provider aws", "--spot"})
  void spot_is_never_less_than_undisturbed_and_rows_are_in_order(String options) {
    JsonNode answer = cost(SMALL + options + " --gpu h100,h200,l40s,b200");
    boolean bySpot = options.equals("--spot");
    double before = 0;
    for (JsonNode machine : answer.get("machines")) {
      JsonNode spot = machine.get("spot");
      if (!spot.isNull()) {
        double undisturbed = spot.get("undisturbed_usd").asDouble();
        assertThat(spot.get("expected_usd").asDouble()).isGreaterThanOrEqualTo(undisturbed);
        assertThat(spot.get("p90_usd").asDouble()).isGreaterThanOrEqualTo(undisturbed);
      }
      String cost = bySpot ? "/spot/expected_usd" : "/on_demand/usd";
      double now = machine.at(cost).asDouble(Double.MAX_VALUE);
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
  }

  @Test
  void more_interruptions_are_never_cheaper_until_there_is_no_figure() {
    double before = 0;
    for (String every : List.of("7d", "24h", "1h", "20min")) {
      JsonNode spot =
          cost(SMALL + "--gpu h100-sxm:1 --interruptions-every " + every).at("/machines/0/spot");
      assertThat(spot.get("expected_usd").asDouble()).isGreaterThan(before);
      before = spot.get("expected_usd").asDouble();
    }
    JsonNode hopeless =
        cost(SMALL + "--gpu h100-sxm:1 --interruptions-every 1min").at("/machines/0/spot");

    assertThat(hopeless.get("hopeless").asBoolean()).isTrue();
    assertThat(hopeless.has("expected_usd")).isFalse();
  }

  @Test
  void checkpoints_and_restarts_can_be_said() {
    JsonNode spot =
        cost(SMALL + "--gpu h100-sxm:1 --checkpoint-every 30min --restart 2min")
            .at("/machines/0/spot");

    assertThat(spot.get("checkpoint_interval_seconds").asDouble()).isBetween(1500.0, 1800.0);
  }

  @Test
  void a_run_that_nothing_on_offer_holds_has_its_own_exit_code() {
    CliRun run = run("--params 405B --method full --tokens 1e9 --gpu rtx-4090 --offline");

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("No machine on offer holds this run.").contains("does not fit");
  }

  @Test
  void the_card_of_a_job_file_is_left_aside_with_a_warning() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            "model: {id: qwen2.5-0.5b}\nhardware: {gpu: L4}\ndata: {tokens: 1000000}\n");

    CliRun run = run("--offline " + file + " --gpu h100-sxm");

    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("hardware.gpu is left aside").hasLineCount(1);
    assertThat(run.out()).contains("H100 SXM5 80GB").doesNotContain("1 × L4");
  }

  @Test
  void cards_without_bf16_are_named_and_not_priced() {
    JsonNode left = cost(SMALL + "--precision bf16-mixed --gpu t4,l4").get("left_out");

    assertThat(left.findValuesAsString("gpu")).containsExactly("T4");
    assertThat(left.findValuesAsString("detail").get(0)).contains("no bf16");
    assertThat(cost(SMALL + "--gpu t4,l4").get("left_out")).isEmpty();
  }

  @Test
  void cards_that_cannot_run_the_job_are_left_out_of_a_size_too() {
    String size = "--params 1B --tokens 1e6 --gpu t4,l4 ";
    JsonNode left = cost(size + "--precision bf16-mixed").get("left_out");

    assertThat(left.findValuesAsString("gpu")).containsExactly("T4");
    assertThat(left.findValuesAsString("detail").get(0)).contains("no bf16");
    assertThat(cost(size).get("left_out")).isEmpty();
  }

  private static final String GENERATES =
      "--offline --model qwen2.5-0.5b --tokens 1000000 --framework llama-factory --gpu l4"
          + " --evaluation-batches 100 --evaluation-batch 1 --evaluation-new-tokens 100 ";

  private static JsonNode json(String command) {
    CliRun run = CliRun.of(command.split(" +"));
    assertThat(run.code()).as(run.err()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }

  private static double hours(String job) {
    JsonNode run = json("estimate " + job + " --format json").at("/time/run");
    assertThat(run.get("evaluation_seconds").doubleValue()).isGreaterThan(100);
    return run.get("total_seconds").doubleValue() / 3600;
  }

  @Test
  void hours_with_what_an_evaluation_generates_are_those_of_estimate() throws IOException {
    JsonNode machine = cost(GENERATES + "--count 1").get("machines").get(0);
    JsonNode line = json("plan " + GENERATES + "--format json").get("lines").get(0);
    Path planned = Files.writeString(folder.resolve("job.json"), line.get("job").toString());
    String spec =
        "models: [qwen2.5-0.5b]\ngpus: [L4]\ndata: {tokens: 1e6}\nprofile: recommended\n"
            + "framework: {name: llama-factory}\n"
            + "evaluation: {batches: 100, micro_batch: 1, new_tokens: 100}\n";
    Path rows = Files.writeString(folder.resolve("sweep.yaml"), spec);

    double hours = hours(GENERATES);
    assertThat(machine.get("seconds").doubleValue() / 3600).isCloseTo(hours, within(1e-4));
    assertThat(json("sweep --offline --format jsonl " + rows).get("hours").doubleValue())
        .isCloseTo(hours, within(1e-4));
    assertThat(line.get("hours").doubleValue())
        .isCloseTo(hours("--offline " + planned), within(1e-4));
  }

  @ParameterizedTest
  @ValueSource(strings = {"estimate", "cost", "plan"})
  void what_an_encoder_decoder_generates_in_evaluations_is_said_to_be_missing(String command) {
    String job =
        GENERATES.replace("qwen2.5-0.5b", "t5-base").replace("llama-factory", "transformers");

    assertThat(CliRun.of((command + " --explain " + job).split(" +")).out().replaceAll("\\s+", " "))
        .containsAnyOf(
            "the time of its forward passes is counted, not that of what it generates",
            "its forward passes are priced, not what it generates");
  }
}
