package dev.vramcast.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Place;
import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSettings;
import dev.vramcast.sweep.SweepResult;
import dev.vramcast.sweep.table.ParquetService;
import dev.vramcast.sweep.table.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DuckDbParquetTest {

  @TempDir Path folder;

  private final ParquetService parquet = new DuckDbParquet();
  private final RowEstimator estimator = RowEstimator.open(RowSettings.usual());

  @Test
  void it_is_found_as_a_service() {
    assertThat(ServiceLoader.load(ParquetService.class))
        .hasAtLeastOneElementOfType(DuckDbParquet.class);
  }

  @Test
  void what_is_written_is_read_back_cell_by_cell() throws IOException {
    List<SweepResult> rows = List.of(row("gpt2", "RTX 4090"), row("no such model", "RTX 4090"));
    Path file = folder.resolve("it's.parquet");
    write(file, rows);

    List<Map<String, Object>> read = read(file);

    assertThat(read).hasSize(2);
    for (int i = 0; i < 2; i++) {
      for (Column column : Column.all()) {
        assertThat(read.get(i)).containsEntry(column.label(), rows.get(i).value(column));
      }
    }
  }

  @Test
  void a_table_may_have_some_of_the_columns() throws IOException {
    Path file = folder.resolve("some.parquet");
    SweepResult row = row("gpt2", "L4");
    try (TableWriter writer = parquet.create(file, List.of(Column.VERDICT, Column.MODEL))) {
      writer.row(row);
    }

    assertThat(read(file))
        .containsExactly(Map.of("verdict", row.value(Column.VERDICT), "model", "gpt2"));
  }

  @Test
  void files_are_joined_in_their_order() throws IOException {
    Path first = folder.resolve("part-0.parquet");
    Path second = folder.resolve("part-1.parquet");
    Path whole = folder.resolve("whole.parquet");
    write(first, List.of(row("gpt2", "L4"), row("gpt2", "H200")));
    write(second, List.of(row("gpt2", "A10G")));

    parquet.join(List.of(first, second), whole);

    assertThat(read(whole).stream().map(row -> row.get("gpu")))
        .isEqualTo(
            List.of(row("gpt2", "L4"), row("gpt2", "H200"), row("gpt2", "A10G")).stream()
                .map(row -> row.value(Column.GPU))
                .toList());
  }

  @Test
  void a_file_that_is_no_parquet_is_one_line() throws IOException {
    Path file = Files.writeString(folder.resolve("text.parquet"), "no parquet at all");

    assertThatThrownBy(() -> parquet.read(file).close())
        .isInstanceOf(IOException.class)
        .message()
        .doesNotContain("\n");
  }

  private SweepResult row(String model, String gpu) {
    return estimator.estimate(
        Map.of("model.id", model, "hardware.gpu", gpu, "data.tokens", "1e6"), Place.of("test"));
  }

  private void write(Path file, List<SweepResult> rows) throws IOException {
    try (TableWriter writer = parquet.create(file, Column.all())) {
      for (SweepResult row : rows) {
        writer.row(row);
      }
    }
  }

  private List<Map<String, Object>> read(Path file) throws IOException {
    List<Map<String, Object>> read = new ArrayList<>();
    try (ParquetService.Rows rows = parquet.read(file)) {
      for (Map<String, Object> row = rows.next(); row != null; row = rows.next()) {
        read.add(row);
      }
    }
    return read;
  }
}
