package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * 8-bit copies of a matrix that TransformerEngine's quantizers make, in the order in which they do
 * (transformer_engine/pytorch/csrc/quantizer.cpp {@code create_tensor}).
 *
 * @param byRows read by products over rows alone
 * @param byColumns read by products over columns, some by both
 */
record EngineCopies(List<Tensor> byRows, List<Tensor> byColumns) {

  private static final Operation QUANTISE =
      Operation.of("tex.quantize", "transformer_engine/pytorch/csrc/quantizer.cpp");

  /** Elements that share a scale of MXFP8. */
  private static final long BLOCK = 32;

  /** Scales of blocks lie in tiles of so many rows and columns. */
  private static final long TILE_ROWS = 128;

  private static final long TILE_COLUMNS = 4;

  /**
   * The copies of a matrix; the caller's.
   *
   * @param width its columns
   * @param columns whether it will be read by columns too
   */
  static EngineCopies of(
      Graph g, NarrowLinears how, long elements, long width, boolean columns, String name) {
    long rows = elements / width;
    return how == NarrowLinears.ENGINE_BLOCKS
        ? blocks(g, rows, width, columns, name)
        : scaled(g, elements, how == NarrowLinears.ENGINE_TURNED, columns, name);
  }

  /** Float8Quantizer: a scale, the bytes, and where products ask for it these transposed. */
  private static EngineCopies scaled(
      Graph g, long elements, boolean turns, boolean columns, String name) {
    Tensor scale = g.allocate(QUANTISE, name, Category.TEMPORARIES, 1, DataType.FP32);
    Tensor bytes = bytes(g, elements, name);
    if (!columns) {
      return new EngineCopies(List.of(scale, bytes), List.of());
    }
    return turns
        ? new EngineCopies(List.of(bytes), List.of(scale, bytes(g, elements, name)))
        : new EngineCopies(List.of(), List.of(scale, bytes));
  }

  /** MXFP8Quantizer: bytes and their scales by rows, then by columns. */
  private static EngineCopies blocks(Graph g, long rows, long width, boolean columns, String name) {
    long elements = rows * width;
    List<Tensor> byRows = new ArrayList<>();
    byRows.add(bytes(g, elements, name));
    byRows.add(bytes(g, up(rows, TILE_ROWS) * up(width / BLOCK, TILE_COLUMNS), name));
    List<Tensor> byColumns = new ArrayList<>();
    if (columns) {
      byColumns.add(bytes(g, elements, name));
      byColumns.add(bytes(g, up(rows / BLOCK, TILE_COLUMNS) * up(width, TILE_ROWS), name));
    }
    return new EngineCopies(byRows, byColumns);
  }

  private static Tensor bytes(Graph g, long elements, String name) {
    return g.allocate(QUANTISE, name, Category.TEMPORARIES, elements, DataType.FP8);
  }

  private static long up(long value, long unit) {
    return (value + unit - 1) / unit * unit;
  }

  /** All of them. */
  List<Tensor> all() {
    List<Tensor> all = new ArrayList<>(byRows);
    all.addAll(byColumns);
    return all;
  }
}
