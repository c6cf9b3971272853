package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Isolated("it sets a property of the process")
class VramcastTest {

  @TempDir private Path folder;

  @Test
  void without_arguments_the_help_is_shown() {
    assertThat(CliRun.of().out()).startsWith("Usage: vramcast").isEqualTo(CliRun.of("-h").out());
    assertThat(CliRun.of().code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "estimate",
        "fit",
        "max",
        "plan",
        "lint",
        "models",
        "gpus",
        "prices",
        "cost",
        "sweep",
        "write",
        "guide",
        "validate",
        "calibrate",
        "serve",
        "mcp"
      })
  void every_command_has_help_with_examples(String command) {
    CliRun run = CliRun.of(command, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .startsWith("Usage: vramcast " + command)
        .contains("Examples:\n  vramcast " + command);
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"receipt", "gate"})
  void a_command_of_the_wheel_says_where_it_is(String command) {
    CliRun run = CliRun.of(command, "run.json");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "vramcast: '%s' is a command of the Python package; docs/install.md has its ways\n"
                .formatted(command));
  }

  @Test
  void the_version_is_that_of_the_build() {
    assertThat(CliRun.of("--version").out()).matches("vramcast \\d+\\.\\d+\\.\\d+\n");
    assertThat(CliRun.of("estimate", "-V").out()).isEqualTo(CliRun.of("-V").out());
  }

  @Test
  void a_program_that_asks_so_is_told_of_an_error_in_parts() {
    System.setProperty("vramcast.problems", "json");
    try {
      CliRun run = CliRun.of("fit", "--model", "gpt2", "--method", "qlor");
      JsonNode told = JsonMapper.shared().readTree(run.err());

      assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(told.path("given").stringValue()).isEqualTo("'qlor'");
      assertThat(told.path("nearest").stringValue()).isEqualTo("qlora");
    } finally {
      System.clearProperty("vramcast.problems");
    }
  }

  @Test
  void a_mistake_of_the_program_is_one_line_and_exit_code_70() {
    StringWriter err = new StringWriter();
    Writer broken =
        new Writer() {
          @Override
          public void write(char[] buffer, int offset, int length) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Console console =
        new Console(
            new PrintWriter(broken),
            new PrintWriter(err),
            new Terminal(80, false, false),
            CliRun.SURROUNDINGS);

    assertThat(Vramcast.run(List.of("--help"), console)).isEqualTo(ExitCode.INTERNAL_ERROR);
    assertThat(err.toString().lines()).hasSize(1).first().asString().contains("please report it");
  }

  @Test
  void flags_win_over_the_job_file() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.yaml"),
            "model: {id: llama-3.1-8b}\nlora: {rank: 8}\nbatch: {sequence_length: 512}\n");

    JsonNode job = json("estimate", file.toString(), "--rank", "32", "--format", "json").get("job");

    assertThat(job.at("/lora/rank").asInt()).isEqualTo(32);
    assertThat(job.at("/batch/sequence_length").asInt()).isEqualTo(512);
  }

  @Test
  void a_config_in_a_job_file_is_found_beside_it() throws IOException {
    Files.writeString(folder.resolve("config.json"), tinyLlama());
    Path file =
        Files.writeString(folder.resolve("job.yaml"), "model: {config: config.json}\nmethod: full");

    JsonNode json = json("estimate", file.toString(), "--format", "json");

    assertThat(json.at("/model/layers").asInt()).isEqualTo(2);
  }

  @Test
  void a_config_may_stand_in_the_job_file() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.json"),
            "{\"model\": {\"config\": " + tinyLlama() + "}, \"method\": \"full\"}");

    JsonNode json = json("estimate", file.toString(), "--format", "json");

    assertThat(json.at("/model/hidden_size").asInt()).isEqualTo(64);
    assertThat(json.at("/job/model/config/vocab_size").asInt()).isEqualTo(100);
  }

  @Test
  void a_resolved_job_gives_the_same_estimate_again() throws IOException {
    JsonNode first = json("estimate", "--model", "qwen2.5-7b", "--rank", "8", "--format", "json");
    Path file = Files.writeString(folder.resolve("job.json"), first.get("job").toString());

    JsonNode second = json("estimate", file.toString(), "--format", "json");

    assertThat(second.get("memory")).isEqualTo(first.get("memory"));
  }

  @Test
  void parts_of_the_json_sum_to_the_whole() {
    JsonNode memory =
        json("estimate", "--model", "llama-3.1-8b", "--method", "qlora", "--format", "json")
            .get("memory");
    long peak = memory.get("allocated_bytes").asLong();

    long parts = 0;
    for (JsonNode part : memory.get("breakdown_bytes")) {
      parts += part.asLong();
    }
    long tensors = 0;
    for (JsonNode tensor : memory.get("alive")) {
      tensors += tensor.get("bytes").asLong();
    }

    assertThat(parts).isEqualTo(peak);
    assertThat(tensors).isEqualTo(peak);
    assertThat(memory.get("phase_peak_bytes").get(memory.get("peak_phase").asString()).asLong())
        .isEqualTo(peak);
  }

  @Test
  void a_sequence_beyond_the_model_is_a_warning() {
    String[] args = {"estimate", "--model", "llama-2-7b", "--sequence-length", "5000"};

    CliRun run = CliRun.of(args);

    assertThat(run.code()).isZero();
    assertThat(run.err())
        .isEqualTo(
            "vramcast: warning: --sequence-length 5000 is beyond the 4096 tokens the model was"
                + " made for\n");
    JsonNode json =
        json("estimate", "--model", "llama-2-7b", "--sequence-length", "5000", "--format", "json");
    assertThat(json.get("warnings").get(0).asString()).contains("beyond the 4096 tokens");
  }

  @Test
  void a_length_that_nobody_gave_is_at_most_the_limit_of_the_model() {
    JsonNode json = json("estimate", "--model", "gpt2", "--method", "full", "--format", "json");

    assertThat(json.at("/job/batch/sequence_length").asInt()).isEqualTo(1024);
  }

  @Test
  void a_chart_is_written_whole_into_a_folder_that_is_there() throws IOException {
    Path chart = Files.createDirectory(folder.resolve("a")).resolve("chart.svg");

    CliRun run = CliRun.of("estimate", "--model", "llama-3.1-8b", "--chart", chart.toString());

    assertThat(run.code()).isZero();
    assertThat(chart).content().startsWith("<svg").endsWith("</svg>\n");
    assertThat(chart.getParent()).isDirectoryContaining(file -> file.equals(chart));
    try (var files = Files.list(chart.getParent())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void validate_returns_1_when_a_limit_is_missed() throws IOException {
    Path cases =
        Files.writeString(
            folder.resolve("cases.jsonl"),
            "{\"id\": \"a\", \"source\": \"s\", \"job\": {\"model\": {\"id\": \"gpt2\"},"
                + " \"method\": \"full\", \"batch\": {\"sequence_length\": 128}},"
                + " \"measured\": {\"peak_bytes\": 1, \"kind\": \"allocated\", \"status\": \"ok\","
                + " \"quality\": \"exact\"}}\n");

    CliRun run = CliRun.of("validate", cases.toString(), "--fail-above", "median=0.01");

    assertThat(run.code()).isEqualTo(ExitCode.LIMIT_MISSED);
    assertThat(run.err().lines()).hasSize(1).first().asString().startsWith("vramcast: median is");
    assertThat(CliRun.of("validate", cases.toString()).code()).isZero();
  }

  @Test
  void ranges_are_not_made_from_a_handful_of_runs() throws IOException {
    Path cases = Files.writeString(folder.resolve("cases.jsonl"), "\n");
    Path ranges = folder.resolve("ranges.tsv");

    CliRun run = CliRun.of("validate", cases.toString(), "--write-ranges", ranges.toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(1).first().asString().contains("no run that a range");
    assertThat(ranges).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"gpt2, full, h200, fits", "llama-3.1-70b, full, rtx-4090, does_not_fit"})
  void a_card_gets_a_verdict(String model, String method, String card, String verdict) {
    JsonNode json =
        json("estimate", "--model", model, "--method", method, "--gpu", card, "--format", "json");

    assertThat(json.get("gpu").get("verdict").asString()).isEqualTo(verdict);
  }

  @Test
  void every_number_has_a_range_that_holds_it() {
    JsonNode memory = json("estimate", "--model", "gpt2", "--format", "json").get("memory");

    for (String figure : List.of("allocated", "reserved", "device")) {
      JsonNode range = memory.get("ranges").get(figure);
      assertThat(memory.get(figure + "_bytes").asLong())
          .isBetween(range.get("low_bytes").asLong(), range.get("high_bytes").asLong());
      assertThat(range.get("kind").asString()).isNotBlank();
      assertThat(range.get("runs").asInt()).isGreaterThanOrEqualTo(range.get("sources").asInt());
    }
  }

  private static JsonNode json(String... args) {
    CliRun run = CliRun.of(args);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    return JsonMapper.builder().build().readTree(run.out());
  }

  private static String tinyLlama() {
    return "{\"model_type\": \"llama\", \"hidden_size\": 64, \"num_hidden_layers\": 2,"
        + " \"num_attention_heads\": 2, \"intermediate_size\": 128, \"vocab_size\": 100}";
  }
}
