package dev.vramcast.catalog.gpu;

import dev.vramcast.catalog.Resources;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is known about a device beside its figures.
 *
 * @param usualNode how many of them a machine usually holds
 * @param standing which figures are cited, derived or recalled
 * @param note what to know before the figures are used; may be empty
 */
public record GpuRemark(String usualNode, String standing, String note) {

  private static final int COLUMNS = 4;

  private static final class Embedded {
    static final Map<String, GpuRemark> BY_NAME =
        Resources.lines("gpus/remarks.tsv").stream()
            .skip(1)
            .map(line -> line.split("\t", -1))
            .collect(Collectors.toMap(cells -> cells[0], GpuRemark::of));
  }

  static GpuRemark of(String name) {
    GpuRemark remark = Embedded.BY_NAME.get(name);
    if (remark == null) {
      throw new IllegalStateException("no remark on " + name);
    }
    return remark;
  }

  private static GpuRemark of(String[] cells) {
    if (cells.length != COLUMNS) {
      throw new IllegalStateException("a remark has " + cells.length + " cells: " + cells[0]);
    }
    return new GpuRemark(cells[1], cells[2], cells[3]);
  }
}
