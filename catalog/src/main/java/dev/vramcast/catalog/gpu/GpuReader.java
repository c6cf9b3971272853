package dev.vramcast.catalog.gpu;

import static dev.vramcast.core.units.Multiples.GIB;

import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.GpuClass;
import dev.vramcast.core.hardware.Interconnect;
import dev.vramcast.core.hardware.Link;
import dev.vramcast.core.hardware.MatmulClass;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.hardware.MemorySize.Allocatable;
import dev.vramcast.core.hardware.Throughput;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads {@code gpus.tsv}. */
record GpuReader(GpuTables tables) {

  static final String FILE = "gpus.tsv";

  private static final String USUAL = "usual";

  private static final List<String> COLUMNS =
      List.of(
          "name",
          "required",
          "optional",
          USUAL,
          "generation",
          "chip",
          "class",
          "marketed_gb",
          "memory_mib",
          "memory_reported",
          "total_gib",
          "total_windows_gib",
          "bandwidth_gb_s",
          "half_tflops",
          "single_tflops",
          "fp8_tflops",
          "nvfp4_tflops",
          "matmul",
          "link",
          "bridge",
          "peer_access",
          "interconnect",
          "watts",
          "usual_node",
          "most_in_machine",
          "standing",
          "note",
          "source");

  /**
   * The devices in the order of their rows.
   *
   * @param source names the file in messages
   */
  List<GpuRow> read(String source, List<String> lines) {
    List<TypedRow> rows = TsvTable.read(source, lines, COLUMNS);
    TypedRow.refuseTwins(rows, "name");
    return rows.stream().map(this::row).toList();
  }

  /** As {@link #read}, of a file that has no fault: a row is read when it is first asked for. */
  List<GpuRow> readLater(String source, List<String> lines) {
    List<GpuRow> rows = new ArrayList<>(lines.size());
    for (String line : lines.subList(1, lines.size())) {
      int required = line.indexOf('\t') + 1;
      int optional = line.indexOf('\t', required) + 1;
      int usual = line.indexOf('\t', optional) + 1;
      rows.add(
          new GpuRow(
              line.substring(0, required - 1),
              words(line.substring(required, optional - 1)),
              words(line.substring(optional, usual - 1)),
              line.charAt(usual) == '\t'
                  ? OptionalInt.empty()
                  : OptionalInt.of(
                      Integer.parseInt(line.substring(usual, line.indexOf('\t', usual)))),
              () -> described(TsvTable.read(source, List.of(lines.get(0), line), COLUMNS).get(0))));
    }
    return rows;
  }

  /** As {@link TypedRow#words}. */
  private static Set<String> words(String cell) {
    return cell.isEmpty() ? Set.of() : Set.of(cell.split(" "));
  }

  private GpuRow row(TypedRow row) {
    row.text("required");
    GpuRow.Described described = described(row);
    return new GpuRow(
        described.gpu().name(),
        row.words("required"),
        row.words("optional"),
        whole(row, USUAL),
        () -> described);
  }

  private GpuRow.Described described(TypedRow row) {
    Gpu gpu =
        new Gpu(
            row.text("name"),
            row.choice("class", GpuClass.class),
            row.one("generation", tables.generations()),
            memory(row),
            throughput(row),
            interconnect(row),
            whole(row, "watts"));
    return new GpuRow.Described(gpu, remark(row, gpu.generation()));
  }

  private static GpuRemark remark(TypedRow row, Generation generation) {
    return new GpuRemark(
        generation.name() + row.optional("chip").map(chip -> " (" + chip + ")").orElse(""),
        row.text("usual_node"),
        Math.toIntExact(row.count("most_in_machine")),
        row.text("standing"),
        row.optional("note").orElse(""),
        row.text("source"));
  }

  private static MemorySize memory(TypedRow row) {
    long mebibytes = row.count("memory_mib");
    return new MemorySize(
        mebibytes,
        row.yes("memory_reported"),
        Math.toIntExact(row.count("marketed_gb")),
        new Allocatable(
            allocatable(row, "total_gib", mebibytes),
            allocatable(row, "total_windows_gib", mebibytes)));
  }

  /** In GiB, as messages of PyTorch print it, and so rounded to a hundredth. */
  private static OptionalLong allocatable(TypedRow row, String column, long mebibytes) {
    OptionalDouble gibibytes = row.number(column);
    if (gibibytes.isEmpty()) {
      return OptionalLong.empty();
    }
    long bytes = Math.round(gibibytes.getAsDouble() * GIB);
    if (bytes - (mebibytes << 20) > GIB / 100) {
      throw row.failure(column, "no more than memory_mib, which is " + mebibytes + " MiB");
    }
    return OptionalLong.of(Math.min(bytes, mebibytes << 20));
  }

  private Throughput throughput(TypedRow row) {
    return new Throughput(
        row.number("bandwidth_gb_s"),
        row.number("half_tflops"),
        single(row),
        row.number("fp8_tflops"),
        row.number("nvfp4_tflops"),
        row.choice("matmul", MatmulClass.class),
        tables.coefficients());
  }

  private OptionalDouble single(TypedRow row) {
    OptionalDouble single = row.number("single_tflops");
    boolean needed =
        row.number("half_tflops").isPresent()
            && !row.one("generation", tables.generations()).abilities().bf16();
    if (needed && single.isEmpty()) {
      throw row.failure("single_tflops", "a number, as this generation computes bf16 in fp32");
    }
    return single;
  }

  private Interconnect interconnect(TypedRow row) {
    Optional<Link> bridge = row.optional("bridge").map(id -> row.one("bridge", tables.links()));
    if (bridge.filter(link -> link.kind() != Link.Kind.BRIDGE).isPresent()) {
      throw row.failure("bridge", "a link of kind bridge, or nothing");
    }
    Link link = row.one("link", tables.links());
    if (link.kind() == Link.Kind.BRIDGE) {
      throw row.failure(
          "link", "a link that reaches all devices of a machine; bridges have a column");
    }
    return new Interconnect(link, bridge, row.yes("peer_access"), row.text("interconnect"));
  }

  private static OptionalInt whole(TypedRow row, String column) {
    OptionalLong number = row.whole(column);
    return number.isPresent()
        ? OptionalInt.of(Math.toIntExact(number.getAsLong()))
        : OptionalInt.empty();
  }
}
