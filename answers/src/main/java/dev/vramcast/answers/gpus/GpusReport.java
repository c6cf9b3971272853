package dev.vramcast.answers.gpus;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuFilter;
import dev.vramcast.catalog.gpu.GpuRemark;
import dev.vramcast.core.hardware.Gpu;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** GPUs of the catalogue as a table or as JSON. */
public final class GpusReport implements Answer {

  private static final String INDENT = "      ";
  private static final String LEGEND =
      "Memory in GiB as the driver reports it, ~ where no driver's output is known, and its GB/s."
          + " TFLOP/s are dense, with fp32 accumulation; those of fp16 where there is no bf16."
          + " Link: GB/s to a peer in the node, one direction. ? is not known.";

  private final GpuCatalog catalog;
  private final List<Gpu> gpus;

  private GpusReport(GpuCatalog catalog, List<Gpu> gpus) {
    this.catalog = catalog;
    this.gpus = gpus;
  }

  /** The devices that a filter lets through, or all. */
  public static GpusReport of(GpuCatalog catalog, Optional<String> search) {
    return new GpusReport(
        catalog, search.map(GpuFilter::parse).map(catalog::akin).orElseGet(catalog::all));
  }

  @Override
  public List<String> lines(Terminal terminal) {
    return lines(terminal, false);
  }

  /** As {@link #lines(Terminal)}, with the source of each figure where that is wished. */
  public List<String> lines(Terminal terminal, boolean explain) {
    List<String> rows = grid(terminal).lines();
    List<String> lines = new ArrayList<>(rows.subList(0, 1));
    for (int i = 0; i < gpus.size(); i++) {
      lines.add(rows.get(i + 1));
      if (explain) {
        lines.addAll(reasons(gpus.get(i), terminal));
      }
    }
    lines.add("");
    Wrap.lines(LEGEND, terminal.width() - 2).forEach(line -> lines.add("  " + line));
    return lines;
  }

  @Override
  public Record record() {
    return new GpusRecord(
        gpus.stream().map(gpu -> GpusRecord.Card.of(gpu, catalog.remark(gpu))).toList());
  }

  private Grid grid(Terminal terminal) {
    Align l = Align.LEFT;
    Align r = Align.RIGHT;
    Grid grid = new Grid(terminal, l, r, r, r, r, r, l, l);
    grid.row(Style.DIM, "name", "GiB", "GB/s", "bf16", "fp8", "link", "generation", "runs");
    gpus.forEach(gpu -> grid.row(cells(gpu)));
    return grid;
  }

  private static Cell[] cells(Gpu gpu) {
    String memory = Gib.rounded(Gib.of(gpu.memory().bytes()), 1);
    return new Cell[] {
      Cell.bold(gpu.name()),
      Cell.plain(gpu.memory().reported() ? memory : "~" + memory),
      Cell.plain(number(gpu.throughput().memoryGigabytesPerSecond())),
      Cell.plain(number(gpu.throughput().halfTeraflops())),
      Cell.plain(gpu.abilities().fp8() ? number(gpu.throughput().fp8Teraflops()) : "-"),
      Cell.plain(number(gpu.interconnect().gigabytesPerSecond())),
      Cell.plain(gpu.generation().name()),
      Cell.plain(String.join(" ", abilities(gpu)))
    };
  }

  private static List<String> abilities(Gpu gpu) {
    List<String> abilities = new ArrayList<>();
    if (!gpu.abilities().bf16()) {
      abilities.add("fp16 only");
    }
    if (gpu.abilities().fp8()) {
      abilities.add("fp8");
    }
    if (gpu.abilities().flashAttention()) {
      abilities.add("flash");
    }
    return abilities;
  }

  private List<String> reasons(Gpu gpu, Terminal terminal) {
    GpuRemark remark = catalog.remark(gpu);
    List<String> reasons = new ArrayList<>();
    reasons.add(
        gpu.vendor().label()
            + ", capability "
            + gpu.generation().target().label()
            + ", "
            + gpu.memory().mebibytes()
            + " MiB, "
            + allocatable(gpu)
            + gpu.interconnect().description()
            + (gpu.watts().isPresent() ? ", " + gpu.watts().getAsInt() + " W" : "")
            + ", "
            + remark.usualNode()
            + " in a node");
    reasons.add(remark.standing() + ": " + remark.source());
    if (!remark.note().isEmpty()) {
      reasons.add(remark.note());
    }
    return reasons.stream()
        .flatMap(reason -> Wrap.lines(reason, terminal.width() - INDENT.length()).stream())
        .map(line -> INDENT + terminal.styled(Style.DIM, line))
        .toList();
  }

  private static String allocatable(Gpu gpu) {
    OptionalLong bytes = gpu.memory().allocatable().linux();
    return bytes.isPresent()
        ? "of which programs get " + Gib.text(bytes.getAsLong()) + " on Linux, "
        : "";
  }

  private static String number(OptionalDouble number) {
    return number.isPresent()
        ? BigDecimal.valueOf(number.getAsDouble()).stripTrailingZeros().toPlainString()
        : "?";
  }
}
