package dev.vramcast.sweep.rows;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.input.table.CsvRecords;
import dev.vramcast.input.table.CsvTable;
import dev.vramcast.input.text.BoundedText;
import dev.vramcast.input.text.TextLines;
import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.SweepResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table whose columns are keys of the job document; a quoted cell may hold line feeds. */
public final class CsvRows implements RawRows {

  private final String source;
  private final TextLines lines;
  private final CsvRecords records;
  private final List<String> columns;

  public CsvRows(Path file) throws IOException {
    source = BoundedText.name(file);
    lines = TextLines.of(file);
    records = new CsvRecords(lines::row, TextLines.LONGEST);
    TextLines.Line header = records.next();
    if (header == null) {
      throw InputError.of("is empty").at(Place.of(source)).kind(ErrorKind.MALFORMED).refusal();
    }
    Place.Line place = Place.of(source, 1);
    columns = cells(header, place);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      String column = columns.get(i);
      Place.Line at = CsvTable.place(header.text(), place, i);
      RowEstimator.checkColumn(column, at);
      if (!seen.add(column)) {
        throw InputError.about(new Subject.Item(column))
            .kind(ErrorKind.MALFORMED)
            .at(at)
            .and(" is there twice")
            .refusal();
      }
    }
  }

  @Override
  public @Nullable RawRow next() throws IOException {
    TextLines.Line record = records.next();
    return record == null ? null : new CsvRow(record);
  }

  private static List<String> cells(TextLines.Line line, Place.Line place) {
    if (!line.fault().isEmpty()) {
      throw InputError.of(line.fault()).kind(ErrorKind.MALFORMED).at(place).refusal();
    }
    return CsvTable.record(line.text(), place);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }

  private final class CsvRow implements RawRow {

    private final TextLines.Line line;

    CsvRow(TextLines.Line line) {
      this.line = line;
    }

    @Override
    public int bytes() {
      return line.text().length();
    }

    @Override
    public SweepResult estimate(RowEstimator estimator) {
      Place.Line place = Place.of(source, line.number());
      try {
        return estimator.estimate(values(cells(line, place), place), place, this::inCell);
      } catch (InputException e) {
        return estimator.refuse(e);
      }
    }

    /** What is wrong with a cell is in its column, which is looked for only then. */
    private Place inCell(String column) {
      Place.Line row = Place.of(source, line.number());
      return CsvTable.place(line.text(), row, columns.indexOf(column));
    }

    private Map<String, String> values(List<String> cells, Place.Line place) {
      if (cells.size() != columns.size()) {
        throw InputError.of("has ", cells.size(), " cells")
            .kind(ErrorKind.MALFORMED)
            .at(place)
            .allowed(columns.size(), ", as many as columns")
            .refusal();
      }
      Map<String, String> values = new HashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        values.put(columns.get(i), cells.get(i));
      }
      return values;
    }
  }
}
