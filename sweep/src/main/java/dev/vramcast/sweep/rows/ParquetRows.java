package dev.vramcast.sweep.rows;

import dev.vramcast.core.input.Place;
import dev.vramcast.input.text.BoundedText;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.SweepResult;
import dev.vramcast.sweep.table.ParquetService;
import dev.vramcast.sweep.table.ParquetTables;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A Parquet table whose columns are keys of the job document. */
public final class ParquetRows implements RawRows {

  private static final int BYTES_OF_CELL = 64;

  private final String source;
  private final ParquetService.Rows rows;
  private long number;

  public ParquetRows(Path file) throws IOException {
    source = BoundedText.name(file);
    rows = ParquetTables.service().read(file);
    rows.columns().forEach(column -> RowEstimator.checkColumn(column, Place.of(source)));
  }

  @Override
  public @Nullable RawRow next() throws IOException {
    Map<String, Object> values = rows.next();
    number++;
    return values == null ? null : new ParquetRow(Place.of(source, number), values);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }

  private record ParquetRow(Place place, Map<String, Object> values) implements RawRow {

    @Override
    public int bytes() {
      return BYTES_OF_CELL * values.size();
    }

    @Override
    public SweepResult estimate(RowEstimator estimator) {
      return estimator.estimate(values, place);
    }
  }
}
