package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.LiveTensor;
import dev.vramcast.core.trace.ModuleTree;
import java.util.ArrayList;
import java.util.List;

/** A module of the rank that needs most with what it has at the peak, for programs. */
record ModuleRecord(
    @Describes("Path from the model; empty for the run.") String module,
    @Describes("Alive at the peak, with the modules below.") long bytes,
    @Describes("The most at any time.") long ownPeakBytes,
    @Describes("Tensors that this module itself made, largest first.") List<Tensor> tensors) {

  /** Equal tensors. */
  record Tensor(
      @Describes("The operation that allocates them.") String operation,
      @Describes("Rows and features, or elements where the last dimension is not known.")
          List<Long> shape,
      @Describes("Their dtype.") String dtype,
      @Describes("What they are.") String name,
      @Describes("The category that they are counted under.") Category category,
      @Describes("File and function that allocate them.") String code,
      @Describes("How many there are; less than 0 where more were freed under this description.")
          long count,
      @Describes("Of all of them.") long bytes) {

    private static Tensor of(LiveTensor tensor) {
      return new Tensor(
          tensor.site().operation(),
          tensor.shape(),
          tensor.dtype().label(),
          tensor.name(),
          tensor.category(),
          tensor.site().code(),
          tensor.count(),
          tensor.bytes());
    }
  }

  /** Each module that has something at the peak, behind the one above it. */
  static List<ModuleRecord> of(EstimateReport report) {
    List<ModuleRecord> modules = new ArrayList<>();
    add(modules, ModuleTree.of(report.memory().worst().trace()));
    return modules;
  }

  private static void add(List<ModuleRecord> modules, ModuleTree tree) {
    if (tree.bytes() > 0) {
      modules.add(
          new ModuleRecord(
              tree.path(),
              tree.bytes(),
              tree.ownPeakBytes(),
              tree.tensors().stream().map(Tensor::of).toList()));
      tree.modules().forEach(below -> add(modules, below));
    }
  }
}
