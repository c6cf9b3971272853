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
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with the input: one line that says so, exit code 2, nothing else. */
class BadInputTest {

  private static final String COST = "cost --offline --model qwen2.5-0.5b ";

  private static final String ESTIMATE = "estimate --offline --model llama-3.1-8b ";

  private static final String PLAN = "plan --offline --model gpt2 --tokens 1e6 ";

  private static final String CALIBRATE =
      "calibrate --offline --model gpt2 --method full --sequence-length 256 --gpu rtx-4090 ";

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
        Arguments.of("gpus rtx-4099", "matches no GPU. Did you mean 'RTX 4090'?"),
        Arguments.of("gpus h100,h200x", "'h200x' matches no GPU. Did you mean 'H200'?"),
        Arguments.of("prices h100x", "matches no GPU. Did you mean 'H100'?"),
        Arguments.of("max --memory 0GB", "--memory is '0GB', allowed: more than 0"),
        Arguments.of(
            "max --batch --model llama-3.1-8b --gpu l4 --micro-batch 4",
            "--micro-batch cannot be given too"),
        Arguments.of(
            "serve --port 65536", "--port is '65536', allowed: a whole number from 0 to 65535"),
        Arguments.of("serve --port http", "--port is 'http'"),
        Arguments.of("serve --time-limit 0", "--time-limit is '0', allowed: a whole number from 1"),
        Arguments.of("serve --max-body 1TB", "--max-body is '1TB', allowed: from"),
        Arguments.of("serve --max-body 5", "--max-body is '5', allowed: a number with MB"),
        Arguments.of("serve", "needs"),
        Arguments.of("mcp", "vramcast mcp needs"),
        Arguments.of("mcp --port 1", "unknown option '--port'"),
        Arguments.of("gpus 24GB..:48GB", "has a second size of memory"),
        Arguments.of("gpus 48GB..24GB", "matches no GPU"),
        Arguments.of("gpus --format xml", "allowed: table, json"),
        Arguments.of("prices rtx-4099", "matches no GPU. Did you mean 'RTX 4090'?"),
        Arguments.of("prices mi300x", "none of the 191 offers is of 'mi300x'"),
        Arguments.of("prices h100:7", "none of the 191 offers is of 'h100:7'"),
        Arguments.of("prices --list market-2026-10", "Did you mean 'market-2026-09'?"),
        Arguments.of("prices --list no-such.csv", "no price list 'no-such.csv', and no such file"),
        Arguments.of("prices --list a,,b", "with an empty part"),
        Arguments.of("prices --list src", "src: is a directory"),
        Arguments.of("prices --provider awz", "Did you mean 'aws'?"),
        Arguments.of("prices --region mars", "--region 'mars' leaves no offer"),
        Arguments.of("prices --as-of 2026", "expected a day as 2026-07-01"),
        Arguments.of("prices --write .", "expected a file to write"),
        Arguments.of("cost --tokens 1e6", "no model: give --model NAME"),
        Arguments.of("sweep", "nothing to sweep: give a spec or a table"),
        Arguments.of("sweep a.yaml b.yaml", "one spec or table is swept at a time"),
        Arguments.of("sweep no.yaml", "no.yaml: no such file"),
        Arguments.of("sweep no.csv", "no.csv: no such file"),
        Arguments.of("sweep no.yaml --threads 0", "--threads is '0', allowed: a whole number"),
        Arguments.of(COST, "no tokens to train on: give --tokens COUNT"),
        Arguments.of(COST + "--tokens 0", "data.tokens is '0', allowed: a number from 1"),
        Arguments.of(COST + "--tokens NaN", "data.tokens is 'NaN'"),
        Arguments.of(COST + "--tokens 1e18 --gpu h100", "would take more than 1,000 years"),
        Arguments.of(COST + "--examples 9 --epochs 0", "data.epochs is 0"),
        Arguments.of(
            COST + "--examples 1e15 --tokens-per-example 1e9 --epochs 1e6 --gpu h100", "years"),
        Arguments.of(COST + "--tokens 9 --gpu rtx-4099", "Did you mean 'RTX 4090'?"),
        Arguments.of(COST + "--tokens 9 --gpu mi300x", "none of the 191 offers is of 'mi300x'"),
        Arguments.of(COST + "--tokens 9 --gpu h100:8 --count 4", "as hardware.count says: 4"),
        Arguments.of(COST + "--tokens 9 --count 4 --nodes 2", "allowed: 1, since one machine"),
        Arguments.of(COST + "--tokens 9 --provider awz", "Did you mean 'aws'?"),
        Arguments.of(COST + "--tokens 9 --gpu l4 --region mars", "--region 'mars' leaves no offer"),
        Arguments.of(COST + "--tokens 9 --interruptions-every 0h", "'0h', allowed: a time from 1s"),
        Arguments.of(
            COST + "--tokens 9 --interruptions-every -1h", "--interruptions-every is '-1h'"),
        Arguments.of(COST + "--tokens 9 --checkpoint-every NaN", "--checkpoint-every is 'NaN'"),
        Arguments.of(COST + "--tokens 9 --restart Infinityh", "--restart is 'Infinityh'"),
        Arguments.of(COST + "--tokens 9 --restart 999999999d", "to 3650d"),
        Arguments.of(COST + "--tokens 9 --restart 24", "with s, min, h or d, such as 24h"),
        Arguments.of(COST + "--tokens 9 --params 7B", "--params cannot be given too"),
        Arguments.of(COST + "--tokens 9 --active-params 3B", "needs --params"),
        Arguments.of("cost --params 7B --tokens 9 --eval-tokens 3", "--eval-tokens needs a model"),
        Arguments.of("cost --params 7B --tokens 1e18", "would take more than 1,000 years"),
        Arguments.of("cost --params 7B", "no tokens to train on"),
        Arguments.of("write --model gpt2", "no format: give --to"),
        Arguments.of("write --model gpt2 --to axolotle", "Did you mean 'axolotl'?"),
        Arguments.of("write --model gpt2 --to axolotl,", "--to is ''"),
        Arguments.of("write --model gpt2 --to axolotl,slurm", "these are 2 files"),
        Arguments.of("write --model gpt2 --to axolotl --out pom.xml", "is no folder"),
        Arguments.of("write --model gpt2 --to axolotl --method freeze", "cannot be told method"),
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
        Arguments.of(
            "estimate --model gte-modernbert-base --framework trl --method full",
            "the model has none, allowed: full"),
        Arguments.of(ESTIMATE + "--torch banana", "a version such as"),
        Arguments.of(ESTIMATE + "--format yaml", "--format is 'yaml'"),
        Arguments.of(ESTIMATE + "--gpu rtx-9999", "unknown GPU 'rtx-9999'"),
        Arguments.of(ESTIMATE + "--gpu a100", "say which"),
        Arguments.of(ESTIMATE + "--gpu 4xh100 --count 2", "hardware.count is 2"),
        Arguments.of(ESTIMATE + "--gpu h100:1 --count 2", "names 1 GPU, but hardware.count is 2"),
        Arguments.of(ESTIMATE + "--gpu h100:0", "a count that is not from 1 to"),
        Arguments.of(ESTIMATE + "--gpu 24GB..", "may be any of 'RTX 3090'"),
        Arguments.of(ESTIMATE + "--gpu rtx6000", "'Quadro RTX 6000 24GB'"),
        Arguments.of(ESTIMATE + "--gpu local", "no nvidia-smi in PATH"),
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
        Arguments.of("estimate --params 7B --timeline --format json", "--timeline"),
        Arguments.of(ESTIMATE + "--timeline", "needs --format json"),
        Arguments.of("estimate --offline --model llama-3.1-8", "'llama-3.1-8b'"),
        Arguments.of("estimate --offline --model ./no-such-folder", "no such file"),
        Arguments.of("estimate no-such-file.yaml", "no-such-file.yaml: no such file"),
        Arguments.of("estimate llama-3.1-8b", "Did you mean '--model llama-3.1-8b'?"),
        Arguments.of("estimate a.yaml b.yaml", "a.yaml: no such file"),
        Arguments.of("estimate a.yaml --as axolotol", "Did you mean 'axolotl'?"),
        Arguments.of("lint", "no file"),
        Arguments.of("lint no-such-file.yaml", "no-such-file.yaml: no such file"),
        Arguments.of("estimate src", "is a directory"),
        Arguments.of("fit --model gpt2", "no GPU"),
        Arguments.of("fit --model gpt2 --gpu rtx-4090 --headroom 25GiB", "allowed: less than that"),
        Arguments.of("fit --model gpt2 --gpu rtx-4090 --headroom lots", "such as 2GiB"),
        Arguments.of("plan", "no model"),
        Arguments.of(PLAN + "--budget -5", "--budget is '-5', allowed: US dollars above 0"),
        Arguments.of(PLAN + "--budget NaN", "--budget is 'NaN'"),
        Arguments.of(PLAN + "--budget Infinity", "--budget is 'Infinity'"),
        Arguments.of(PLAN + "--budget 1e999", "--budget is '1e999'"),
        Arguments.of(PLAN + "--budget 10000000000", "below 1000000000"),
        Arguments.of(PLAN + "--budget 0", "--budget is '0'"),
        Arguments.of(PLAN + "--deadline 12", "with min, h or d, such as 12h"),
        Arguments.of(PLAN + "--deadline -12h", "--deadline is '-12h'"),
        Arguments.of(PLAN + "--deadline NaNh", "--deadline is 'NaNh'"),
        Arguments.of(PLAN + "--deadline 99999999d", "below 1000000"),
        Arguments.of(PLAN + "--deadline 0h", "--deadline is '0h'"),
        Arguments.of(PLAN + "--by costs", "Did you mean 'cost'?"),
        Arguments.of(PLAN + "--methods full,lroa", "Did you mean 'lora'?"),
        Arguments.of(PLAN + "--methods lora,lora", "with one of them twice"),
        Arguments.of(PLAN + "--methods lora --method full", "both choose the method"),
        Arguments.of(PLAN + "--min-global-batch 0", "a whole number from 1 to 1000000"),
        Arguments.of(PLAN + "--min-global-batch 9999999999", "a whole number from 1 to 1000000"),
        Arguments.of(PLAN + "--min-sequence-length many", "--min-sequence-length is 'many'"),
        Arguments.of(
            PLAN + "--min-sequence-length 4096 --sequence-length 2048",
            "batch.sequence_length is 2048, but --min-sequence-length is 4096"),
        Arguments.of(PLAN + "--gpu rtx-4099", "matches no GPU. Did you mean 'RTX 4090'?"),
        Arguments.of(PLAN + "--gpu h100:7", "none of the 191 offers is of 'h100:7'"),
        Arguments.of(PLAN + "--count 7", "--count 7 leaves none of the 191 offers"),
        Arguments.of(PLAN + "--provider awz", "Did you mean 'aws'?"),
        Arguments.of(PLAN + "--region mars", "--region 'mars' leaves no offer"),
        Arguments.of(PLAN + "--provider lambda --gpu t4", "--gpu excludes 6,"),
        Arguments.of(PLAN + "--gpu t4", "(T4 has no bf16, allowed: --precision fp16-mixed)"),
        Arguments.of(PLAN + "--nodes 2", "an offer is one machine, allowed: 1"),
        Arguments.of(PLAN + "--headroom lots", "such as 2GiB"),
        Arguments.of(PLAN + "--chart .", "is a directory"),
        Arguments.of("plan --offline --model gpt2", "give --tokens, --examples, or --data-file"),
        Arguments.of("max", "--memory SIZE"),
        Arguments.of("max --memory 24", "'24'"),
        Arguments.of("max --memory -24GB", "'-24GB'"),
        Arguments.of("max --memory 24GB --gpu rtx-4090", "one of them"),
        Arguments.of("max --gpu rtx-4090 --model gpt2", "allowed: --batch, --sequence"),
        Arguments.of("max --batch --sequence --gpu rtx-4090 --model gpt2", "exclude each other"),
        Arguments.of("max --batch --gpu rtx-4090", "no model"),
        Arguments.of("max --model --memory 1MiB --method full", "no model of the catalogue"),
        Arguments.of("calibrate --model gpt2", "no run: give --run FILE"),
        Arguments.of("calibrate --model gpt2 --run", "--run needs a value"),
        Arguments.of("calibrate --model gpt2 --run gone.json", "gone.json: no such file"),
        Arguments.of("calibrate --model gpt2 --run src", "src: is a directory"),
        Arguments.of("calibrate --model gpt2 --run pom.xml", "pom.xml: reports no memory"),
        Arguments.of("calibrate --allocated 2GiB", "no model"),
        Arguments.of(CALIBRATE + "--allocated 21.3", "--allocated is '21.3', allowed: a number"),
        Arguments.of(CALIBRATE + "--allocated 21.3G", "allowed: a number with MB, GB"),
        Arguments.of(CALIBRATE + "--allocated -1GiB", "--allocated is '-1GiB'"),
        Arguments.of(CALIBRATE + "--allocated NaNGiB", "--allocated is 'NaNGiB'"),
        Arguments.of(CALIBRATE + "--allocated 0GiB", "more than 0"),
        Arguments.of(CALIBRATE + "--allocated 999999999TiB", "up to 1024 TiB"),
        Arguments.of(CALIBRATE + "--allocated 3GiB --reserved 2GiB", "contradict each other"),
        Arguments.of(CALIBRATE + "--reserved 3GiB --device 2GiB", "may have missed the peak"),
        Arguments.of(CALIBRATE + "--device 80GiB", "RTX 4090 has 24564 MiB: name the card"),
        Arguments.of(CALIBRATE + "--tokens-per-second fast", "is 'fast', allowed: a number"),
        Arguments.of(CALIBRATE + "--tokens-per-second 0", "a number above 0"),
        Arguments.of(CALIBRATE + "--allocated 2GiB --save", "no place for corrections"),
        Arguments.of(CALIBRATE + "--allocated 2GiB --save --list", "exclude each other"),
        Arguments.of(CALIBRATE + "--allocated 9GiB --save --corrections x.ini", "another job"),
        Arguments.of(CALIBRATE + "--after-load 1GiB --save --corrections x.ini", "nothing to keep"),
        Arguments.of(CALIBRATE + "--allocated 2GiB --save a/b --corrections x.ini", "64 letters"),
        Arguments.of("calibrate --forget x --corrections gone.ini", "gone.ini does not exist"),
        Arguments.of("calibrate --list --corrections src", "src' is a directory"),
        Arguments.of("calibrate --list --corrections pom.xml", "pom.xml line 1"),
        Arguments.of(ESTIMATE + "--gpu rtx-4090 --corrections pom.xml", "pom.xml line 1"));
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
        Arguments.of("no_format", "colour: {red: 1}", "is of no known format, looked for:"),
        Arguments.of("template", "base_model: {{ model }}", "line 1"),
        Arguments.of("variable", "base_model: ${MODEL}", "line 1: base_model is '${MODEL}'"),
        Arguments.of("unknown_key", "model: {id: a}\nlora: {rnak: 4}", "Did you mean 'lora.rank'?"),
        Arguments.of("unknown_value", "method: lorra", "Did you mean 'lora'?"),
        Arguments.of("negative", "model: {id: a}\nbatch: {micro_batch: -1}", "line 2"),
        Arguments.of("twice", "method: lora\nmethod: full", "twice"),
        Arguments.of("truncated", "model: {id: a", "line 1"),
        Arguments.of("truncated_json", "{\"model\": {\"id\": \"a\"", "JSON"),
        Arguments.of("aliases", aliasBomb(), "aliases are not supported"),
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
        Arguments.of("ambiguous", own + "A100,2\n", "ambiguous.csv:2:1: gpu: 'A100' may be any of"),
        Arguments.of("unknown", own + "RTX 4091,2\n", "unknown.csv:2:1: gpu: unknown GPU"),
        Arguments.of("control", own + "\"a\nb\u0007\",2\n", "control.csv:2:1"),
        Arguments.of("unclosed", own + "\"H100,2\n", "not valid CSV"),
        Arguments.of("cut_off", own + "H100,2\nH2", "cut_off.csv:3:1: 1 cells, expected 2"),
        Arguments.of("semicolons", own.replace(',', ';'), "must be divided by commas"),
        Arguments.of("suspicious", skypilot + "p5,H100,8.0,4,5,us\n", "spot above on-demand"),
        Arguments.of("other", "a,b\n1,2\n", "those of no known form"),
        Arguments.of("large", "gpu\n" + "x".repeat(34_000_000), "larger than 32 MiB"));
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
