package dev.vramcast.sweep.table;

import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.SweepResult;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** A JSON object a line, without what is not there. */
final class JsonlTable implements TableWriter {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().rootValueSeparator((String) null).build();

  private final List<Column> columns;
  private final JsonGenerator out;

  JsonlTable(OutputStream stream, List<Column> columns) {
    this.columns = columns;
    out = FACTORY.createGenerator(ObjectWriteContext.empty(), stream);
  }

  @Override
  public void row(SweepResult row) throws IOException {
    try {
      out.writeStartObject();
      for (Column column : columns) {
        Object value = row.value(column);
        if (value instanceof String text) {
          out.writeStringProperty(column.label(), text);
        } else if (value instanceof Long whole) {
          out.writeNumberProperty(column.label(), whole);
        } else if (value instanceof Double number) {
          out.writeNumberProperty(column.label(), number);
        }
      }
      out.writeEndObject();
      out.writeRaw('\n');
    } catch (JacksonIOException e) {
      throw e.getCause();
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
