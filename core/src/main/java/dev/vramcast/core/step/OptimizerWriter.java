package dev.vramcast.core.step;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** Optimizer states, which live from step to step, and what one step allocates besides. */
final class OptimizerWriter {

  private static final Operation STATE =
      Operation.of("Optimizer.state", "torch/optim/optimizer.py");

  private final Graph graph;
  private final OptimizerSettings optimizer;
  private final boolean separateDenominators;
  private final OptimizerStates states;
  private final List<Trainable> trainables;
  private final boolean onHost;

  /**
   * States of these parameters.
   *
   * @param onHost the optimizer steps in the machine's memory
   */
  OptimizerWriter(Graph graph, StepSettings settings, List<Trainable> trainables, boolean onHost) {
    this.onHost = onHost;
    this.graph = graph;
    this.optimizer = settings.job().optimizer();
    this.separateDenominators = settings.separateDenominators();
    this.trainables = trainables;
    this.states = new OptimizerStates(settings.job(), this::state);
  }

  /** States as they are after the first step: those of a layer, then those of the next. */
  void writeStates() {
    int from = 0;
    while (from < trainables.size()) {
      int copies = trainables.get(from).copies();
      int to = from + 1;
      while (to < trainables.size() && trainables.get(to).copies() == copies) {
        to++;
      }
      List<Trainable> layer = trainables.subList(from, to);
      graph.repeat(copies, () -> layer.forEach(this::writeStatesOf));
      from = to;
    }
    states.shared();
  }

  private void writeStatesOf(Trainable trainable) {
    graph.site().within(trainable.parameter().module(), () -> states.of(trainable));
  }

  /** Managed memory is not from PyTorch's allocator. */
  private void state(long elements, DataType dtype, boolean paged) {
    if (paged) {
      return;
    }
    if (onHost) {
      graph.site().operation(STATE);
      // torch/optim/adamw.py: torch.zeros_like of a parameter on the CPU is not pinned.
      graph.allocateOnHost(
          MemorySpace.PAGEABLE, "optimizer states", Category.OPTIMIZER, elements, dtype);
    } else {
      graph.allocate(STATE, "optimizer states", Category.OPTIMIZER, elements, dtype);
    }
  }

  /** What the step allocates on the GPU while it runs. */
  void writeStep() {
    if (!onHost) {
      write(trainables);
    }
  }

  /** What the update of one alone allocates while it runs. */
  void writeStep(Trainable one) {
    write(List.of(one.alone()));
  }

  private void write(List<Trainable> stepped) {
    new OptimizerTemporaries(graph, optimizer, separateDenominators, stepped).write();
  }
}
