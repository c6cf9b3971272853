package dev.vramcast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.console.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {

  private static final String SPEC =
      "models: [gpt2]\ngpus: [L4, T4]\nmethod: [full, lora]\ndata: {tokens: 1e6}\n"
          + "precision: bf16-mixed\n";

  @TempDir Path folder;

  @Test
  void rows_go_to_stdout_and_the_report_does_not() throws IOException {
    CliRun run = CliRun.of("sweep", "--offline", spec(SPEC));

    assertThat(run.code()).isEqualTo(ExitCode.OK);
    assertThat(run.out().lines()).hasSize(5).first().asString().startsWith("model,method,");
    assertThat(run.err()).startsWith("4 rows in ").contains("distinct estimates", "peak heap");
  }

  /** {@code -Dvramcast.golden.rewrite=true} writes the rows anew. */
  @Test
  void rows_of_json_are_as_in_the_golden_file() throws IOException {
    Path golden = Path.of("src/test/resources/dev/vramcast/cli/sweep.jsonl");
    String spec =
        spec("models: [gpt2]\ngpus: [L4]\nmethod: [full, lora]\nbatch: {micro_batch: [1, 96]}\n");
    String rows = CliRun.of("sweep", "--offline", "--format", "jsonl", spec).out();

    if (Boolean.getBoolean("vramcast.golden.rewrite")) {
      Files.writeString(golden, rows);
    }
    assertThat(rows).isEqualTo(Files.readString(golden));
  }

  @Test
  void a_file_is_written_by_its_ending_and_reasons_are_counted() throws IOException {
    Path csv = folder.resolve("table.csv");
    Path jsonl = folder.resolve("table.jsonl");

    CliRun first = CliRun.of("sweep", spec(SPEC), "--offline", "--out", csv.toString());
    CliRun second = CliRun.of("sweep", spec(SPEC), "--offline", "--out", jsonl.toString());

    assertThat(first.out()).contains("4 rows in ", "2 rows have an error:", "T4 has no bf16");
    assertThat(second.code()).isEqualTo(ExitCode.OK);
    assertThat(csv).content().hasLineCount(5);
    assertThat(jsonl).content().hasLineCount(4).startsWith("{\"model\":");
  }

  @Test
  void a_file_that_is_there_is_replaced_by_who_says_so() throws IOException {
    Path csv = Files.writeString(folder.resolve("table.csv"), "mine\n");

    CliRun refused = CliRun.of("sweep", spec(SPEC), "--offline", "--out", csv.toString());
    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).endsWith("table.csv: is there already; --overwrite replaces it\n");
    assertThat(csv).hasContent("mine");

    CliRun replaced =
        CliRun.of("sweep", spec(SPEC), "--offline", "--out", csv.toString(), "--overwrite");
    assertThat(replaced.code()).isEqualTo(ExitCode.OK);
    assertThat(replaced.out()).contains("4 rows read, 4 rows out");
    assertThat(csv).content().hasLineCount(5);
  }

  @Test
  void a_link_to_nothing_is_replaced_by_who_says_so() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("to.csv"), folder.resolve("nothing"));

    CliRun refused = CliRun.of("sweep", spec(SPEC), "--offline", "--out", link.toString());

    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err()).endsWith("to.csv: is there already; --overwrite replaces it\n");
    assertThat(link).isSymbolicLink();
  }

  @Test
  void a_file_where_a_folder_of_parts_is_meant_is_refused_at_once() throws IOException {
    Path json = Files.writeString(folder.resolve("o.json"), "mine\n");

    CliRun refused =
        CliRun.of("sweep", spec(SPEC), "--offline", "--out", json.toString(), "--overwrite");

    assertThat(refused.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(refused.err())
        .contains("o.json: a file of that name is there; a name that ends in no table's format")
        .doesNotContain("finished parts");
    assertThat(json).hasContent("mine");
  }

  @Test
  void rows_of_a_table_are_taken_too() throws IOException {
    Path jobs = Files.writeString(folder.resolve("jobs.csv"), "model.id,method\ngpt2,full\n");

    CliRun run = CliRun.of("sweep", jobs.toString(), "--offline", "--format", "jsonl");

    assertThat(run.out().lines()).hasSize(1).first().asString().contains("\"model\":\"gpt2\"");
  }

  @Test
  void a_table_without_an_answer_is_a_failure_and_one_with_some_is_none() throws IOException {
    String wrong = "{\"model\": {\"id\": \"gpt2\"}, \"method\": \"nope\"}\n";
    String right = "{\"model\": {\"id\": \"gpt2\"}, \"method\": \"full\"}\n";
    Path none = Files.writeString(folder.resolve("none.jsonl"), wrong);
    Path some = Files.writeString(folder.resolve("some.jsonl"), wrong + right);
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");

    CliRun nothing = CliRun.of("sweep", none.toString(), "--offline");
    CliRun half = CliRun.of("sweep", some.toString(), "--offline", "--columns", "model,error");

    assertThat(nothing.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(nothing.out().lines()).hasSize(2);
    assertThat(nothing.err()).contains("1 row read, 1 row out\n1 row has an error:\n");
    assertThat(half.code()).isEqualTo(ExitCode.OK);
    assertThat(half.err()).contains("2 rows read, 2 rows out\n1 row has an error:\n");
    assertThat(CliRun.of("sweep", empty.toString(), "--offline").code()).isEqualTo(ExitCode.OK);
  }

  @Test
  void a_product_that_is_too_large_is_refused_with_its_size() throws IOException {
    String range = "{from: 1, to: 1000, step: 1}";
    String batch = "{micro_batch: " + range + ", grad_accum: " + range;
    String spec = SPEC + "batch: " + batch + ", sequence_length: [64, 128, 256]}\n";
    String more =
        spec
            + "lora: {rank: "
            + range
            + ", alpha: "
            + range
            + "}\nhardware: {count: "
            + range
            + "}\nparallelism: {tensor: "
            + range
            + "}\n";

    assertThat(CliRun.of("sweep", spec(spec)).err())
        .contains("the spec has 12,000,000 combinations, allowed: up to 10,000,000 without --yes");
    assertThat(CliRun.of("sweep", spec(more), "--yes").err())
        .contains("more than 9 quintillion combinations, allowed: up to 10,000,000");
  }

  @Test
  void without_the_jar_for_parquet_one_line_says_how_to_get_it() throws IOException {
    String out = folder.resolve("table.parquet").toString();

    for (int time = 0; time < 2; time++) {
      CliRun run = CliRun.of("sweep", spec(SPEC), "--offline", "--out", out);

      assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(run.err())
          .contains("Parquet needs ", "vramcast-parquet.jar")
          .endsWith("/target\n");
    }
  }

  @Test
  void parquet_is_no_text() throws IOException {
    CliRun run = CliRun.of("sweep", spec(SPEC), "--format", "parquet");

    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("Parquet is no text; give --out FILE.parquet");
  }

  private String spec(String text) throws IOException {
    return Files.writeString(folder.resolve("sweep.yaml"), text).toString();
  }
}
