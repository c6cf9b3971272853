package dev.tunefit.core.memory.step;

import dev.tunefit.core.job.OptimizerImplementation;
import dev.tunefit.core.job.OptimizerSettings;
import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Tensor;
import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/** Optimizer states, which live from step to step, and what one step allocates besides. */
final class OptimizerWriter {

  /** bitsandbytes keeps fp32 states for tensors below {@code min_8bit_size}. */
  private static final long MIN_8BIT_ELEMENTS = 4096;

  /** bitsandbytes' blocks of 8-bit states. */
  private static final long BLOCK_8BIT = 256;

  /** bitsandbytes puts larger states of paged optimizers into managed memory. */
  private static final long MIN_PAGED_ELEMENTS = 100_000;

  private final Graph graph;
  private final OptimizerSettings optimizer;
  private final List<Trainable> trainables;

  OptimizerWriter(Graph graph, StepSettings settings, List<Trainable> trainables) {
    this.graph = graph;
    this.optimizer = settings.job().optimizer();
    this.trainables = trainables;
  }

  /** States as they are after the first step. */
  void writeStates() {
    for (Trainable trainable : trainables) {
      graph.repeat(trainable.copies(), () -> writeStates(trainable));
    }
    if (isEightBit()) {
      state(256, DataType.FP32);
      state(256, DataType.FP32);
    }
  }

  private void writeStates(Trainable t) {
    DataType parameter = t.parameter().dtype();
    if (optimizer.masterWeights() && parameter != DataType.FP32) {
      state(t.elements(), DataType.FP32);
    }
    DataType moment = optimizer.stateDtype().filter(d -> !ofParameter()).orElse(parameter);
    switch (optimizer.name()) {
      case ADAMW -> adam(t, moment);
      case ADAMW_8BIT -> eightBit(t, 2, false);
      case PAGED_ADAMW_8BIT -> eightBit(t, 2, true);
      case ADAMW_4BIT -> fourBit(t);
      case PAGED_ADAMW -> paged(t);
      case LION ->
          state(
              t.elements(),
              optimizer.implementation() == OptimizerImplementation.BITSANDBYTES
                  ? DataType.FP32
                  : moment);
      case LION_8BIT -> eightBit(t, 1, false);
      case ADAFACTOR -> factored(t);
      case MUON -> muon(t, moment);
      case GALORE -> galore(t, moment);
      case SGD -> {
        if (optimizer.implementation() == OptimizerImplementation.MOMENTUM) {
          state(t.elements(), parameter);
        }
      }
      case NONE -> {}
    }
  }

  /** {@code torch.optim} makes its states like the parameter, whatever else is said. */
  private boolean ofParameter() {
    return switch (optimizer.implementation()) {
      case FUSED, FOREACH, FOR_LOOP, MOMENTUM -> !optimizer.masterWeights();
      case BITSANDBYTES, TORCHAO, DEEPSPEED, APEX -> false;
    };
  }

  private void adam(Trainable t, DataType moment) {
    DataType dtype =
        optimizer.implementation() == OptimizerImplementation.BITSANDBYTES
                || optimizer.masterWeights()
            ? DataType.FP32
            : moment;
    state(t.elements(), dtype);
    state(t.elements(), dtype);
    if (optimizer.implementation() == OptimizerImplementation.FUSED) {
      state(1, DataType.FP32);
    }
  }

  private void eightBit(Trainable t, int moments, boolean paged) {
    boolean wide = t.elements() < MIN_8BIT_ELEMENTS || (t.embedding() && isBitsandbytes());
    for (int i = 0; i < moments; i++) {
      if (wide) {
        maybePaged(t.elements(), DataType.FP32, paged);
      } else {
        maybePaged(t.elements(), DataType.UINT8, paged);
        state((t.elements() + BLOCK_8BIT - 1) / BLOCK_8BIT, DataType.FP32);
      }
    }
  }

  private boolean isBitsandbytes() {
    return optimizer.implementation() == OptimizerImplementation.BITSANDBYTES;
  }

  /** torchao {@code AdamW4bit}: two states in half a byte, blocks of 128. */
  private void fourBit(Trainable t) {
    if (t.elements() < MIN_8BIT_ELEMENTS) {
      adam(t, t.parameter().dtype());
      return;
    }
    for (int i = 0; i < 2; i++) {
      state(t.elements() / 2, DataType.UINT8);
      state(t.elements() / 128, DataType.FP32);
    }
  }

