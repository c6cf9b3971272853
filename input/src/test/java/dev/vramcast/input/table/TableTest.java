package dev.vramcast.input.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.input.text.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {

  @TempDir private Path folder;

  @Test
  void csv_cells_keep_commas_quotes_and_line_feeds_within_quotes() {
    Table table = CsvTable.read("t.csv", "A,b ,c\r\n1,\"x, \"\"y\"\"\nz\",\r\n\r\n4,5,6\r\n");

    assertThat(table.columns()).containsExactly("a", "b", "c");
    Row first = table.rows().get(0);
    assertThat(first.text("b")).contains("x, \"y\"\nz");
    assertThat(first.text("c")).isEmpty();
    Row second = table.rows().get(1);
    assertThat(second.line()).isEqualTo(5);
    assertThat(second.at("c").text()).isEqualTo("t.csv:5:5");
    assertThat(second.failure("c", "less")).hasMessage("t.csv:5:5: c is '6', allowed: less");
    assertThat(second.failure("d", "more")).hasMessage("t.csv:5: d is missing, allowed: more");
    assertThat(first.failure("a", "less")).hasMessage("t.csv:2:1: A is '1', allowed: less");
    assertThat(table.at("b").text()).isEqualTo("t.csv:1:3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a,a\\n1,2 | t.csv:1:3: column 'a' is there twice",
        "a,b\\n1,2,3 | t.csv:2:1: 3 cells, expected 2 as in the header",
        "a,b\\n1,2\\n3 | t.csv:3:1: 1 cells, expected 2 as in the header",
        "a,b\\n1,\"2 | t.csv:2: has a quote that is not closed",
        "a,b\\n1,\"2\"x | t.csv:2: has text behind the closing quote of a cell",
        "a,b\\n1,2\" | t.csv:2: has a quote inside a cell that does not begin with one",
        "\\n\\n | t.csv: is empty",
      })
  void broken_csv_is_refused_with_its_place(String text, String message) {
    assertThatThrownBy(() -> CsvTable.read("t.csv", text.replace("\\n", "\n")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void commas_between_braces_need_no_quotes() {
    Table table = CsvTable.read("t.csv", "a,b,c\n1,{x: [{y: 1, z: 2}], w: 3},4\n{,},5\n");

    assertThat(table.rows().get(0).text("b")).contains("{x: [{y: 1, z: 2}], w: 3}");
    assertThat(table.rows().get(0).at("c").text()).isEqualTo("t.csv:2:29");
    assertThat(table.rows().get(1).text("a")).contains("{");
    assertThatThrownBy(() -> CsvTable.read("t.csv", "a,b\n{,1,2\n"))
        .hasMessage("t.csv:2:1: 3 cells, expected 2 as in the header");
  }

  @Test
  void csv_is_bounded() {
    String wide = "a,".repeat(1_001) + "b";
    String cell = "a\n" + "x".repeat(70_000);

    assertThatThrownBy(() -> CsvTable.read("t.csv", wide)).hasMessageContaining("more than 1000");
    assertThatThrownBy(() -> CsvTable.read("t.csv", cell))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("more than 65536 characters");
    assertThatThrownBy(() -> CsvTable.read("t.csv", "a\n" + "1\n".repeat(500_001)))
        .isInstanceOf(InputException.class)
        .hasMessage("t.csv:500002:1: more than 500000 rows");
  }

  @Test
  void yaml_entries_are_rows_with_places() {
    Table table =
        YamlTable.read(
            "t.yaml", "prices:\n- a: 1.50\n  b: x y\n- {a: null, C: 2026-07-01}\n", "prices");

    assertThat(table.columns()).containsExactly("a", "b", "c");
    assertThat(table.rows().get(0).text("a")).contains("1.50");
    assertThat(table.rows().get(0).at("b").text()).isEqualTo("t.yaml:3:6");
    assertThat(table.rows().get(1).text("a")).isEmpty();
    assertThat(table.rows().get(1).text("c")).contains("2026-07-01");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "prices: 3 | t.yaml:1:9: expected a list",
        "- a: 1 | expected the key 'prices'",
        "price: [] | expected the key 'prices'",
        "prices: [3] | expected an entry of keys and values",
        "prices: [{a: [1]}] | expected a plain value",
        "prices: [{a: 1, a: 2}] | ",
        "prices: [&x {a: 1}, *x] | expected an entry",
        "prices: [{a: &x 1}, {a: *x}] | without alias or tag",
        "prices: [{a: !!int 1}] | without alias or tag",
        "prices: []\\nmore: 1 | expected no key beside",
        "prices: []\\n---\\nprices: [] | expected one document",
        "prices: [{a: 1 | not valid YAML",
        "'' | expected the key",
      })
  void broken_yaml_is_refused_with_its_place(String text, String message) {
    assertThatThrownBy(() -> YamlTable.read("t.yaml", text.replace("\\n", "\n"), "prices"))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("t.yaml")
        .hasMessageContaining(message == null ? "" : message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void files_are_utf_8_with_or_without_a_byte_order_mark() throws IOException {
    assertThat(TextFile.read(file("\uFEFFa,é".getBytes(StandardCharsets.UTF_8)))).isEqualTo("a,é");
    Path latin = file("a,é".getBytes(StandardCharsets.ISO_8859_1));
    Path wide = file("a,b".getBytes(StandardCharsets.UTF_16));
    Path zip = file(new byte[] {'P', 'K', 3, 4, 0});

    assertThatThrownBy(() -> TextFile.read(latin)).hasMessageContaining("is not UTF-8 text");
    assertThatThrownBy(() -> TextFile.read(wide)).hasMessageContaining("is not UTF-8 text");
    assertThatThrownBy(() -> TextFile.read(zip)).hasMessageContaining("unpack it");
    assertThatThrownBy(() -> TextFile.read(folder)).hasMessageContaining("is a directory");
    assertThatThrownBy(() -> TextFile.read(folder.resolve("none")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such file");
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(Files.createTempFile(folder, "table", ".csv"), bytes);
  }
}
