package dev.tunefit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tunefit.cli.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with the input: one line that says so, exit code 2, nothing else. */
class BadInputTest {

  private static final String ESTIMATE = "estimate --offline --model llama-3.1-8b ";

  @TempDir private Path folder;

  /** A command line and what its message must contain. */
  static Stream<Arguments> command_lines() {
    return Stream.of(
        Arguments.of("esimate", "'esimate'. Did you mean 'estimate'?"),
        Arguments.of("nonsense", "unknown command 'nonsense'"),
        Arguments.of("--verison", "Did you mean '--version'?"),
        Arguments.of("guide --modle x", "unknown option '--modle'"),
        Arguments.of("models a b", "unexpected argument 'b'"),
        Arguments.of("models zzzzzz", "'zzzzzz'"),
        Arguments.of("models --format xml", "allowed: table, json"),
        Arguments.of("validate", "no cases"),
        Arguments.of("validate no-such-file.jsonl", "no-such-file.jsonl"),
        Arguments.of("validate x.jsonl --fail-above media=0.1", "Did you mean 'median'?"),
        Arguments.of("validate --write-ranges .", "expected a file to write"),
        Arguments.of("estimate", "--model"),
        Arguments.of("estimate --rnak 4", "Did you mean '--rank'?"),
        Arguments.of("estimate --rank", "--rank needs a value"),
        Arguments.of(ESTIMATE + "--rank 4 --rank 8", "--rank is given twice"),
        Arguments.of(ESTIMATE + "--rank -4", "'-4', allowed: a whole number from 1"),
        Arguments.of(ESTIMATE + "--rank 0", "lora.rank"),
        Arguments.of(ESTIMATE + "--rank 99999999999999999999", "lora.rank"),
        Arguments.of(ESTIMATE + "--rank 1e9", "lora.rank"),
        Arguments.of(ESTIMATE + "--rank 16.5", "lora.rank"),
        Arguments.of(ESTIMATE + "--rank NaN", "lora.rank"),
        Arguments.of(ESTIMATE + "--dropout 2", "a number from 0 to 1"),
        Arguments.of(ESTIMATE + "--compile=maybe", "--compile is 'maybe'"),
        Arguments.of(ESTIMATE + "--method lroa", "Did you mean 'lora'?"),
        Arguments.of(ESTIMATE + "--optimizer adam", "Did you mean 'adamw'?"),
        Arguments.of(ESTIMATE + "--checkpointing yes", "none, full, selective, offloaded"),
        Arguments.of(ESTIMATE + "--loss", "--loss needs a value"),
        Arguments.of(ESTIMATE + "--torch banana", "a version such as"),
        Arguments.of(ESTIMATE + "--format yaml", "--format is 'yaml'"),
        Arguments.of(ESTIMATE + "--gpu rtx-9999", "unknown GPU 'rtx-9999'"),
        Arguments.of(ESTIMATE + "--gpu a100", "say which"),
        Arguments.of(ESTIMATE + "--gpu 4xh100 --count 2", "hardware.count is 2"),
        Arguments.of(ESTIMATE + "--micro-batch 1000000 --sequence-length 100000000", "too large"),
        Arguments.of(ESTIMATE + "--chart .", "is a directory"),
        Arguments.of(ESTIMATE + "--params 7B", "--params"),
        Arguments.of(ESTIMATE + "--active-params 3B", "needs --params"),
        Arguments.of(ESTIMATE + "--saves many", "--saves is 'many'"),
        Arguments.of(ESTIMATE + "--saves 1000001", "0 to 1000000"),
        Arguments.of(ESTIMATE + "--eval-tokens -1", "--eval-tokens is '-1'"),
        Arguments.of("estimate --params seven", "'seven'"),
        Arguments.of("estimate --params -7B", "'-7B'"),
        Arguments.of("estimate --params 7B --active-params 8B", "active parameters"),
        Arguments.of("estimate --params 7B --method galore", "galore"),
        Arguments.of("estimate --params 7B --chart x.svg", "--chart"),
        Arguments.of("estimate --offline --model llama-3.1-8", "'llama-3.1-8b'"),
        Arguments.of("estimate --offline --model ./no-such-folder", "no such file"),
        Arguments.of("estimate no-such-file.yaml", "no-such-file.yaml: no such file"),
        Arguments.of("estimate llama-3.1-8b", "Did you mean '--model llama-3.1-8b'?"),
        Arguments.of("estimate a.yaml b.yaml", "unexpected argument 'b.yaml'"),
        Arguments.of("estimate src", "is a directory"));
  }