  private void paged(Trainable t) {
    maybePaged(t.elements(), DataType.FP32, true);
    maybePaged(t.elements(), DataType.FP32, true);
  }

  private void maybePaged(long elements, DataType dtype, boolean paged) {
    if (!paged || elements < MIN_PAGED_ELEMENTS) {
      state(elements, dtype);
    }
  }

  /** transformers Adafactor: fp32 row and column means for matrices, everything for vectors. */
  private void factored(Trainable t) {
    if (t.isMatrix()) {
      state(t.rows(), DataType.FP32);
      state(t.columns(), DataType.FP32);
    } else {
      state(t.elements(), DataType.FP32);
    }
  }

  private void muon(Trainable t, DataType moment) {
    state(t.elements(), moment);
    if (!t.isMatrix() || t.embedding()) {
      state(t.elements(), moment);
    }
  }

  /** GaLore: Adam on the projected gradient, and the projector. */
  private void galore(Trainable t, DataType moment) {
    if (!t.isMatrix() || t.embedding()) {
      adam(t, moment);
      return;
    }
    long longer = Math.max(t.rows(), t.columns());
    long shorter = Math.min(t.rows(), t.columns());
    long rank = Math.min(optimizer.galoreRank(), shorter);
    state(rank * longer, moment);
    state(rank * longer, moment);
    state(rank * shorter, moment);
  }

  private boolean isEightBit() {
    return switch (optimizer.name()) {
      case ADAMW_8BIT, PAGED_ADAMW_8BIT, LION_8BIT -> isBitsandbytes();
      case ADAMW, ADAMW_4BIT, PAGED_ADAMW, ADAFACTOR, LION, SGD, MUON, GALORE, NONE -> false;
    };
  }

  private void state(long elements, DataType dtype) {
    graph.allocate("optimizer states", Category.OPTIMIZER, elements, dtype);
  }

  /** What the step allocates while it runs. */
  void writeStep() {
    switch (optimizer.name()) {
      case ADAMW, LION -> {
        if (optimizer.implementation() == OptimizerImplementation.FOREACH) {
          wholeCopies();
        } else if (optimizer.implementation() == OptimizerImplementation.FOR_LOOP) {
          largest(1, 0);
        }
      }
      case ADAFACTOR -> largest(2, 2);
      case GALORE -> largest(0, 2);
      case MUON -> largest(3, 0);
      case ADAMW_8BIT, ADAMW_4BIT, PAGED_ADAMW, PAGED_ADAMW_8BIT, LION_8BIT, SGD, NONE -> {}
    }
  }

  /** torch's foreach Adam: {@code _foreach_sqrt} of every second moment at once. */
  private void wholeCopies() {
    List<Runnable> deaths = new ArrayList<>();
    for (Trainable t : trainables) {
      DataType dtype = optimizer.masterWeights() ? DataType.FP32 : t.parameter().dtype();
      Tensor[] copy = new Tensor[1];
      graph.repeat(t.copies(), () -> copy[0] = scratch(t.elements(), dtype));
      deaths.add(() -> graph.repeat(t.copies(), () -> graph.release(copy[0])));
    }
    deaths.forEach(Runnable::run);
  }

  /** Copies of the largest parameter, in its own dtype and in fp32. */
  private void largest(int ownCopies, int fp32Copies) {
    Trainable largest = null;
    for (Trainable t : trainables) {
      if (largest == null || t.elements() > largest.elements()) {
        largest = t;
      }
    }
    if (largest == null) {
      return;
    }
    List<Tensor> copies = new ArrayList<>();
    for (int i = 0; i < ownCopies; i++) {
      copies.add(scratch(largest.elements(), largest.parameter().dtype()));
    }
    for (int i = 0; i < fp32Copies; i++) {
      copies.add(scratch(largest.elements(), DataType.FP32));
    }
    copies.forEach(graph::release);
  }

  private Tensor scratch(long elements, DataType dtype) {
    return graph.allocate("optimizer temporaries", Category.TEMPORARIES, elements, dtype);
  }
}
