package dev.vramcast.sweep.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.sweep.table.TableFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tables of jobs, in which rows may be bad. */
@Tag("slow")
class RowsInTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String GOOD =
      "{\"model\": {\"id\": \"gpt2\"}, \"method\": \"full\", \"hardware\": {\"gpu\": \"L4\"}}";

  @TempDir Path folder;

  @Test
  void each_line_is_a_job_or_a_case_with_one() throws IOException {
    List<JsonNode> rows =
        answers("jobs.jsonl", GOOD + "\n\n{\"id\": \"a\", \"job\": " + GOOD + ", \"notes\": 3}\n");

    assertThat(rows).hasSize(2);
    assertThat(rows.get(0)).isEqualTo(rows.get(1));
    assertThat(rows.get(0).get("verdict").asString()).isEqualTo("fits");
  }

  @Test
  void a_bad_row_is_a_row_with_its_error_and_stops_nothing() throws IOException {
    String hostile = "{\"model\": ".repeat(100);
    List<JsonNode> rows =
        answers(
            "jobs.jsonl",
            String.join(
                "\n",
                "{\"model\": {\"id\": \"gpt3\"}}",
                "{\"modle\": {}}",
                "no json",
                "[1, 2]",
                hostile,
                "{\"method\": \"full\", \"method\": \"lora\"}",
                "{\"job\": 3}",
                "x".repeat((1 << 20) + 1),
                "{\"model\": {\"id\": \"gpt2\"}, \"data\": {\"file\": \"/etc/passwd\"}}",
                GOOD));

    assertThat(rows).hasSize(10);
    assertThat(rows.subList(0, 9)).allMatch(row -> row.has("error"));
    assertThat(error(rows, 1)).startsWith("jobs.jsonl:2:2: unknown key 'modle'");
    assertThat(error(rows, 4)).contains("nested more than 40 levels");
    assertThat(error(rows, 7)).isEqualTo("jobs.jsonl:8: is longer than 1048576 bytes");
    assertThat(error(rows, 8)).contains("data.file is not read in a sweep");
    assertThat(rows.get(9).get("verdict").asString()).isEqualTo("fits");
  }

  @Test
  void what_is_wrong_with_a_cell_has_its_line_and_column_and_rows_are_counted_without()
      throws IOException {
    String csv =
        """
        model.id,hardware.gpu,batch.micro_batch
        gpt2,zzz,1
        gpt2,l4,none
        gpt2,l4
        gpt3x,l4,1
        """;
    List<JsonNode> rows = answers("bad.csv", csv);

    assertThat(error(rows, 0)).startsWith("bad.csv:2:6: unknown GPU 'zzz'");
    assertThat(error(rows, 1)).startsWith("bad.csv:3:9: batch.micro_batch is 'none'");
    assertThat(error(rows, 2)).startsWith("bad.csv:4: has 2 cells");
    assertThat(error(rows, 3)).startsWith("bad.csv:5:1: unknown model 'gpt3x'");
  }

  @Test
  void columns_of_a_table_are_keys_of_the_job_document_and_a_price() throws IOException {
    List<JsonNode> rows =
        answers(
            "jobs.csv",
            """
            model.id,method,hardware.gpu,batch.sequence_length,data.tokens,usd_per_hour,lora.targets
            gpt2,full,L4,512,1e6,2.50,
            llama-3.1-8b,lora,H200,,1e6,,"q_proj,v_proj"
            gpt2,full,L4,0,,,
            gpt2,full,L4
            gpt2,full,L4,512,1e6,-3,
            gpt2,full,"L4,512
            """);

    assertThat(rows).hasSize(6);
    assertThat(rows.get(0).get("usd").asDouble())
        .isEqualTo(2.5 * rows.get(0).get("hours").asDouble(), within());
    assertThat(rows.get(1).get("sequence_length").asInt()).isEqualTo(2048);
    assertThat(rows.get(1).get("other_settings").asString()).contains("lora.targets=q_proj,v_proj");
    assertThat(error(rows, 2)).startsWith("jobs.csv:4:14: batch.sequence_length is '0'");
    assertThat(error(rows, 3)).isEqualTo("jobs.csv:5: has 3 cells, allowed: 7, as many as columns");
    assertThat(error(rows, 4)).contains("usd_per_hour is '-3', allowed: a price from");
    assertThat(error(rows, 5)).contains("a quote that is not closed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "8\",    | has a quote inside a cell that does not begin with one",
        "\"8,    | has a quote that is not closed",
        "\"8\"x, | has text behind the closing quote of a cell",
      })
  void a_stray_quote_takes_no_other_row_with_it(String cell, String fault) throws IOException {
    String header = "model.id,method,lora.rank,batch.sequence_length,hardware.gpu\n";
    String row = "gpt2,lora,8,512,h100\n";
    Path file = folder.resolve("jobs.csv");
    Files.writeString(
        file, header + row.repeat(50) + row.replace("8,", cell.strip()) + row.repeat(149));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Summary done = Sweeps.rows(file, TableFormat.CSV).to(out, TableFormat.JSONL, Sweeps.SILENT);

    List<JsonNode> rows = rows(out);
    assertThat(rows).hasSize(200);
    assertThat(done.read()).isEqualTo(200);
    assertThat(done.rows()).isEqualTo(200);
    assertThat(error(rows, 50)).isEqualTo("jobs.csv:52: " + fault);
    assertThat(rows).filteredOn(each -> each.has("error")).hasSize(1);
  }

  @Test
  void a_cell_may_go_on_in_the_next_line_and_every_row_behind_is_its_own() throws IOException {
    List<JsonNode> rows =
        answers(
            "jobs.csv",
            """
            model.id,method,hardware.gpu,lora.targets
            gpt2,lora,L4,"c_attn,

            c_proj"
            gpt2,lora,L4,"c_attn
            gpt2,"lora",L4,c_attn
            """);

    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).get("verdict").asString()).isEqualTo("fits");
    assertThat(error(rows, 1)).isEqualTo("jobs.csv:5: has text behind the closing quote of a cell");
    assertThat(rows.get(2).get("verdict").asString()).isEqualTo("fits");
  }

  @Test
  void an_unknown_column_is_refused_with_the_nearest_name() {
    assertThatThrownBy(() -> answers("jobs.csv", "model.id,metod\ngpt2,full\n"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("jobs.csv:1:10: unknown column 'metod'")
        .hasMessageContaining("Did you mean 'method'?");
  }

  @Test
  void a_file_that_is_not_there_is_refused() {
    assertThatThrownBy(() -> Sweeps.rows(folder.resolve("no.csv"), TableFormat.CSV))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such file");
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }

  private static String error(List<JsonNode> rows, int row) {
    return rows.get(row).get("error").asString().replaceFirst("^\\S*/", "");
  }

  private List<JsonNode> answers(String name, String content) throws IOException {
    Path file = Files.writeString(folder.resolve(name), content);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Sweeps.rows(file, TableFormat.ofFile(name).orElseThrow())
        .to(out, TableFormat.JSONL, Sweeps.SILENT);
    return rows(out);
  }

  private static List<JsonNode> rows(ByteArrayOutputStream out) {
    return out.toString(StandardCharsets.UTF_8).lines().map(JSON::readTree).toList();
  }
}
