package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.cli.console.Environment;
import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GPUs and prices where they meet the clock, the files and the machine. */
@Tag("slow")
class MarketCommandsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "2026-07-01, 0 days",
    "2026-07-24, 23 days",
    "2027-07-01, 12 months",
    "2026-06-21, dated 10 days ahead"
  })
  void prices_age_with_the_clock(String today, String age) {
    Clock clock = Clock.fixed(Instant.parse(today + "T12:00:00Z"), ZoneOffset.UTC);

    CliRun run =
        CliRun.of(List.of("prices", "--list", "guide-2026-07"), new Environment(clock, Map.of()));

    assertThat(run.out().lines().findFirst().orElseThrow()).endsWith("; age of the prices: " + age);
  }

  @Test
  void what_is_written_can_be_asked_again() throws IOException {
    Path file = folder.resolve("mine.csv");
    List<String> all = List.of("prices", "h100", "--all", "--max-price-age", "any");
    CliRun first = CliRun.of(with(all, "--write", file.toString()));

    CliRun again = CliRun.of(with(all, "--list", file.toString()));

    assertThat(Files.readString(file)).startsWith("provider,instance,gpu,count,on_demand");
    assertThat(rows(again)).isEqualTo(rows(first)).hasSizeGreaterThan(20);
  }

  private static List<String> with(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void machines_with_too_little_memory_or_disk_are_not_priced() throws IOException {
    Path list = folder.resolve("list.csv");
    String head =
        "provider,instance,gpu,count,on_demand_usd_per_hour,spot_usd_per_hour,region,as_of,source,"
            + "host_memory_gib,disk_gib\n";
    String machine = "lambda,%s,H100 SXM5 80GB,8,%s,,eu,2026-11-20,me,%d,%d\n";
    String small = machine.formatted("small", "10.00", 16, 4000);
    String full = machine.formatted("full", "11.00", 2000, 20);
    String large = machine.formatted("large", "20.00", 2000, 4000);
    List<String> job = new ArrayList<>(List.of("cost", "--offline", "--model", "llama-3.1-8b"));
    job.addAll(List.of("--method", "full", "--count", "8", "--tokens", "1e8"));
    job.addAll(List.of("--format", "json", "--list", list.toString()));

    Files.writeString(list, head + small + full + large);
    JsonNode some = json(CliRun.of(job));
    Files.writeString(list, head + small);
    CliRun nothing = CliRun.of(job);
    JsonNode none = JsonMapper.shared().readTree(nothing.out());

    assertThat(some.at("/machines/0/on_demand/offer/instance").asString()).isEqualTo("large");
    assertThat(nothing.code()).isEqualTo(ExitCode.DOES_NOT_FIT);
    assertThat(none.at("/machines")).isEmpty();
    JsonNode why = none.at("/left_out/0");
    assertThat(why.at("/reason").asString()).isEqualTo("machine_too_small");
    assertThat(why.at("/resource").asString()).isEqualTo("host");
    assertThat(why.at("/machine_has_bytes").asLong()).isEqualTo(16L << 30);
  }

  @Test
  void old_prices_are_listed_where_they_are_asked_for() {
    CliRun fresh = CliRun.of("prices", "h100");
    CliRun any = CliRun.of("prices", "h100", "--max-price-age", "any");

    assertThat(fresh.out()).contains("left out, whose price is more than 120 days old");
    assertThat(rows(fresh)).isNotEmpty().hasSizeLessThan(rows(any).size());
  }

  @Test
  void passes_over_the_data_that_nobody_stated_are_said() throws IOException {
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file,
        "model_name_or_path: Qwen/Qwen2.5-7B\nstage: sft\nfinetuning_type: lora\n"
            + "cutoff_len: 2048\ntemplate: qwen\n");
    List<String> job =
        List.of("cost", "--offline", file.toString(), "--gpu", "h100", "--examples", "1000");

    assertThat(CliRun.of(job).out()).contains("The data are passed over 3 times");
    assertThat(CliRun.of(with(job, "--epochs", "2")).out()).doesNotContain("passed over");
  }

  @Test
  void a_price_of_examples_of_unknown_length_says_so_first() {
    List<String> job =
        List.of(
            ("cost --offline --model llama-3.1-8b --method qlora --gpu h100 --examples 52k")
                .split(" "));
    String rest = CliRun.of(job).out().replaceAll("\\s+", " ");

    assertThat(rest.substring(0, 400))
        .contains(", if every example is as long as allowed.")
        .contains("--tokens-per-example says how long they are");
    assertThat(CliRun.of(with(job, "--tokens-per-example", "300")).out())
        .doesNotContain("if every example is as long");
  }

  @Test
  void what_stands_without_a_flag_is_not_asked_for_by_one() {
    CliRun run = CliRun.of("prices", "--gpu", "h100");

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("unknown option '--gpu': its value stands by itself");
  }

  @Test
  void an_option_that_trainers_have_leads_to_each_that_may_be_meant() {
    assertThat(CliRun.of("estimate", "--deepspeed", "0.12").err())
        .contains(
            "unknown option '--deepspeed'. Did you mean '--strategy' or '--deepspeed-version'?");
  }

  @Test
  void a_value_that_is_given_as_an_option_leads_to_the_one_that_takes_it() {
    assertThat(CliRun.of("fit", "--dpo").err()).contains("Did you mean '--stage dpo'?");
    assertThat(CliRun.of("fit", "--qlora").err()).contains("Did you mean '--method qlora'?");
    for (String four : List.of("--4bit", "--4-bit", "--load_in_4bit", "--load-in-4bit")) {
      assertThat(CliRun.of("fit", four).err()).contains("Did you mean '--method qlora'?");
    }
    for (String eight : List.of("--8bit", "--load_in_8bit")) {
      assertThat(CliRun.of("fit", eight).err()).contains("Did you mean '--quantization int8'?");
    }
    assertThat(CliRun.of("fit", "--n_gpu", "2").err()).contains("Did you mean '--count'?");
    assertThat(CliRun.of("fit", "--ddp").err()).contains("Did you mean '--strategy ddp'?");
    assertThat(CliRun.of("fit", "--Unsloth").err()).contains("'--framework unsloth'");
    assertThat(CliRun.of("fit", "--llama_factory").err()).contains("'--framework llama-factory'");
    assertThat(CliRun.of("estimate", "--inference").err())
        .contains("what a model takes that runs and is not trained is not modelled");
  }

  @Test
  void an_option_of_few_letters_leads_to_none_that_begins_otherwise() {
    assertThat(CliRun.of("estimate", "--set", "a=1").err()).doesNotContain("--peft");
    assertThat(CliRun.of("estimate", "--gup", "h100").err()).contains("Did you mean '--gpu'?");
    assertThat(CliRun.of("estimate", "--rnk", "8").err()).contains("Did you mean '--rank'?");
    assertThat(CliRun.of("estimate", "--fpu", "h100").err()).contains("Did you mean '--gpu'?");
  }

  @Test
  void no_option_is_proposed_that_the_command_would_refuse() {
    assertThat(CliRun.of("gpus", "--trl").err()).doesNotContain("Did you mean");
    assertThat(CliRun.of("gpus", "--qlora").err()).doesNotContain("Did you mean");
  }

  @Test
  void who_has_one_small_card_hears_what_to_change_on_it_before_another_card() {
    CliRun run = CliRun.of("fit", "--offline", "--model", "qwen3-14b", "--gpu", "RTX 4070");

    assertThat(run.out())
        .contains("on this card, together: layer inputs in host memory, lora to qlora; it needs")
        .contains("probably")
        .doesNotContain("on A10");
  }

  @Test
  void what_is_trained_of_a_copy_that_is_quantised_to_be_run_is_said() {
    CliRun run =
        CliRun.of(
            "fit", "--offline", "--model", "llama3.1:8b-instruct-q4_K_M", "--gpu", "RTX 3090");

    assertThat(run.code()).isEqualTo(0);
    assertThat(run.err()).contains("is quantised to be run; what is trained is");
  }

  @Test
  void money_is_exact_in_json() {
    JsonNode offers = json(CliRun.of("prices", "h200:8", "--format", "json")).get("offers");

    assertThat(offers.findValuesAsString("on_demand_usd_per_hour")).contains("63.296", "36.72");
    assertThat(offers.findValuesAsString("spot_usd_per_gpu_hour")).contains("1.1743");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void the_gpu_of_this_machine_is_asked_for_as_local() throws IOException {
    Environment machine = machine("0, NVIDIA GeForce RTX 3090, 24576, 1");

    CliRun run = estimate(machine, "--gpu", "local", "--format", "json");

    assertThat(json(run).at("/gpu/name").asString()).isEqualTo("RTX 3090");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void a_count_of_local_gpus_is_the_count_of_the_job() throws IOException {
    Environment machine = machine("0, NVIDIA L4, 23034, 1", "1, NVIDIA L4, 23034, 1");

    CliRun both = estimate(machine, "--gpu", "local:2", "--format", "json");
    CliRun one = estimate(machine, "--gpu", "local");
    CliRun three = estimate(machine, "--gpu", "local:3");

    assertThat(json(both).at("/job/hardware/count").asInt()).isEqualTo(2);
    assertThat(one.out()).contains("one L4");
    assertThat(one.err())
        .contains("warning: this machine has 2 × L4; this is about number 0, which has");
    assertThat(three.err()).contains("this machine has 2").hasLineCount(1);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void fit_without_a_card_answers_for_that_of_this_machine() throws IOException {
    CliRun empty = fit(machine("0, NVIDIA L4, 23034, 1"));
    CliRun used = fit(machine("0, NVIDIA L4, 23034, 22000"));

    assertThat(empty.code()).isZero();
    assertThat(empty.out()).contains("fits one L4");
    assertThat(empty.err()).contains("this machine has 1 × L4");
    assertThat(used.code()).isEqualTo(ExitCode.DOES_NOT_FIT);
    assertThat(used.err()).contains("22000 MiB of it are in use, which the job cannot have");
  }

  @Test
  void fit_on_a_machine_without_a_card_answers_for_those_that_people_have() {
    CliRun run = fit(CliRun.SURROUNDINGS);
    CliRun full = fit(CliRun.SURROUNDINGS, "--model", "llama-3.1-405b", "--method", "full");

    assertThat(run.err()).contains("no nvidia-smi and no rocm-smi in PATH; these are the cards");
    assertThat(run.out()).startsWith("LoRA of qwen2.5-0.5b fits 16 of 16 cards, of which the");
    assertThat(run.code()).isZero();
    assertThat(full.out()).startsWith("Full fine-tuning of llama-3.1-405b fits none of 16 cards");
    assertThat(full.out()).contains("vramcast plan looks for machines of several cards");
    assertThat(run.out()).doesNotContain("vramcast plan");
    assertThat(full.code()).isEqualTo(ExitCode.DOES_NOT_FIT);
  }

  @Test
  void every_card_of_the_catalogue_may_be_asked_about_at_once() {
    CliRun run = fit(CliRun.SURROUNDINGS, "--every-card", "--format", "json");
    JsonNode cards = JsonMapper.shared().readTree(run.out());

    assertThat(run.err()).isEmpty();
    assertThat(cards.get("cards").size() + cards.get("refused").size())
        .isEqualTo(GpuCatalog.embedded().all().size());
  }

  @Test
  void prices_that_were_fetched_are_asked_by_every_command_from_then_on() throws IOException {
    String list =
        """
        InstanceType,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region
        gpu_1x_l4,L4,1,0.0123,,here
        """;
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/vms.csv",
        exchange -> {
          exchange.sendResponseHeaders(200, list.length());
          exchange.getResponseBody().write(list.getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    server.start();
    try {
      Environment machine = sources("http://127.0.0.1:" + server.getAddress().getPort());
      CliRun refresh = CliRun.of(List.of("prices", "--refresh"), machine);
      CliRun fit = fit(machine, "--gpu", "l4");
      CliRun prices = CliRun.of(List.of("prices", "l4", "--provider", "mine"), machine);

      assertThat(refresh.code()).as(refresh.out()).isEqualTo(ExitCode.LIMIT_MISSED);
      assertThat(refresh.out())
          .contains("Prices of 1 of 2 sources fetched", "1 offer", "HTTP 404", "nothing kept");
      assertThat(fit.out()).contains("at $0.01 an hour of", "mine; age of the price: 0 days");
      assertThat(prices.out()).contains("0.012", "gpu_1x_l4");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void sources_that_cannot_be_reached_say_how_old_the_program_s_own_list_is() throws IOException {
    Environment machine = sources("http://127.0.0.1:1");
    CliRun refresh = CliRun.of(List.of("prices", "--refresh", "--source", "mine"), machine);
    CliRun json = CliRun.of(List.of("prices", "--refresh", "--format", "json"), machine);
    CliRun none = CliRun.of(List.of("prices", "--list", "fetched"), machine);

    assertThat(refresh.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refresh.out())
        .contains("Prices of 0 of 1 source fetched", "cannot be reached", "nothing kept", "old.");
    assertThat(JsonMapper.shared().readTree(json.out()).get("sources")).hasSize(2);
    assertThat(none.err()).contains("nothing was fetched yet").hasLineCount(1);
  }

  /** A machine with two sources at an address, the second of which is not there. */
  private Environment sources(String address) throws IOException {
    String rows =
        "name\tprovider\tform\taddress\tbody\tsource\n"
            + "mine\tmine\tskypilot\t"
            + address
            + "/vms.csv\t\tthis test\n"
            + "gone\tgone\tskypilot\t"
            + address
            + "/gone.csv\t\tthis test\n";
    Path file = Files.writeString(folder.resolve("sources.tsv"), rows);
    return new Environment(
        CliRun.SURROUNDINGS.clock(),
        Map.of("VRAMCAST_PRICE_SOURCES", file.toString(), "VRAMCAST_CACHE", folder.toString()));
  }

  private static CliRun fit(Environment machine, String... options) {
    List<String> args = new ArrayList<>(List.of("fit", "--offline", "--no-corrections"));
    args.addAll(List.of(options));
    if (!args.contains("--model")) {
      args.addAll(List.of("--model", "qwen2.5-0.5b", "--method", "lora"));
    }
    return CliRun.of(args, machine);
  }

  @Test
  void a_count_in_a_job_file_is_that_of_the_job() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"), "model: {id: qwen2.5-0.5b}\nhardware: {gpu: 'H100:8'}\n");

    JsonNode job = json(CliRun.of("estimate", file.toString(), "--format", "json")).get("job");

    assertThat(job.at("/hardware/count").asInt()).isEqualTo(8);
  }

  private static CliRun estimate(Environment machine, String... options) {
    List<String> common = List.of("estimate", "--offline", "--model", "qwen2.5-0.5b");
    List<String> args = new ArrayList<>(common);
    args.addAll(List.of(options));
    return CliRun.of(args, machine);
  }

  /** One whose driver answers with these lines. */
  private Environment machine(String... lines) throws IOException {
    String script = "#!/bin/sh\ncat <<'END'\n" + String.join("\n", lines) + "\nEND\n";
    Path file = Files.writeString(folder.resolve("nvidia-smi"), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new Environment(CliRun.SURROUNDINGS.clock(), Map.of("PATH", folder.toString()));
  }

  private static List<String> rows(CliRun run) {
    return run.out().lines().filter(line -> line.matches(".* [0-9] × .*")).toList();
  }

  private static JsonNode json(CliRun run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }
}
