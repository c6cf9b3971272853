package dev.vramcast.core.step.optimizer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Optimizer states, which live from step to step, and what one step allocates besides. */
public final class OptimizerWriter {

  private static final Operation STATE =
      Operation.of("Optimizer.state", "torch/optim/optimizer.py");

  private final Graph graph;
  private final ResolvedJob job;
  private final OptimizerSettings optimizer;
  private final boolean separateDenominators;
  private final OptimizerStates states;
  private final List<Trainable> trainables;
  private final boolean onHost;
  private final boolean swaps;

  /** Whose gradient came last; null where it is updated, or none updates in the backward pass. */
  private @Nullable Trainable waiting;

  /**
   * States of these parameters.
   *
   * @param onHost the optimizer steps in the machine's memory
   */
  public OptimizerWriter(
      Graph graph, StepSettings settings, List<Trainable> trainables, boolean onHost) {
    this.onHost = onHost;
    this.graph = graph;
    this.job = settings.job();
    this.swaps = !onHost && swapsStates(job);
    this.optimizer = job.optimizer();
    this.separateDenominators = settings.separateDenominators();
    // torch/distributed/fsdp/_flat_param.py _use_sharded_views: a rank's part of each has no rows.
    boolean flat = job.parallelism().hasFlatParts();
    this.trainables =
        stepped(trainables, job.parallelism().strategy())
            .filter(t -> t.elements() > 0)
            .map(t -> flat ? t.flat() : t)
            .toList();
    this.states = new OptimizerStates(job, this::state);
  }

  /**
   * What an optimizer steps: it passes over parameters without a gradient (torch/optim/adamw.py
   * _init_group), of which it then has no states. FSDP1 and DeepSpeed have vectors of all
   * parameters.
   */
  public static Stream<Trainable> stepped(List<Trainable> trainables, Strategy strategy) {
    boolean together = strategy == Strategy.FSDP1 || strategy.isZero();
    return trainables.stream().filter(t -> together || !t.parameter().isOutOfReach());
  }

  /** They are in host memory between steps, and the optimizer steps on the GPU. */
  private static boolean swapsStates(ResolvedJob job) {
    return job.parallelism().offload().contains(OffloadTarget.OPTIMIZER)
        && job.frameworkCode().is(SpreadCode.SWAPS_STATES);
  }

  /** States as they are after the first step: those of a layer, then those of the next. */
  public void writeStates() {
    each(trainables, this::writeStatesOf);
    states.shared();
  }

  /** Those of a layer, then those of the next. */
  private void each(List<Trainable> all, Consumer<Trainable> written) {
    int from = 0;
    while (from < all.size()) {
      int copies = all.get(from).copies();
      int to = from + 1;
      while (to < all.size() && all.get(to).copies() == copies) {
        to++;
      }
      List<Trainable> layer = all.subList(from, to);
      graph.repeat(copies, () -> layer.forEach(written));
      from = to;
    }
  }

  private void writeStatesOf(Trainable trainable) {
    graph.site().within(trainable.parameter().module(), () -> states.of(trainable));
  }

  /** Managed memory is not from PyTorch's allocator. */
  private void state(long elements, DataType dtype, boolean paged) {
    if (paged) {
      return;
    }
    if (swaps) {
      graph.site().operation(STATE);
      graph.allocateOnHost("optimizer states", Category.OPTIMIZER, elements, dtype);
    } else if (onHost) {
      graph.site().operation(STATE);
      // torch/optim/adamw.py: torch.zeros_like of a parameter on the CPU is not pinned.
      graph.allocateOnHost(
          MemorySpace.PAGEABLE, "optimizer states", Category.OPTIMIZER, elements, dtype);
    } else {
      graph.allocate(STATE, "optimizer states", Category.OPTIMIZER, elements, dtype);
    }
  }

  /** What the step allocates on the GPU while it runs. */
  public void writeStep() {
    if (!onHost) {
      write(trainables);
    }
  }

  /** What the update of one alone allocates while it runs. */
  public void writeStep(Trainable one) {
    write(List.of(one.alone()));
  }

  /**
   * The gradient of a parameter has come to an update inside the backward pass (lomo_optim/lomo.py
   * fuse_update): a hook comes before a gradient is stored, so that each updates the parameter
   * whose gradient came before.
   */
  public void arrived(Trainable next) {
    finish();
    waiting = next;
  }

  /** Updates what waits. */
  public void finish() {
    if (waiting != null) {
      writeStep(waiting);
    }
    waiting = null;
  }

  private void write(List<Trainable> stepped) {
    List<Brought> brought = swaps ? bring(stepped) : List.of();
    new OptimizerTemporaries(graph, optimizer, separateDenominators, stepped).write();
    brought.forEach(each -> graph.repeat(each.copies(), () -> graph.release(each.one())));
  }

  /** States that are in host memory until the step, and again after it. */
  private List<Brought> bring(List<Trainable> stepped) {
    List<Brought> brought = new ArrayList<>();
    each(
        stepped,
        t -> {
          OptimizerStates.Sink copies =
              (elements, dtype, paged) ->
                  brought.add(
                      new Brought(
                          t.copies(),
                          graph.allocate(
                              STATE, "optimizer states", Category.OPTIMIZER, elements, dtype)));
          new OptimizerStates(job, copies).of(t);
        });
    return brought;
  }

  private record Brought(int copies, Tensor one) {}
}
