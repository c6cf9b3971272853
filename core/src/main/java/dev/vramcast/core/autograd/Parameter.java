package dev.vramcast.core.autograd;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A model parameter: it lives through the whole step, and its gradient outlives the graph. */
public final class Parameter implements Tensor.GradientTarget {

  /** A model's parameter, as loading makes it. */
  public static final Operation PARAMETER = Operation.of("nn.Parameter");

  private static final Operation ACCUMULATED =
      Operation.of("AccumulateGrad", "torch/csrc/autograd/functions/accumulate_grad.h");

  private final Tensor value;
  private final boolean trainable;

  /** Uses in the forward pass whose gradients have to come together first (tied weights). */
  private int uses;

  private Kept kept;
  private int arrived;

  /** The sum of what arrived in this backward pass; null before the first. */
  private @Nullable Tensor pending;

  private @Nullable Tensor gradient;

  /** What waits for other passes, of layers that share this parameter. */
  private final Map<Integer, Waiting> waiting = new HashMap<>();

  private record Waiting(Tensor gradient, int arrived) {}

  /** What earlier micro-batches left, where it is kept apart from the gradient that arrives. */
  private @Nullable Tensor accumulated;

  /** Null where none was taken. */
  private @Nullable Tensor taken;

  /** Its whole values while they are gathered and on the trace, else null. */
  private @Nullable Tensor gathered;

  private boolean viewed;
  private boolean outOfReach;
  private boolean carriesOver;

  /** Null where its gradients come from the backward pass that runs. */
  private @Nullable Pass pass;

  /** A backward pass within another, which adds to the gradient that is there. */
  public enum Pass {
    /** The gradient is complete with it. */
    LAST,
    /** More will come ({@code ds_grad_is_ready} is false). */
    EARLIER
  }

  private BooleanSupplier there = () -> true;
  private @Nullable Runnable before;
  private Consumer<Parameter> action = parameter -> {};
  private Stream gradientStream = Stream.COMPUTE;

  /** Elements of its gradient, which are more where this rank gets those of others too. */
  private long gradientElements;

  /** An autocast copy that the cache holds; null where it holds none. */
  public @Nullable Tensor cachedCast;

  /**
   * What this rank keeps of a parameter between uses, which is what the optimizer updates.
   *
   * @param sharded the parameter is gathered for its uses and its gradient is reduced after them
   */
  public record Kept(long elements, DataType dtype, boolean sharded) {}

  private Parameter(Storage storage, boolean trainable, int uses, Kept kept) {
    this.trainable = trainable;
    this.uses = uses;
    this.kept = kept;
    this.value =
        new Tensor(storage, storage.dtype(), storage.elements(), trainable ? this : null, 0, null);
    this.gradientElements = storage.elements();
  }

  /** A parameter of the model; its allocation is written, its free never. */
  public static Parameter whole(
      Graph graph,
      String name,
      Category category,
      long elements,
      DataType dtype,
      boolean trainable,
      int uses) {
    graph.site().operation(PARAMETER);
    Storage storage = graph.storage(name, category, elements, dtype);
    graph.allocate(storage);
    return new Parameter(storage, trainable, uses, new Kept(elements, dtype, false));
  }

  /**
   * A parameter of which this rank keeps a part: neither its allocation nor its free is written.
   */
  public static Parameter gathered(
      Graph graph,
      String name,
      long elements,
      DataType dtype,
      boolean trainable,
      int uses,
      Kept kept) {
    graph.site().operation(PARAMETER);
    return new Parameter(
        graph.storage(name, Category.GATHERED, elements, dtype), trainable, uses, kept);
  }

  /** The same, a matrix of so many rows. */
  public Parameter ofRows(long rows) {
    if (rows > 1) {
      value.storage.of(value.elements / rows);
    }
    return this;
  }

  /** Each of its uses comes so many times. */
  public void usedIn(int passes) {
    uses *= passes;
  }

  /** The module whose parameter it is. */
  public ModuleScope module() {
    return value.storage.module();
  }

  public Tensor value() {
    return value;
  }

  /** What its modules see from now on are these values, which are the caller's; null for none. */
  public void gatherIn(@Nullable Tensor whole) {
    gathered = whole;
  }

  /**
   * A view of its values. Autograd saves the parameter itself where that is an operand, whose
   * values may be others by the time of the backward pass, but a view with the values that it is
   * of: these stay for as long.
   */
  public Tensor view(Graph graph) {
    viewed = true;
    Tensor whole = gathered;
    return whole == null
        ? value.hold()
        : graph.track(
            new Tensor(
                whole.storage, value.dtype, value.elements, trainable ? this : null, 0, null));
  }

  /** Whether any view of it was asked for. */
  public boolean isViewed() {
    return viewed;
  }

  public DataType dtype() {
    return value.dtype;
  }

  /** What {@code weight.dtype} says to a module that calls the one whose parameter it is. */
  public DataType statedDtype() {
    return there.getAsBoolean() ? dtype() : kept.dtype();
  }

  /** It is gathered for a module of its own, which others have none of, and else as it is kept. */
  public void gatherAlone(BooleanSupplier whether, Runnable beforeBackward) {
    there = whether;
    before = beforeBackward;
  }

  /** The result of its own module, whose gradient begins the backward pass of that. */
  public Tensor result(Graph g, Tensor made) {
    return before == null || !g.gradEnabled() ? made : BackwardPass.onArrival(g, made, before);
  }

  public long elements() {
    return value.elements;
  }

  public boolean trainable() {
    return trainable;
  }

