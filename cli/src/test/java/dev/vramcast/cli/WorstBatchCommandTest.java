package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.input.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lengths of examples on the command line, and what becomes of the estimate. */
@Tag("slow")
class WorstBatchCommandTest {

  private static final String QLORA =
      "estimate --offline --model llama-3.1-8b --method qlora --profile bare --checkpointing full";
  private static final String LENGTHS = " --lengths p50=512,p95=2048,p99=4096,max=8192";
  private static final String LONGEST = " --padding longest";

  @TempDir private Path folder;

  private static CliRun run(String line) {
    CliRun run = CliRun.of(List.of(line.split(" ")));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private static Map<String, Object> json(String line) {
    String out = run(line + " --format json").out();
    return Json.object("out", out.getBytes(StandardCharsets.UTF_8));
  }

  private static Map<?, ?> at(Map<?, ?> json, String... path) {
    Map<?, ?> inner = json;
    for (String name : path) {
      inner = (Map<?, ?>) inner.get(name);
    }
    return inner;
  }

  private static long allocated(Map<?, ?> json) {
    return (Long) at(json, "memory").get("allocated_bytes");
  }

  private static Object length(Map<?, ?> json) {
    return at(json, "job", "batch").get("sequence_length");
  }

  private static Map<?, ?> setting(Map<?, ?> json, String key) {
    return ((List<?>) json.get("settings"))
        .stream()
            .map(value -> (Map<?, ?>) value)
            .filter(value -> value.get("key").equals(key))
            .findFirst()
            .orElseThrow();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  @Test
  void the_peak_is_that_of_the_longest_example() {
    Map<String, Object> longest = json(QLORA + LONGEST + LENGTHS);

    assertThat(length(longest)).isEqualTo(8192L);
    assertThat(allocated(longest))
        .isEqualTo(allocated(json(QLORA + LONGEST + " --sequence-length 8192")));
    assertThat(setting(longest, "batch.sequence_length").get("note"))
        .isEqualTo("the longest example");
  }

  @Test
  void a_cut_off_shortens_the_longest_example() {
    Map<String, Object> cut = json(QLORA + LONGEST + LENGTHS + " --sequence-length 2048");

    assertThat(length(cut)).isEqualTo(2048L);
    assertThat((Double) at(cut, "worst_batch").get("cut_share")).isBetween(0.0499, 0.0501);
    assertThat(at(cut, "worst_batch").get("longest_batch")).isEqualTo(2048L);
  }

  @Test
  void a_cut_off_beyond_the_longest_example_is_never_met() {
    Map<String, Object> cut = json(QLORA + LONGEST + LENGTHS + " --sequence-length 20000");

    assertThat(length(cut)).isEqualTo(8192L);
    assertThat(setting(cut, "batch.sequence_length").get("note"))
        .isEqualTo("the longest example; longer ones would be cut at 20000");
  }

  @Test
  void without_a_cut_off_the_models_limit_cuts() {
    Map<String, Object> json =
        json("estimate --offline --model gpt2 --method full" + LONGEST + LENGTHS);

    assertThat(length(json)).isEqualTo(1024L);
    assertThat(setting(json, "batch.sequence_length").get("note"))
        .isEqualTo("the model's limit, shorter than the longest example");
  }

  @Test
  void a_frameworks_cut_off_holds() {
    assertThat(length(json(QLORA + " --framework trl" + LENGTHS))).isEqualTo(1024L);
  }

  @Test
  void packed_and_padded_batches_are_all_alike_whatever_the_lengths() {
    for (String padding : List.of("packed", "padded")) {
      String line = QLORA + " --gpu rtx-4090 --padding " + padding;
      Map<String, Object> json = json(line + LENGTHS);

      assertThat(allocated(json)).isEqualTo(allocated(json(line)));
      assertThat(at(json, "worst_batch").get("survives")).isNull();
      assertThat(run(line + LENGTHS).out().replaceAll("\\s+", " "))
          .contains("batch.padding is " + padding, "2048 tokens, so every batch needs the same.");
    }
  }

  @Test
  void a_larger_card_survives_longer_batches() {
    String line = QLORA + LONGEST + LENGTHS + " --micro-batch 4 --gpu ";
    Map<?, ?> small = at(json(line + "rtx-4090"), "worst_batch", "survives", "estimate");
    Map<?, ?> large = at(json(line + "a100-80gb"), "worst_batch", "survives", "estimate");

    assertThat((Long) small.get("tokens")).isBetween(1L, 8191L);
    assertThat((Long) large.get("tokens")).isGreaterThan((Long) small.get("tokens"));
    assertThat((Double) large.get("batch_share")).isGreaterThan((Double) small.get("batch_share"));
    double share = (Double) small.get("example_share");
    assertThat((Double) small.get("batch_share")).isEqualTo(Math.pow(share, 4));
  }

  @Test
  void what_is_said_to_fit_fits_and_a_little_more_does_not() {
    String line = QLORA + LONGEST + " --gpu rtx-4090 --sequence-length ";
    Map<?, ?> survives = at(json(line + 8192 + LENGTHS), "worst_batch", "survives", "estimate");
    long tokens = (Long) survives.get("tokens");

    assertThat((Long) at(json(line + tokens), "gpu").get("headroom_bytes")).isNotNegative();
    long more = tokens + tokens / 50;
    assertThat((Long) at(json(line + more), "gpu").get("headroom_bytes")).isNegative();
  }

  @Test
  void ranks_that_share_a_sequence_pad_it_to_a_multiple() {
    String line =
        QLORA.replace("qlora", "lora")
            + " --framework torchtitan --gpu 4xrtx-4090 --strategy fsdp2 --shard 2 --context 2"
            + LONGEST
            + " --sequence-length 20000 --lengths ";
    Map<String, Object> json = json(line + "10,4001");

    assertThat(length(json)).isEqualTo(4004L);
    assertThat(setting(json, "batch.sequence_length").get("note").toString())
        .startsWith("the longest example, padded to a multiple of 4");
    Map<?, ?> longer = at(json(line + "10,20000"), "worst_batch", "survives", "estimate");
    assertThat((Long) longer.get("tokens") % 4).isZero();
  }

  @Test
  void a_run_of_one_epoch_meets_what_does_not_fit_and_a_part_of_one_may_not() {
    String line = QLORA + LONGEST + LENGTHS + " --gpu rtx-4090 --examples 100";
    Map<?, ?> whole = at(json(line), "worst_batch", "survives", "estimate");
    Map<?, ?> part = at(json(line + " --epochs 0.5"), "worst_batch", "survives", "estimate");

    assertThat(whole.get("run_chance")).isEqualTo(0.0);
    double share = (Double) part.get("example_share");
    assertThat((Double) part.get("run_chance")).isEqualTo(Math.pow(0.5, (1 - share) * 100));
    assertThat(run(line).out()).contains("The run is certain to meet a batch that does not fit.");
  }

  @Test
  void nothing_fits_and_everything_fits() {
    assertThat(
            run("estimate --offline --model llama-3.1-8b --method full --gpu rtx-4090"
                    + LONGEST
                    + LENGTHS)
                .out())
        .contains("Not even a single token fits the RTX 4090.");
    assertThat(run(QLORA + LONGEST + LENGTHS + " --gpu b200").out())
        .contains("Every batch fits the B200");
  }

  @Test
  void a_file_is_measured_and_found_beside_the_job() throws IOException {
    file("train.jsonl", "{\"text\": \"%s\"}\n{\"text\": \"ab\"}\n".formatted("abcd".repeat(299)));
    Path job =
        file(
            "job.yaml",
            """
            model: {id: llama-3.1-8b}
            method: qlora
            batch: {padding: longest}
            data: {file: train.jsonl}
            """);

    Map<String, Object> json = json("estimate --offline " + job);

    assertThat(length(json)).isEqualTo(300L);
    assertThat(at(json, "job", "data").get("examples")).isEqualTo(2L);
    assertThat(at(json, "job", "data").get("tokens_per_example")).isEqualTo(151L);
    assertThat(at(json, "worst_batch", "file").get("fields")).isEqualTo(List.of("text"));
    assertThat(run("estimate --offline --explain " + job).out())
        .contains("Lengths are from 2 examples of train.jsonl, in text.", "4 characters, as in");
    assertThat(length(json("estimate --offline --characters-per-token 2 " + job))).isEqualTo(599L);
  }

  @Test
  void a_tokenizer_counts_the_tokens_of_a_file() throws IOException {
    Path data = file("train.jsonl", "{\"text\": \"abc abc a\"}\n{\"text\": \"abc\"}\n");
    Path tokenizer = Path.of("../tokenizer/src/test/resources/tokenizer.json");

    Map<String, Object> json =
        json(QLORA + LONGEST + " --data-file " + data + " --tokenizer " + tokenizer);

    assertThat(length(json)).isEqualTo(4L);
    assertThat(at(json, "worst_batch", "file").get("characters_per_token")).isNull();
  }

  @Test
  void a_flag_wins_over_another_key_in_the_file() throws IOException {
    Path data = file("train.jsonl", "{\"text\": \"ab\"}\n");
    String job =
        "model: {id: llama-3.1-8b}\nmethod: qlora\nbatch: {padding: longest}\n"
            + "data: {%s, characters_per_token: 2}\n";
    Path byFile = file("file.yaml", job.formatted("file: train.jsonl"));
    Path missing = file("missing.yaml", job.formatted("file: missing.jsonl"));

    assertThat(length(json("estimate --offline --lengths 77 " + missing))).isEqualTo(77L);
    assertThat(length(json("estimate --offline --data-file " + data + " " + missing)))
        .isEqualTo(2L);
    assertThat(length(json("estimate --offline --characters-per-token 1 " + byFile))).isEqualTo(3L);
  }

  @Test
  void the_job_that_is_written_out_gives_the_same_answer_again() {
    Map<String, Object> first = json(QLORA + LONGEST + LENGTHS + " --gpu rtx-4090");
    String lengths = at(first, "job", "data", "lengths").toString().replaceAll("[{} ]", "");

    Map<String, Object> again =
        json(QLORA + LONGEST + " --gpu rtx-4090 --lengths " + lengths + " --sequence-length 8192");

    assertThat(at(again, "memory")).isEqualTo(at(first, "memory"));
    assertThat(at(again, "worst_batch", "survives"))
        .isEqualTo(at(first, "worst_batch", "survives"));
  }

  @Test
  void contradictions_are_refused_in_one_line() throws IOException {
    Path data = file("train.jsonl", "{\"text\": \"ab\"}\n");
    Map.of(
            " --lengths 5 --data-file " + data,
            "--lengths and --data-file cannot both",
            " --tokenizer x --characters-per-token 3 --data-file " + data,
            "cannot both",
            " --tokenizer x.json",
            "--tokenizer needs --data-file",
            " --characters-per-token 3",
            "--characters-per-token needs --data-file",
            " --lengths 5,4,p50=3",
            "allowed: rising quantiles as",
            " --characters-per-token 0 --data-file " + data,
            "a number from 0.1 to 1000",
            " --tokenizer missing.json --data-file " + data,
            "missing.json: no such file",
            " --tokenizer " + data + " --data-file " + data,
            "not a tokenizer.json",
            " --data-file " + folder,
            "is a directory",
            " --data-file missing.jsonl",
            "missing.jsonl: no such file")
        .forEach(
            (flags, message) -> {
              CliRun run = CliRun.of(List.of((QLORA + flags).split(" ")));
              assertThat(run.code()).as(flags).isEqualTo(2);
              assertThat(run.err().lines()).as(flags).hasSize(1);
              assertThat(run.err()).contains(message).doesNotContain("Exception");
              assertThat(run.out()).isEmpty();
            });
  }
}
