package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with the input: one line that says so, exit code 2, nothing else. */
class BadInputTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvFileSource(resources = "bad-input.tsv", numLinesToSkip = 1, delimiter = '\t')
  void a_wrong_command_line_is_refused_in_one_line(String line, String hint) {
    refused(hint, List.of(line.split(" ")));
  }

  /** The content of a job file and what the message about it must contain. */
  static Stream<Arguments> job_files() {
    return Stream.of(
        Arguments.of("empty", "", "is empty"),
        Arguments.of("list", "- model", "holds a list"),
        Arguments.of("no_format", "colour: {red: 1}", "is of no known format: "),
        Arguments.of("template", "base_model: {{ model }}", "template.yaml:1:1: base_model is"),
        Arguments.of(
            "variable", "base_model: ${MODEL}", "variable.yaml:1:1: base_model is '${MODEL}'"),
        Arguments.of("unknown_key", "model: {id: a}\nlora: {rnak: 4}", "Did you mean 'lora.rank'?"),
        Arguments.of("unknown_value", "method: lorra", "Did you mean 'lora'?"),
        Arguments.of("model", "model: {id: gpt9}", "model.yaml:1:9: unknown model 'gpt9'"),
        Arguments.of(
            "card", "model: {id: gpt2}\nhardware: {gpu: b9}", "card.yaml:2:12: unknown GPU 'b9'"),
        Arguments.of("negative", "model: {id: a}\nbatch: {micro_batch: -1}", "negative.yaml:2:9: "),
        Arguments.of(
            "below_the_resolver",
            "model: {id: llama-3.1-8b}\nhardware: {count: 2}\nparallelism:\n  strategy: megatron\n"
                + "  pipeline: 2\n  layers_per_stage: [3, 4]",
            "below_the_resolver.yaml:6:3: parallelism.layers_per_stage "),
        Arguments.of("twice", "method: lora\nmethod: full", "twice"),
        Arguments.of("truncated", "model: {id: a", "truncated.yaml:1:14: "),
        Arguments.of("truncated_json", "{\"model\": {\"id\": \"a\"", "JSON"),
        Arguments.of("aliases", aliasBomb(), "aliases are not supported"),
        Arguments.of("alias", "sequence_len: *a", "alias.yaml:1:15: an alias to nothing"),
        Arguments.of("deep", "a: " + "[".repeat(100_000), "deep"),
        Arguments.of("deep_json", "{\"a\":" + "[".repeat(100_000), "deep"),
        Arguments.of(
            "counts", "model: {id: a}\nhardware: {gpu: 'H100:8', count: 4}", "names 8 GPUs, but"),
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

  /** The content of a price list and what the message about it must contain. */
  static Stream<Arguments> price_lists() {
    String own = "gpu,on_demand_usd_per_hour\n";
    String skypilot = "InstanceType,AcceleratorName,AcceleratorCount,Price,SpotPrice,Region\n";
    return Stream.of(
        Arguments.of("empty", "", "is empty"),
        Arguments.of("no_rows", own, "has no row with a GPU and a price"),
        Arguments.of("nan", own + "H100,NaN\n", "nan.csv:2:6: on_demand_usd_per_hour is 'NaN'"),
        Arguments.of("negative", own + "H100,-2\n", "negative.csv:2:6"),
        Arguments.of("overflow", own + "H100,1e999\n", "overflow.csv:2:6"),
        Arguments.of("ambiguous", own + "A100,2\n", "ambiguous.csv:2:1: 'A100' may be any of"),
        Arguments.of("unknown", own + "RTX 4091,2\n", "unknown.csv:2:1: unknown GPU"),
        Arguments.of("control", own + "\"a\nb\u0007\",2\n", "control.csv:2:1"),
        Arguments.of("unclosed", own + "\"H100,2\n", "unclosed.csv:2: has a quote that"),
        Arguments.of("cut_off", own + "H100,2\nH2", "cut_off.csv:3:1: 1 cells, expected 2"),
        Arguments.of("semicolons", own.replace(',', ';'), "must be divided by commas"),
        Arguments.of("suspicious", skypilot + "p5,H100,8.0,4,5,us\n", "spot above on-demand"),
        Arguments.of("other", "a,b\n1,2\n", "those of no known form"),
        Arguments.of("large", "gpu\n" + "x".repeat(34_000_000), "longer than 32 MiB"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("price_lists")
  void a_wrong_price_list_is_refused_in_one_line(String name, String content, String hint)
      throws IOException {
    Path file = Files.writeString(folder.resolve(name + ".csv"), content);

    refused(hint, List.of("prices", "--list", file.toString()));
  }

  /** A pickle and what the message about it must contain. */
  static Stream<Arguments> pickles() {
    String start = "\u0080\u0004";
    return Stream.of(
        Arguments.of("global", start + "cos\nsystem\n\u008c\u0002lsR.", "names a Python object"),
        Arguments.of("long", start + "X\u00ff\u00ff\u00ff\u007f", "a text of 2147483647 bytes"),
        Arguments.of("deep", start + "(".repeat(200_000), "begun and not ended"),
        Arguments.of("loop", start + "}\u0094\u008c\u0008segmentsh\u0000s.", "is no list"),
        Arguments.of("cut_off", start + "}\u008c\u0008segm", "the pickle is cut off"),
        Arguments.of("other", start + "].", "not a memory snapshot"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pickles")
  void a_foreign_pickle_is_refused_in_one_line(String name, String latin, String hint)
      throws IOException {
    byte[] bytes = latin.getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve(name + ".pickle"), bytes);

    refused(hint, List.of("calibrate", "--model", "gpt2", "--run", file.toString()));
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
        Arguments.of("no_type", "{}", "model_type is missing"),
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
    assertThat(run.err()).startsWith("vramcast: ").contains("\tat dev.vramcast");
  }

  private static void refused(String hint, List<String> args) {
    CliRun run = CliRun.of(new ArrayList<>(args));

    assertThat(run.err()).contains(hint);
    assertThat(run.err().lines()).hasSize(1).first().asString().startsWith("vramcast: ");
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
