package dev.vramcast.core.module.engine;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * Narrow copies of a matrix that TransformerEngine's quantizers make, in the order in which they do
 * (transformer_engine/pytorch/csrc/quantizer.cpp {@code create_tensor}).
 *
 * @param byRows read by products over rows alone
 * @param byColumns read by products over columns, some by both
 */
record EngineCopies(List<Tensor> byRows, List<Tensor> byColumns) {

  private static final Operation QUANTISE =
      Operation.of("tex.quantize", "transformer_engine/pytorch/csrc/quantizer.cpp");

  /** Elements that share a scale, along one direction. */
  private static final long MXFP8_BLOCK = 32;

  private static final long NVFP4_BLOCK = 16;

  private static final long FP8_BLOCK = 128;

  /** Scales of the first two lie in tiles of so many rows and columns. */
  private static final long TILE_ROWS = 128;

  private static final long TILE_COLUMNS = 4;

  /**
   * What is copied.
   *
   * @param weight blocks of its scales are as high as they are wide, where blocks are of 128
   */
  record Matrix(long rows, long width, boolean weight) {

    /** Of what goes into a product, or comes back to it. */
    static Matrix of(long elements, long width) {
      return new Matrix(elements / width, width, false);
    }

    /** Of a weight. */
    static Matrix weight(long elements, long width) {
      return new Matrix(elements / width, width, true);
    }

    long elements() {
      return Math.multiplyExact(rows, width);
    }
  }

  /** By what it will be read ({@code set_usage}). */
  enum Usage {
    ROWS,
    COLUMNS,
    BOTH;

    /** Rows, and columns too where that is asked. */
    static Usage rowsAnd(boolean columns) {
      return columns ? BOTH : ROWS;
    }
  }

  /** The copies of a matrix; the caller's. */
  static EngineCopies of(Graph g, NarrowLinears how, Matrix matrix, Usage usage, String name) {
    return switch (how) {
      case NONE, TORCHAO -> throw new IllegalArgumentException("no copies of " + how);
      case ENGINE_TURNED, CURRENT_TURNED -> scaled(g, matrix.elements(), true, usage, name);
      case ENGINE_WHOLE, CURRENT_WHOLE -> scaled(g, matrix.elements(), false, usage, name);
      case ENGINE_BLOCKS, ENGINE_SQUARES, ENGINE_FP4 -> blocks(g, how, matrix, usage, name);
    };
  }

  /** Float8Quantizer: a scale, the bytes, and where products ask for it these transposed. */
  private static EngineCopies scaled(
      Graph g, long elements, boolean turns, Usage usage, String name) {
    Tensor scale = allocate(g, 1, DataType.FP32, name);
    Tensor bytes = bytes(g, elements, name);
    if (usage == Usage.ROWS) {
      return new EngineCopies(List.of(scale, bytes), List.of());
    }
    return turns
        ? new EngineCopies(List.of(bytes), List.of(scale, bytes(g, elements, name)))
        : new EngineCopies(List.of(), List.of(scale, bytes));
  }

  /** What a copy by rows gets where products turn out to read columns; the caller's. */
  static Tensor turned(Graph g, Matrix matrix, String name) {
    return bytes(g, matrix.elements(), name);
  }

  /** Numbers and their scales by rows, then by columns. */
  private static EngineCopies blocks(
      Graph g, NarrowLinears how, Matrix matrix, Usage usage, String name) {
    List<Tensor> byRows = new ArrayList<>();
    List<Tensor> byColumns = new ArrayList<>();
    if (usage != Usage.COLUMNS) {
      fill(g, how, matrix, scales(how, matrix, true), name, byRows);
    }
    if (usage != Usage.ROWS) {
      fill(g, how, matrix, scales(how, matrix, false), name, byColumns);
    }
    return new EngineCopies(byRows, byColumns);
  }

  private static void fill(
      Graph g, NarrowLinears how, Matrix matrix, long scales, String name, List<Tensor> into) {
    boolean four = how == NarrowLinears.ENGINE_FP4;
    into.add(bytes(g, four ? matrix.elements() / 2 : matrix.elements(), name));
    DataType dtype = how == NarrowLinears.ENGINE_SQUARES ? DataType.FP32 : DataType.FP8;
    into.add(allocate(g, scales, dtype, name));
    if (four) {
      into.add(allocate(g, 1, DataType.FP32, name));
    }
  }

  /** {@code get_scale_shape} of MXFP8Quantizer, NVFP4Quantizer and Float8BlockQuantizer. */
  private static long scales(NarrowLinears how, Matrix matrix, boolean byRows) {
    long rows = matrix.rows();
    long width = matrix.width();
    if (how == NarrowLinears.ENGINE_SQUARES) {
      long along = byRows ? width : rows;
      long across = byRows ? rows : width;
      return matrix.weight()
          ? blocks(across) * up(blocks(along), TILE_COLUMNS)
          : blocks(along) * up(across, TILE_COLUMNS);
    }
    long block = how == NarrowLinears.ENGINE_FP4 ? NVFP4_BLOCK : MXFP8_BLOCK;
    return byRows
        ? up(rows, TILE_ROWS) * up(width / block, TILE_COLUMNS)
        : up(rows / block, TILE_COLUMNS) * up(width, TILE_ROWS);
  }

  private static long blocks(long size) {
    return (size + FP8_BLOCK - 1) / FP8_BLOCK;
  }

  private static Tensor bytes(Graph g, long elements, String name) {
    return allocate(g, elements, DataType.FP8, name);
  }

  private static Tensor allocate(Graph g, long elements, DataType dtype, String name) {
    return g.allocate(QUANTISE, name, Category.TEMPORARIES, elements, dtype);
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
