package dev.vramcast.core.step.optimizer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.OptimizerSettings;
import dev.vramcast.core.job.option.OptimizerImplementation;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one optimizer step allocates beside the states.
 *
 * @param separateDenominators foreach AdamW keeps the square roots beside what it divides by
 */
record OptimizerTemporaries(
    Graph graph,
    OptimizerSettings optimizer,
    boolean separateDenominators,
    List<Trainable> trainables) {

  private static final Operation STEP = Operation.of("Optimizer.step", "torch/optim/optimizer.py");

  void write() {
    ownSlices();
    switch (optimizer.name()) {
      case ADAMW, LION -> adam(t -> true);
      case ADAFACTOR -> adafactor();
      case GALORE -> galore();
      case APOLLO -> apollo();
      case SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_RADAM -> wholeCopies(false, t -> true);
      case RMSPROP -> ofTorch(false);
      case ADAGRAD -> ofTorch(true);
      case MUON -> {
        muon();
        adam(t -> !t.isHiddenMatrix());
      }
      case ADAMW_8BIT, ADAMW_4BIT, PAGED_ADAMW, PAGED_ADAMW_8BIT, LION_8BIT, SGD, NONE -> {}
      case PAGED_LION, PAGED_LION_8BIT, RMSPROP_8BIT, SCHEDULE_FREE_SGD -> {}
      case ADEMAMIX, ADEMAMIX_8BIT, PAGED_ADEMAMIX, PAGED_ADEMAMIX_8BIT -> {}
      // Kernels in place (flashoptim/optimizers.py _do_step, optimi/stableadamw.py).
      case FLASH_ADAMW, STABLE_ADAMW -> {}
      case ADAM_MINI -> adamMini();
      case BADAM -> blockwise();
      case LOMO -> inHook();
      case ADALOMO -> factorsInHook();
      case ADAMW_CPU -> throw optimizer.name().notModelled();
    }
  }

  /** DTensor iterations a gradient into slices like the parameter's before an operation on both. */
  private void ownSlices() {
    List<Tensor> slices = new ArrayList<>();
    trainables.stream().filter(Trainable::hasWiderGradient).forEach(t -> slices.add(own(t)));
    slices.forEach(graph::release);
  }

  /** torch/optim/adam.py; those of Muon's that it does not orthogonalise go the foreach way. */
  private void adam(Predicate<Trainable> chosen) {
    boolean foreach =
        switch (optimizer.implementation()) {
          case FOREACH -> true;
          case FOR_LOOP -> isMuon();
          case FUSED, BITSANDBYTES, TORCHAO, DEEPSPEED, APEX, MOMENTUM -> false;
        };
    if (foreach && !optimizer.inBackward()) {
      wholeCopies(separateDenominators, chosen);
    } else if (foreach || optimizer.implementation() == OptimizerImplementation.FOR_LOOP) {
      Trainable t = largest(chosen);
      if (t != null) {
        together(own(t), foreach ? null : own(t));
      }
    }
  }

  /**
   * torch/optim/rmsprop.py: roots of all means of squares; torch/optim/adagrad.py: and gradients
   * times the rate beside them ({@code _multi_tensor_…}, {@code _single_tensor_…}).
   */
  private void ofTorch(boolean twice) {
    if (optimizer.implementation() == OptimizerImplementation.FOREACH) {
      wholeCopies(twice, t -> true);
    } else if (optimizer.implementation() == OptimizerImplementation.FOR_LOOP) {
      Trainable t = largest(each -> true);
      if (t != null) {
        together(own(t));
      }
    }
  }

  private boolean isMuon() {
    return optimizer.name() == OptimizerName.MUON;
  }

  /**
   * New tensors of every second moment of a dtype at once ({@code _foreach_sqrt}, then {@code
   * _foreach_add} where it is not in place); those of the dtype before go when the next are there.
   */
  private void wholeCopies(boolean twice, Predicate<Trainable> chosen) {
    List<Tensors> roots = List.of();
    List<Tensors> denominators = List.of();
    for (List<Trainable> group : byDtype(chosen)) {
      roots = replacing(roots, group);
      if (twice) {
        denominators = replacing(denominators, group);
      }
    }
    release(roots);
    release(denominators);
  }

  /** The parameters whose moments one kernel takes (_group_tensors_by_device_and_dtype). */
  private Collection<List<Trainable>> byDtype(Predicate<Trainable> chosen) {
    Map<DataType, List<Trainable>> groups = new LinkedHashMap<>();
    for (Trainable t : trainables) {
      if (chosen.test(t)) {
        groups.computeIfAbsent(dtype(t), dtype -> new ArrayList<>()).add(t);
      }
    }
    return groups.values();
  }

  private List<Tensors> replacing(List<Tensors> last, List<Trainable> group) {
    List<Tensors> next = new ArrayList<>();
    for (Trainable t : group) {
      next.add(new Tensors(t.copies(), graph.repeat(t.copies(), () -> own(t))));
    }
    release(last);
    return next;
  }

  private void release(List<Tensors> all) {
    all.forEach(each -> graph.repeat(each.copies(), () -> graph.release(each.one())));
  }

  /** As many alike, one of every layer. */
  private record Tensors(int copies, Tensor one) {}

  /**
   * transformers/optimization.py Adafactor.step: gradient and parameter in fp32, the gradient's
   * square, and that plus epsilon, while the name of the update still holds that of the parameter
   * before.
   */
  private void adafactor() {
    List<Trainable> order = byTurn();
    Trainable largest = null;
    long before = 0;
    for (int i = 0; i < order.size(); i++) {
      Trainable t = order.get(i);
      long held = elementsBefore(order, i);
      if (largest == null || wideElements(t) + held > wideElements(largest) + before) {
        largest = t;
        before = held;
      }
    }
    if (largest == null) {
      return;
    }
    Tensor update = before > 0 ? wide(before) : null;
    Tensor square = wide(largest.elements());
    boolean copies = largest.dtype() != DataType.FP32;
    together(
        copies ? wide(largest.elements()) : null,
        copies ? wide(largest.elements()) : null,
        square,
        wide(largest.elements()),
        update);
  }

  /** Elements of the fp32 tensors that a parameter's own update takes. */
  private static long wideElements(Trainable t) {
    return (t.dtype() == DataType.FP32 ? 2 : 4) * t.elements();
  }

  /**
   * Matrices come first, as they decay, which what is named a bias does not (transformers
   * Trainer.get_decay_parameter_names), and among them the head comes last.
   */
  private List<Trainable> byTurn() {
    List<Trainable> order = new ArrayList<>(trainables);
    order.removeIf(
        t ->
            !t.isMatrix()
                || t.use() == Trainable.Use.HEAD
                || t.use() == Trainable.Use.STACKED_BIASES);
    trainables.stream()
        .filter(t -> t.isMatrix() && t.use() == Trainable.Use.HEAD)
        .forEach(order::add);
    return order.isEmpty() ? trainables : order;
  }

  /** Elements of the one before, or in the layer before where each layer begins with it. */
  private static long elementsBefore(List<Trainable> order, int index) {
    long before = index == 0 ? 0 : order.get(index - 1).elements();
    boolean begins = index == 0 || order.get(index - 1).copies() == 1;
    int last = index;
    while (begins && last + 1 < order.size() && order.get(last + 1).copies() > 1) {
      last++;
    }
    boolean repeats = begins && order.get(index).copies() > 1;
    return repeats ? Math.max(before, order.get(last).elements()) : before;
  }

  /**
   * torch/optim/_muon.py: the update, its bf16 copy, the next iterate beside the last, and two
   * products of the copy with itself.
   */
  private void muon() {
    Trainable t = largest(Trainable::isHiddenMatrix);
    if (t == null) {
      return;
    }
    boolean wide = t.dtype() != DataType.BF16;
    together(
        own(t),
        wide ? scratch(t.elements(), DataType.BF16) : null,
        scratch(t.elements(), DataType.BF16),
        scratch(t.shorter() * t.shorter(), DataType.BF16),
        scratch(t.shorter() * t.shorter(), DataType.BF16));
  }

  /**
   * galore_torch/adamw.py; every {@code update_proj_gap} steps an fp32 copy of the gradient is
   * decomposed, of which the decomposition makes a copy of its own.
   */
  private void galore() {
    Trainable plain = largest(t -> !t.isProjected());
    if (plain != null) {
      together(own(plain), own(plain));
    }
    Trainable t = largest(Trainable::isProjected);
    if (t != null) {
      boolean copies = t.dtype() != DataType.FP32;
      together(
          copies ? wide(t.elements()) : null,
          wide(t.elements()),
          wide(t.shorter() * t.shorter()),
          wide(t.elements()));
    }
  }

  /**
   * apollo_torch/apollo.py: the scaled gradient, and what the limiter makes of it, beside the
   * projected gradient, its denominator and its update.
   */
  private void apollo() {
    Trainable plain = largest(t -> !t.isProjected());
    if (plain != null) {
      together(own(plain), own(plain));
    }
    Trainable t = largest(Trainable::isProjected);
    if (t != null) {
      long low = optimizer.galoreRank() * t.longer();
      together(
          scratch(low, t.dtype()),
          scratch(low, t.dtype()),
          scratch(low, t.dtype()),
          own(t),
          own(t));
    }
  }

  /**
   * badam/block_optim.py step_single_gpu: gradients in fp32, each in the place of one in 16 bits,
   * the update, and fp32 copies of the weights narrowed one by one.
   */
  private void blockwise() {
    List<Tensors> gradients = new ArrayList<>();
    for (Trainable t : trainables) {
      gradients.add(new Tensors(t.copies(), graph.repeat(t.copies(), () -> wide(t.elements()))));
      t.parameter().dropGradient(graph);
    }
    if (optimizer.implementation() == OptimizerImplementation.FOREACH) {
      List<Tensors> roots = new ArrayList<>();
      trainables.forEach(
          t ->
              roots.add(
                  new Tensors(t.copies(), graph.repeat(t.copies(), () -> wide(t.elements())))));
      release(roots);
    }
    release(gradients);
  }

  /** lomo_optim/lomo.py fuse_update: gradient and weight in fp32, where they are not. */
  private void inHook() {
    Trainable t = largest(each -> each.dtype() != DataType.FP32);
    if (t != null) {
      together(wide(t.elements()), wide(t.elements()));
    }
  }

  /**
   * lomo_optim/adalomo.py fuse_update: the gradient in fp32, its square before and after the
   * constant, in whose place the update and the weight in fp32 come.
   */
  private void factorsInHook() {
    Trainable t = largest(each -> true);
    if (t != null) {
      boolean copies = t.dtype() != DataType.FP32;
      together(copies ? wide(t.elements()) : null, wide(t.elements()), wide(t.elements()));
    }
  }

  /** adam_mini/adam_mini.py step: the update, and that with the other sign. */
  private void adamMini() {
    Trainable t = largest(each -> true);
    if (t != null) {
      together(own(t), own(t));
    }
  }

  private @Nullable Trainable largest(Predicate<Trainable> chosen) {
    Trainable largest = null;
    for (Trainable t : trainables) {
      if (chosen.test(t) && (largest == null || t.elements() > largest.elements())) {
        largest = t;
      }
    }
    return largest;
  }

  private void together(@Nullable Tensor... alive) {
    for (Tensor tensor : alive) {
      if (tensor != null) {
        graph.release(tensor);
      }
    }
  }

  private Tensor own(Trainable t) {
    return scratch(t.elements(), dtype(t));
  }

  private DataType dtype(Trainable t) {
    return optimizer.masterWeights() ? DataType.FP32 : t.dtype();
  }

  private Tensor wide(long elements) {
    return scratch(elements, DataType.FP32);
  }

  private Tensor scratch(long elements, DataType dtype) {
    return graph.allocate(STEP, "optimizer temporaries", Category.TEMPORARIES, elements, dtype);
  }
}
