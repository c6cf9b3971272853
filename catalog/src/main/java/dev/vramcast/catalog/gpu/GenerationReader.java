package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.Generation;
import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Generation.Context;
import dev.vramcast.core.hardware.Generation.Workspaces;
import dev.vramcast.core.hardware.Target;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.units.Version;
import dev.vramcast.input.table.TsvTable;
import dev.vramcast.input.table.TypedRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Reads {@code generations.tsv}. */
final class GenerationReader {

  static final String FILE = "generations.tsv";

  private static final List<String> COLUMNS =
      List.of(
          "generation",
          "name",
          "vendor",
          "target",
          "bf16",
          "flash_attention",
          "fp8",
          "cudnn_attention",
          "bnb_quantization",
          "bnb_optimizers",
          "cublas_workspace_bytes",
          "cublas_workspace_since",
          "engine_workspace_bytes",
          "context_lazy_mib",
          "context_eager_mib",
          "source");

  private static final int MIB_BITS = 20;

  private GenerationReader() {}

  /**
   * The generations by their ids.
   *
   * @param source names the file in messages
   */
  static Map<String, Generation> read(String source, List<String> lines) {
    List<TypedRow> rows = TsvTable.read(source, lines, COLUMNS);
    TypedRow.refuseTwins(rows, "generation");
    Map<String, Generation> generations = new LinkedHashMap<>();
    rows.forEach(row -> generations.put(row.text("generation"), generation(row)));
    return generations;
  }

  private static Generation generation(TypedRow row) {
    row.text("source");
    return new Generation(
        row.text("generation"),
        row.text("name"),
        row.choice("vendor", Vendor.class),
        target(row),
        new Abilities(
            row.yes("bf16"),
            row.yes("flash_attention"),
            row.yes("fp8"),
            row.yes("cudnn_attention"),
            row.yes("bnb_quantization"),
            row.yes("bnb_optimizers")),
        new Workspaces(
            row.count("cublas_workspace_bytes"),
            row.optional("cublas_workspace_since").map(Version::parse),
            row.count("engine_workspace_bytes")),
        new Context(mebibytes(row, "context_lazy_mib"), mebibytes(row, "context_eager_mib")));
  }

  private static Target target(TypedRow row) {
    return Target.parse(row.text("target"))
        .orElseThrow(
            () -> row.failure("target", "a compute capability as 9.0, a target as gfx942, or n/a"));
  }

  private static OptionalLong mebibytes(TypedRow row, String column) {
    OptionalLong mebibytes = row.whole(column);
    return mebibytes.isPresent()
        ? OptionalLong.of(mebibytes.getAsLong() << MIB_BITS)
        : OptionalLong.empty();
  }
}