  @ParameterizedTest
  @MethodSource("command_lines")
  void a_wrong_command_line_is_refused_in_one_line(String line, String hint) {
    refused(hint, List.of(line.split(" ")));
  }

  /** The content of a job file and what the message about it must contain. */
  static Stream<Arguments> job_files() {
    return Stream.of(
        Arguments.of("empty", "", "is empty"),
        Arguments.of("list", "- model", "holds a list"),
        Arguments.of("unknown_key", "model: {id: a}\nlora: {rnak: 4}", "Did you mean 'lora.rank'?"),
        Arguments.of("unknown_value", "method: lorra", "Did you mean 'lora'?"),
        Arguments.of("negative", "model: {id: a}\nbatch: {micro_batch: -1}", "line 2"),
        Arguments.of("twice", "method: lora\nmethod: full", "twice"),
        Arguments.of("truncated", "model: {id: a", "line 1"),
        Arguments.of("truncated_json", "{\"model\": {\"id\": \"a\"", "JSON"),
        Arguments.of("aliases", aliasBomb(), "aliases are not supported"),
        Arguments.of("deep", "a: " + "[".repeat(100_000), "deep"),
        Arguments.of("deep_json", "{\"a\":" + "[".repeat(100_000), "deep"),
        Arguments.of("tag", "model: !!java.net.URL [\"http://localhost/\"]", "tags"),
        Arguments.of("control", "method: \"a\\u0000b\\nc\"", "method"),
        Arguments.of("long", "#".repeat(2_000_000), "longer than"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("job_files")
  void a_wrong_job_file_is_refused_in_one_line(String name, String content, String hint)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".yaml"), content);

    refused(hint, List.of("estimate", file.toString()));
  }

  @Test
  void a_job_file_that_is_no_text_is_refused_in_one_line() throws IOException {
    Path file = Files.write(folder.resolve("job.yaml"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});

    refused("is not UTF-8 text", List.of("estimate", file.toString()));
  }

  /** The content of a config.json and what the message about it must contain. */
  static Stream<Arguments> configs() {
    return Stream.of(
        Arguments.of("empty", "", "config.json"),
        Arguments.of("no_type", "{}", "'model_type' is missing"),
        Arguments.of("unknown_type", "{\"model_type\": \"lama\"}", "Did you mean 'llama'?"),
        Arguments.of(
            "no_hidden_size",
            "{\"model_type\": \"llama\", \"num_hidden_layers\": 2}",
            "is missing"),
        Arguments.of("negative", llama("-64"), "hidden_size"),
        Arguments.of("text", llama("\"64\""), "hidden_size"),
        Arguments.of("huge", llama("9223372036854775807"), "hidden_size"),
        Arguments.of("truncated", llama("64").substring(0, 60), "config.json"),
        Arguments.of("list", "[]", "config.json"),
        Arguments.of("deep", "[".repeat(100_000), "config.json"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("configs")
  void a_wrong_config_is_refused_in_one_line(String name, String content, String hint)
      throws IOException {
    Path file = Files.writeString(folder.resolve("config.json"), content);

    refused(hint, List.of("estimate", "--model-config", file.toString()));
  }

  @Test
  void the_stack_trace_is_shown_with_debug_only() {
    CliRun run = CliRun.of("estimate", "--model", "llama-3.1-8", "--offline", "--debug");

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).startsWith("tunefit: ").contains("\tat dev.tunefit");
  }

  private static void refused(String hint, List<String> args) {
    CliRun run = CliRun.of(new ArrayList<>(args));

    assertThat(run.err()).contains(hint);
    assertThat(run.err().lines()).hasSize(1).first().asString().startsWith("tunefit: ");
    assertThat(run.err()).doesNotContain("Exception", "\tat ");
    assertThat(run.out()).isEmpty();
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
  }

  private static String llama(String hiddenSize) {
    return "{\"model_type\": \"llama\", \"hidden_size\": "
        + hiddenSize
        + ", \"num_hidden_layers\": 2, \"num_attention_heads\": 2, \"intermediate_size\": 128,"
        + " \"vocab_size\": 100}";
  }

  private static String aliasBomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 10; i++) {
      String[] aliases = new String[9];
      Arrays.fill(aliases, "*a" + (i - 1));
      text.append("a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", aliases)));
    }
    return text.toString();
  }
}
