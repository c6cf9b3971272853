package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.ModuleScope;
import java.util.Objects;
import java.util.function.Supplier;

/** Rows of an embedding table, which its module looks up. */
public final class TableRows {

  private TableRows() {}

  /**
   * What {@code rows} gives within the module of a table, and within the wrapper that calls it
   * where it is saved.
   */
  public static Tensor lookUp(Graph g, Parameter table, Supplier<Tensor> rows) {
    ModuleScope module = table.module();
    if (!module.isWrapped()) {
      return within(g, module, rows);
    }
    ModuleScope wrapper = Objects.requireNonNull(module.caller());
    return within(g, wrapper, () -> within(g, module, rows));
  }

  private static Tensor within(Graph g, ModuleScope module, Supplier<Tensor> rows) {
    try (Scope frame = Scope.of(g, module)) {
      return frame.result(rows.get());
    }
  }
}