  /** The gradient, or null while there is none. */
  public @Nullable Tensor gradient() {
    return gradient;
  }

  /** Whether some gradient has come that was not taken. */
  public boolean hasGradient() {
    return gradient != null || pending != null || accumulated != null;
  }

  public Kept kept() {
    return kept;
  }

  /** This rank keeps another part of it than an even one. */
  public void keepPart(long elements) {
    kept = new Kept(elements, kept.dtype(), kept.sharded());
  }

  /** Elements of its gradient. */
  public long gradientElements() {
    return gradientElements;
  }

  /** No gradient ever comes to it, so that earlier micro-batches left none either. */
  public void putOutOfReach() {
    outOfReach = true;
  }

  /** Whether no gradient ever comes to it. */
  public boolean isOutOfReach() {
    return outOfReach;
  }

  /** Its gradient has the elements of other ranks too. */
  public void widenGradient(long elements) {
    gradientElements = elements;
  }

  /** What happens each time its gradient is complete ({@code post_accumulate_grad_hook}). */
  public void onGradient(Consumer<Parameter> action) {
    this.action = action;
  }

  /** Gives it a gradient of earlier micro-batches, kept apart where it has another dtype. */
  public void createGradient(Graph graph, DataType dtype) {
    if (outOfReach) {
      return;
    }
    carriesOver = true;
    Tensor earlier = newGradient(graph, dtype);
    earlier.storage.like(value.storage);
    keepEarlier(earlier);
  }

  /**
   * Adds the gradient that has arrived to a sum in another dtype, which is kept apart; nothing
   * where both have one dtype, or none has arrived.
   */
  public void addUp(Graph graph, DataType dtype) {
    Tensor arrivedNow = gradient;
    if (arrivedNow == null || dtype == value.dtype) {
      return;
    }
    if (accumulated == null) {
      accumulated = newGradient(graph, dtype);
    }
    gradient = null;
    graph.release(arrivedNow);
  }

  private Tensor newGradient(Graph graph, DataType dtype) {
    return graph
        .site()
        .within(
            module(),
            () ->
                graph.allocate(
                    ACCUMULATED, "gradient", Category.GRADIENTS, gradientElements, dtype));
  }

  private void keepEarlier(Tensor earlier) {
    if (earlier.dtype == value.dtype) {
      gradient = earlier;
    } else {
      accumulated = earlier;
    }
  }

  /** Lets go of its gradient, where it has one. */
  public void dropGradient(Graph graph) {
    Tensor dropped = gradient;
    gradient = null;
    if (dropped != null) {
      graph.release(dropped);
    }
  }

  /**
   * Hands over the gradient to reduce, with what earlier micro-batches left; null when there is
   * none.
   */
  public @Nullable Tensor takeGradient(Graph graph) {
    taken = pending == null ? gradient : BackwardPass.accumulate(graph, gradient, pending);
    gradient = null;
    pending = null;
    arrived = 0;
    if (accumulated != null) {
      if (taken != null) {
        graph.release(taken);
      }
      taken = accumulated;
      accumulated = null;
    }
    return taken;
  }

  /** The taken gradient is gone; equal layers that follow have earlier gradients of their own. */
  public void renewGradient(Graph graph) {
    if (carriesOver && taken != null) {
      keepEarlier(graph.sameStorage(taken));
    }
    taken = null;
  }

  /** Its gradients are read on another stream too, and marked so ({@code record_stream}). */
  public void readGradientAside() {
    gradientStream = Stream.COMPUTE_READ_ASIDE;
  }

  Stream gradientStream() {
    return gradientStream;
  }

  /** From now on, in which pass within another gradients come; null in none. */
  public void during(@Nullable Pass inner) {
    pass = inner;
  }

  /** Takes the gradient away, so that the next one is a new tensor; null when there is none. */
  public @Nullable Tensor setAside() {
    Tensor result = gradient;
    gradient = null;
    return result;
  }

  /** {@code parameter.grad = ...}: takes over the reference. */
  public void putBack(Tensor sum) {
    gradient = sum;
  }

  /** Equal layers that follow have gradients of their own: the next one is allocated again. */
  public void separateGradient() {
    gradient = null;
    accumulated = null;
  }

  /** Equal layers that follow wait for the other passes with gradients of their own. */
  public void await(int layers) {
    if (pending != null) {
      waiting.put(layers, new Waiting(pending, arrived));
      pending = null;
    }
    arrived = 0;
  }

  /** What waits of these layers from a pass whose backward pass ran before. */
  public void recall(int layers) {
    Waiting earlier = waiting.remove(layers);
    pending = earlier == null ? null : earlier.gradient();
    arrived = earlier == null ? 0 : earlier.arrived();
  }

  /** The backward pass is over: that of another micro-batch sends as many gradients again. */
  public void expectAll() {
    arrived = 0;
  }

  @Override
  public void accept(Graph graph, int output, Tensor incoming) {
    Tensor sum = BackwardPass.accumulate(graph, pending, incoming);
    pending = sum;
    int all = uses * graph.meeting();
    if (++arrived < all) {
      return;
    }
    // A head that goes chunk by chunk sends more: what comes after is added at once.
    arrived = all == 1 ? 0 : all;
    if (graph.stepsInBackward() && !kept.sharded()) {
      graph.release(sum);
    } else if (pass != null && gradient != null) {
      // AccumulateGrad adds in place whatever else refers to the gradient.
      graph.release(sum);
    } else {
      gradient = BackwardPass.accumulate(graph, gradient, sum);
    }
    pending = null;
    if (pass != Pass.EARLIER) {
      action.accept(this);
    }
  }
}
