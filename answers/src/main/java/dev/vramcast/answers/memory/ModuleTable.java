package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.ModuleTree;
import java.util.List;
import java.util.stream.Collectors;

/** What is alive at the peak as a tree of modules, with the tensors that each of them made. */
public final class ModuleTable {

  /** The option of a command line that shows all. */
  public static final Subject EXPLAIN = Subject.option("--explain");

  /** Of the peak: what is less is summed up. */
  private static final double SHARE = 0.002;

  private static final int TENSORS = 4;

  private final Terminal terminal;
  private final Grid grid;
  private final boolean all;
  private final long least;

  private ModuleTable(Terminal terminal, ModuleTree root, boolean all) {
    this.terminal = terminal;
    this.grid = new Grid(terminal, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
    this.all = all;
    this.least = all ? 1 : (long) (root.bytes() * SHARE);
  }

  /**
   * The rows.
   *
   * @param all show what is small, too
   */
  public static List<String> lines(ModuleTree root, Terminal terminal, boolean all) {
    ModuleTable table = new ModuleTable(terminal, root, all);
    table.grid.row(Style.DIM, "at peak", "own peak", "", "");
    table.module(root, 0);
    return table.grid.lines();
  }

  private void module(ModuleTree module, int depth) {
    grid.row(
        Cell.bold(Gib.text(module.bytes())),
        Cell.dim(Gib.text(module.ownPeakBytes())),
        Cell.plain(""),
        Cell.bold(indent(depth) + (module.name().isEmpty() ? "(run)" : module.name())));
    tensors(module.tensors(), depth + 1);
    List<ModuleTree> shown =
        module.modules().stream().filter(below -> below.bytes() >= least).toList();
    shown.forEach(below -> module(below, depth + 1));
    rest(
        module.modules().size() - shown.size(),
        "module",
        module.modules().stream().mapToLong(ModuleTree::bytes).sum()
            - shown.stream().mapToLong(ModuleTree::bytes).sum(),
        depth + 1);
  }

  private void tensors(List<LiveTensor> tensors, int depth) {
    List<LiveTensor> shown =
        tensors.stream()
            .filter(tensor -> tensor.bytes() >= least)
            .limit(all ? Integer.MAX_VALUE : TENSORS)
            .toList();
    String code = "";
    for (LiveTensor tensor : shown) {
      if (!tensor.site().code().equals(code) && !tensor.site().code().isEmpty()) {
        code = tensor.site().code();
        grid.row(Style.DIM, "", "", "", indent(depth) + code);
      }
      grid.row(
          Cell.plain(Gib.text(tensor.bytes())),
          Cell.plain(""),
          Cell.plain(tensor.count() + (terminal.unicode() ? " ×" : " x")),
          Cell.plain(indent(depth) + description(tensor)));
    }
    rest(
        tensors.size() - shown.size(),
        "tensor",
        tensors.stream().mapToLong(LiveTensor::bytes).sum()
            - shown.stream().mapToLong(LiveTensor::bytes).sum(),
        depth);
  }

  private void rest(int count, String what, long bytes, int depth) {
    if (count > 0 && bytes > 0) {
      grid.row(
          Style.DIM,
          Gib.text(bytes),
          "",
          "",
          indent(depth)
              + count
              + " more "
              + what
              + (count == 1 ? "" : "s")
              + (all ? "" : terminal.text(" with ", EXPLAIN)));
    }
  }

  /** E.g. {@code aten::mm 8192 × 14336 bf16, gated products}. */
  private String description(LiveTensor tensor) {
    String by = terminal.unicode() ? " × " : " x ";
    String shape = tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(by));
    return tensor.site().operation()
        + "  "
        + shape
        + " "
        + tensor.dtype().label()
        + ", "
        + tensor.name();
  }

  private static String indent(int depth) {
    return "  ".repeat(depth);
  }
}
