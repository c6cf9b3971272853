package dev.vramcast.sweep.table;

import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.SweepResult;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvSchema;
import tools.jackson.dataformat.csv.CsvWriteFeature;

/** RFC 4180 with a header; lines end in a line feed, and what is not there is an empty cell. */
final class CsvTable implements TableWriter {

  private static final CsvMapper MAPPER =
      CsvMapper.builder().enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING).build();

  private final List<Column> columns;
  private final JsonGenerator out;

  CsvTable(OutputStream stream, List<Column> columns, boolean header) {
    this.columns = columns;
    CsvSchema.Builder schema = CsvSchema.builder();
    columns.forEach(column -> schema.addColumn(column.label()));
    CsvSchema built = schema.setLineSeparator("\n").setUseHeader(header).build();
    out = MAPPER.writer(built).createGenerator(stream);
  }

  @Override
  public void row(SweepResult row) throws IOException {
    try {
      out.writeStartArray();
      for (Column column : columns) {
        cell(row.value(column));
      }
      out.writeEndArray();
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }

  private void cell(Object value) {
    if (value instanceof String text) {
      out.writeString(text);
    } else if (value instanceof Long whole) {
      out.writeNumber(whole);
    } else if (value instanceof Double number) {
      out.writeNumber(number);
    } else {
      out.writeNull();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (JacksonIOException e) {
      throw e.getCause();
    }
  }
}
