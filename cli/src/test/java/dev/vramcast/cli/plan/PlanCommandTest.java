package dev.vramcast.cli.plan;

import static java.math.RoundingMode.HALF_UP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.CliRun;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plan as a whole: what it says of a job is what the other commands say. */
@Tag("slow")
class PlanCommandTest {

  private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
  private static final String MARKET = "--list src/test/resources/golden/inputs/market.csv ";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--tokens 1e7 --methods full,lora,qlora",
        "--lengths p50=300,max=1500 --padding longest --examples 20000 --epochs 2",
        "--tokens 1e7 --by time --headroom 4GiB --eval-tokens 1000000 --saves 3",
        "--tokens 1e7 --framework trl --min-sequence-length 4096 --spot"
      })
  void each_line_is_what_the_other_commands_say_of_its_job(String flags) throws IOException {
    JsonNode lines = lines(plan("qwen2.5-0.5b", flags));
    boolean spot = flags.contains("--spot");

    assertThat(lines).isNotEmpty();
    for (JsonNode line : lines) {
      Path job = Files.writeString(folder.resolve("job.json"), line.get("job").toString());
      List<String> fit = new ArrayList<>(List.of("fit", "--offline", job.toString()));
      fit.addAll(List.of("--headroom", flags.contains("headroom") ? "4GiB" : "0GiB"));
      CliRun run = CliRun.of(fit);
      assertThat(run.code()).as(run.out()).isZero();

      JsonNode again = json(CliRun.of(words(line.get("command").asString() + " --offline")));
      double seconds = again.at("/time/run/total_seconds").asDouble();
      double hours = line.get(spot ? "hours_undisturbed" : "hours").asDouble();
      assertThat(hours).isCloseTo(seconds / 3600, offset(1e-5));
      double paid = line.get("hours").asDouble() * line.get("usd_per_hour").asDouble();
      assertThat(line.get("cost_usd").asDouble()).isCloseTo(paid, offset(1e-4));
    }
  }

  @Test
  void machines_with_too_little_memory_or_disk_are_left_out() throws IOException {
    Path list =
        Files.writeString(
            folder.resolve("mine.csv"),
            """
            instance,gpu,on_demand_usd_per_hour,host_memory_gib,disk_gib
            little memory,RTX 4090,0.10,1,500
            little disk,RTX 4090,0.20,64,0.5
            enough,RTX 4090,0.30,64,500
            unknown,RTX 4090,0.40,,
            """);
    JsonNode plan =
        json(
            CliRun.of(
                command(
                    "plan --offline --format json --model qwen2.5-0.5b --tokens 1e7 --as-of"
                        + " 2026-11-20 --list "
                        + list)));

    assertThat(plan.get("lines").get(0).get("usd_per_hour").asDouble()).isEqualTo(0.3);
    assertThat(excluded(plan, "host memory")).isPositive();
    assertThat(excluded(plan, "disk")).isEqualTo(excluded(plan, "host memory"));
  }

  private static long excluded(JsonNode plan, String constraint) {
    for (JsonNode each : plan.get("excluded")) {
      if (each.get("constraint").asString().equals(constraint)) {
        return each.get("candidates").asLong();
      }
    }
    throw new AssertionError(constraint);
  }

  private static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(command + " --format json");
    while (matcher.find()) {
      words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }
    assertThat(words.remove(0)).isEqualTo("vramcast");
    return words;
  }

  @Test
  void a_front_goes_from_the_cheapest_to_the_fastest() {
    JsonNode front = lines(plan("qwen2.5-0.5b", "--tokens 1e8"));
    JsonNode cheapest = lines(plan("qwen2.5-0.5b", "--tokens 1e8 --by cost")).get(0);
    JsonNode fastest = lines(plan("qwen2.5-0.5b", "--tokens 1e8 --by time")).get(0);

    assertThat(front.size()).isGreaterThan(1);
    assertThat(front.get(0).get("cost_usd")).isEqualTo(cheapest.get("cost_usd"));
    assertThat(front.get(front.size() - 1).get("hours")).isEqualTo(fastest.get("hours"));
  }

  @Test
  void a_job_file_names_the_machines_and_its_data() throws IOException {
    Path data = folder.resolve("data.jsonl");
    Files.writeString(data, "{\"text\": \"one two three\"}\n".repeat(500));
    Path job =
        Files.writeString(
            folder.resolve("job.yaml"),
            "model: {id: qwen2.5-0.5b}\n"
                + "hardware: {gpu: 'H100:8'}\n"
                + "batch: {micro_batch: 2}\n"
                + "data: {file: data.jsonl, epochs: 3}\n");

    JsonNode lines =
        lines(CliRun.of(command("plan --format json --offline " + job + " " + MARKET)));

    assertThat(lines.size()).isEqualTo(1);
    JsonNode planned = lines.get(0).get("job");
    assertThat(planned.at("/hardware/count").asInt()).isEqualTo(8);
    assertThat(planned.at("/batch/micro_batch").asInt()).isEqualTo(2);
    assertThat(planned.at("/data/examples").asInt()).isEqualTo(500);
    assertThat(planned.at("/data/file").isMissingNode()).isTrue();
  }

  @Test
  void what_cannot_be_met_is_exit_code_3_and_counted() {
    CliRun run = plan("llama-3.1-8b", "--tokens 1e9 --methods full --deadline 1min");

    assertThat(run.code()).isEqualTo(ExitCode.DOES_NOT_FIT);
    JsonNode json = JsonMapper.shared().readTree(run.out());
    assertThat(json.get("lines")).isEmpty();
    long excluded = 0;
    for (JsonNode each : json.get("excluded")) {
      excluded += each.get("candidates").asLong();
    }
    assertThat(excluded).isEqualTo(json.get("candidates").asLong());
    assertThat(json.get("memory_of_all_is_known").asBoolean()).isTrue();
  }

  @Test
  void the_files_of_the_first_name_its_offer_and_hold_its_job() throws IOException {
    Path out = folder.resolve("run");
    JsonNode first =
        lines(
                plan(
                    "qwen2.5-0.5b",
                    "--tokens 1e8 --method qlora --write axolotl,skypilot --out " + out))
            .get(0);

    String task = Files.readString(out.resolve("skypilot.yaml"));
    assertThat(task)
        .contains(
            "# Price: $" + first.get("cost_usd").decimalValue().setScale(2, HALF_UP) + " for ")
        .contains("of alpha, a4090", "prices of 2026-11-01")
        .contains("accelerators: \"RTX4090:" + first.at("/job/hardware/count").asInt() + "\"");
    JsonNode batch = first.at("/job/batch");
    assertThat(Files.readString(out.resolve("axolotl.yaml")))
        .contains("adapter: qlora", "micro_batch_size: " + batch.get("micro_batch").asInt())
        .contains("gradient_accumulation_steps: " + batch.get("grad_accum").asInt());
  }

  @Test
  void files_need_a_folder() {
    CliRun run = plan("gpt2", "--tokens 1e6 --write axolotl");

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("--write needs a folder; give --out DIR");
  }

  @Test
  void the_chart_shows_every_line() throws IOException {
    Path chart = folder.resolve("plan.svg");
    CliRun run = plan("qwen2.5-0.5b", "--tokens 1e8 --chart " + chart);

    String svg = Files.readString(chart);
    assertThat(svg.split("class=\"offer\"", -1)).hasSize(lines(run).size() + 1);
    assertThat(svg)
        .contains("id=\"front\"", "hours", "US dollars", "on-demand prices")
        .endsWith("</svg>\n");
    assertThat(svg).doesNotContain("NaN", "Infinity");
  }

  @Test
  void a_pipe_sees_no_progress() {
    assertThat(plan("gpt2", "--tokens 1e6").out()).doesNotContain("\r", "\u001B");
  }

  @Test
  void a_terminal_is_left_without_a_trace_of_progress() {
    StringWriter out = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(new StringWriter()),
            new Terminal(100, true, true),
            CliRun.SURROUNDINGS);

    Vramcast.run(command("plan --offline --model gpt2 --tokens 1e6 " + MARKET), console);

    String[] parts = out.toString().split("\r\u001B\\[K", -1);
    assertThat(parts[parts.length - 1]).contains("gpt2").doesNotContain("\r");
  }

  private static CliRun plan(String model, String flags) {
    return CliRun.of(
        command("plan --offline --format json --model " + model + " " + MARKET + flags));
  }

  private static List<String> command(String line) {
    return List.of(line.strip().split(" +"));
  }

  private static JsonNode lines(CliRun run) {
    return json(run).get("lines");
  }

  private static JsonNode json(CliRun run) {
    assertThat(run.code()).as(run.err()).isZero();
    return JsonMapper.shared().readTree(run.out());
  }
}
