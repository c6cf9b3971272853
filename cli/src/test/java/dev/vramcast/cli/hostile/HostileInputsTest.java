package dev.vramcast.cli.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that once ended, blocked or misled the program, each as a user gives it. That their readers
 * take time and memory in proportion is held in counted steps by growth tests.
 */
@Tag("slow")
class HostileInputsTest {

  private static final String HEAD =
      "model.id,method,lora.rank,batch.micro_batch,batch.sequence_length,hardware.gpu\n";
  private static final String ROW = "gpt2,lora,8,1,512,h100\n";

  @TempDir private Path folder;

  @Test
  void shell_expansions_that_never_close_tell_nothing_of_their_command() throws IOException {
    isRefused(
        "dollar.sh",
        "accelerate launch train.py \"" + "$(".repeat(480_000) + "\"\n",
        ":1:1: runs train.py, which is no training program below its folder");
  }

  @Test
  void thousands_of_assignments_are_not_copied_for_each() throws IOException {
    isRefused(
        "vars.sh",
        IntStream.range(0, 14_000).mapToObj(i -> "V" + i + "=1\n").collect(Collectors.joining()),
        ": holds no command");
  }

  private void isRefused(String name, String text, String message) throws IOException {
    CliRun run = run("estimate", write(name, text));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(name + message).hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1023, 1024, 2048, 2049})
  void a_character_of_two_units_may_stand_at_any_place_of_a_document(int place) throws IOException {
    String keys =
        "base_model: gpt2\nadapter: lora\nsequence_len: 128\nmicro_batch_size: 1\nrun_name: ";
    String text = keys + "x".repeat(place - keys.length()) + "\ud83d\ude80 go\n";

    CliRun run = run("estimate", write("emoji.yml", text));

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("gpt2");
  }

  @Test
  void a_stray_quote_costs_its_own_row_alone() throws IOException {
    List<String> rows =
        rows(HEAD + ROW.repeat(500) + ROW.replace("8,", "8\",") + ROW.repeat(1_499));

    assertThat(rows).hasSize(2_000);
    assertThat(rows.stream().filter(row -> !row.startsWith("gpt2,"))).hasSize(1);
    assertThat(rows.get(500))
        .endsWith("jobs.csv:502: has a quote inside a cell that does not begin with one");
  }

  @Test
  void a_quote_before_thousands_of_lines_is_not_counted_again_at_each() throws IOException {
    assertThat(rows(HEAD + "\"" + "a\n".repeat(50_000), 2)).hasSize(50_000);
  }

  @Test
  void escapes_of_a_corrections_file_are_not_printed() throws IOException {
    Path file =
        write(
            "corrections.ini",
            """
            [mine]
            run = the ^[]0;pwned^G^[[31mcommand line
            date = 2026-11-26
            version = 0.1.0
            tensors = 1.04138
            allocator_factor = 1
            outside_bytes = 0
            speed = 0.899817
            parameters = 8030261248
            tokens = 2048
            framework = transformers
            """
                .replace("^[", "\u001b")
                .replace("^G", "\u0007"));
    for (List<Object> asked :
        List.of(
            List.<Object>of("calibrate", "--list", "--corrections", file),
            List.<Object>of("fit", "--model", "gpt2", "--gpu", "T4", "--corrections", file))) {
      CliRun run = run(asked.toArray());

      assertThat(run.out() + run.err()).doesNotContain("\u001b", "\u0007");
    }
  }

  @Test
  void a_card_that_nobody_knows_is_named_with_its_place() throws IOException {
    CliRun run = run("sweep", write("badgpu.yaml", "models: gpt2\ngpus: [foo]\nmethod: full\n"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("badgpu.yaml:2:8, gpus: 'foo'").hasLineCount(1);
  }

  /** The rows that a sweep makes of a table. */
  private List<String> rows(String table) throws IOException {
    return rows(table, 0);
  }

  private List<String> rows(String table, int code) throws IOException {
    Path out = folder.resolve("rows.csv");
    CliRun run = run("sweep", write("jobs.csv", table), "--out", out);
    assertThat(run.code()).isEqualTo(code);
    try (Stream<String> lines = Files.lines(out)) {
      return lines.skip(1).toList();
    }
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static CliRun run(Object... words) {
    return CliRun.of(Stream.of(words).map(Object::toString).toList());
  }
}
