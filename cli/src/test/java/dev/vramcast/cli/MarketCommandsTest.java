package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.cli.console.Environment;
import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** GPUs and prices where they meet the clock, the files and the machine. */
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
    CliRun first = CliRun.of("prices", "h100", "--all", "--write", file.toString());

    CliRun again = CliRun.of("prices", "--all", "--list", file.toString());

    assertThat(Files.readString(file)).startsWith("provider,instance,gpu,count,on_demand");
    assertThat(rows(again)).isEqualTo(rows(first)).hasSizeGreaterThan(20);
  }

  @Test
  void money_is_exact_in_json() {
    JsonNode offers = json(CliRun.of("prices", "h200:8", "--format", "json")).get("offers");

    assertThat(offers.findValuesAsString("on_demand_usd_per_hour")).contains("63.296", "28");
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

  @Test
  void the_rule_of_thumb_says_that_it_counts_one_gpu() {
    CliRun run = CliRun.of("estimate", "--params", "7B", "--gpu", "H100:8");

    assertThat(run.err()).contains("the rule of thumb takes no account of --count");
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
