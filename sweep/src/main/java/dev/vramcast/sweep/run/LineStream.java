package dev.vramcast.sweep.run;

import dev.vramcast.sweep.Column;
import dev.vramcast.sweep.table.TableFormat;
import dev.vramcast.sweep.table.TableWriter;
import dev.vramcast.sweep.table.Tables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.IntPredicate;

/** A stream of lines, in the order of the parts, each of which is held until its turn. */
final class LineStream implements Target {

  private final OutputStream out;
  private final TableFormat format;
  private final List<Column> columns;
  private int iteration;
  private boolean broken;

  LineStream(OutputStream out, TableFormat format, List<Column> columns) {
    this.out = out;
    this.format = format;
    this.columns = columns;
  }

  @Override
  public IntPredicate done() {
    return number -> false;
  }

  @Override
  public void keep(Part part, Work work) throws IOException {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (TableWriter writer = Tables.lines(bytes, format, columns, part.number() == 0)) {
        work.to(writer);
      }
      inTurn(part.number(), bytes);
    } catch (IOException | RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  private synchronized void inTurn(int number, ByteArrayOutputStream bytes) throws IOException {
    while (iteration < number && !broken) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    if (broken) {
      throw new PartCancelledException();
    }
    bytes.writeTo(out);
    iteration++;
    notifyAll();
  }

  private synchronized void giveUp() {
    broken = true;
    notifyAll();
  }

  @Override
  public void finish() throws IOException {
    out.flush();
  }
}
