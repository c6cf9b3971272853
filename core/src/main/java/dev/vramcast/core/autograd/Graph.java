package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory side of PyTorch's autograd: which tensors an operation saves, when they are freed, and
 * in which order gradients are allocated. Everything it allocates and frees goes onto a trace.
 *
 * <p>Rules, from torch/csrc/autograd: inputs are saved before an operation runs and its result
 * after; nodes run in reverse order of creation; a node's gradient is freed when it has run, then
 * what it saved; a gradient is added in place only where nothing else refers to the buffer
 * (input_buffer.cpp, {@code can_accumulate_inplace}).
 */
public final class Graph extends Memory {

  private final CastCache castCache = new CastCache(this);
  private final SideGraphs sideGraphs = new SideGraphs(this);
  private final Contexts contexts = new Contexts(this);
  private final Fusion fusion = new Fusion(this);
  private final Scope.Stack scopes = new Scope.Stack(this);
  private final Set<Node.Habit> habits = EnumSet.noneOf(Node.Habit.class);
  private Recording recording = new Recording();

  /** The checkpoint whose call runs for the first time; null outside of one. */
  private @Nullable Checkpoint packing;

  /** The checkpoint whose call runs again; null outside of one. */
  private @Nullable Recomputation running;

  private int meeting = 1;
  private boolean gradEnabled = true;
  private boolean drops = true;
  private boolean modulesDrop = true;
  private boolean autocast;
  private boolean stepsInBackward;
  private boolean offloads;
  private DataType autocastDtype = DataType.BF16;

  @Override
  Runnable aside(Runnable body) {
    return () -> contexts.aside(body);
  }

  /** A result that is not in memory yet. */
  Tensor unwritten(Storage storage, @Nullable Node node) {
    return track(new Tensor(storage, storage.dtype(), storage.elements(), node, 0, null));
  }

  @Override
  Tensor track(Tensor tensor) {
    if (running != null) {
      running.add(tensor);
    }
    return tensor;
  }

  /**
   * The node of an operation that begins here, on these inputs; null when none of them needs a
   * gradient.
   *
   * @param inputs null entries stand for inputs that are no tensors
   */
  public @Nullable Node node(
      Operation operation, Node.Backward backward, @Nullable Tensor... inputs) {
    fusion.write(inputs);
    return node(operation, Node.Kernel.OWN, backward, inputs);
  }

  /** A node of the module that runs, which is not recorded. */
  public Node newNode(Operation operation, Node.Backward backward, @Nullable Tensor... inputs) {
    return new Node(site().module(), operation, backward, inputs);
  }

  /** As {@link #node}, of an operation that a compiled region may compute in another way. */
  public @Nullable Node node(
      Operation operation, Node.Kernel kernel, Node.Backward backward, @Nullable Tensor... inputs) {
    site().operation(operation);
    if (!gradEnabled) {
      return null;
    }
    boolean wanted = false;
    for (Tensor input : inputs) {
      wanted |= input != null && input.requiresGrad();
    }
    if (!wanted) {
      return null;
    }
    Node node = newNode(operation, backward, inputs);
    node.kernel = fusion.isOn() ? kernel : null;
    if (bringingBack() == null) {
      recording.add(node);
    }
    return node;
  }

  /** As {@link #node}, recorded in {@code target}. */
  @Nullable Node nodeIn(
      Recording target,
      boolean records,
      Operation operation,
      Node.Backward backward,
      Tensor... inputs) {
    Recording outer = recording;
    boolean outerGrad = gradEnabled;
    recording = target;
    gradEnabled = records;
    Node node = node(operation, backward, inputs);
    gradEnabled = outerGrad;
    recording = outer;
    return node;
  }

  /** Saves a tensor for the backward pass of {@code node}; nothing when there is no node. */
  public void save(@Nullable Node node, Tensor tensor) {
    if (node == null) {
      return;
    }
    Recomputation again = bringingBack();
    if (again != null) {
      again.refill(tensor);
    } else if (packing != null) {
      packing.addSlot(node);
    } else {
      saveWhereKept(node, tensor);
    }
  }

  public void saveWhereKept(Node node, Tensor tensor) {
    if (offloads) {
      HostCopies.save(this, node, tensor);
    } else {
      node.save(tensor);
    }
  }

  /** Every {@code nn.Dropout} has a rate of 0. */
  public void switchModulesOff() {
    modulesDrop = false;
  }

  /** From now on, whether dropout drops anything: not in evaluation. Returns what held. */
  public boolean dropOut(boolean dropping) {
    boolean before = drops;
    drops = dropping;
    return before;
  }

  /**
   * Whether dropout drops anything.
   *
   * @param called a function gets the rate; else a module has it
   */
  public boolean drops(boolean called) {
    return drops && (called || modulesDrop);
  }

  /** From now on, whether saved tensors are kept in the machine's memory; returns what held. */
  public boolean offloadSaved(boolean offloaded) {
    boolean before = offloads;
    offloads = offloaded;
    return before;
  }

  /** Whatever runs has this habit from now on. */
  public void follow(Node.Habit habit) {
    habits.add(habit);
  }

  public boolean follows(Node.Habit habit) {
    return habits.contains(habit);
  }

  /** What brings saved tensors back; null where what runs saves for itself. */
  private @Nullable Recomputation bringingBack() {
    return running != null && running.saves() ? running : null;
  }

  /**
   * The result of a costly operation, which selective checkpointing keeps.
   *
   * @param product it is a matrix product
   */
  public Tensor costlyOutput(
      String name,
      Category category,
      long elements,
      DataType dtype,
      @Nullable Node node,
      boolean product) {
    Recomputation again = bringingBack();
    Tensor kept = again == null ? null : again.take(product);
    if (kept != null) {
      return withSource(kept, node);
    }
    Tensor result = output(name, category, elements, dtype, node, 0);
    if (packing != null) {
      packing.offer(result, product);
    }
    return result;
  }

  /** The optimizer takes each gradient as it comes, and it is freed at once. */
  public void stepInBackward() {
    stepsInBackward = true;
  }

  public boolean stepsInBackward() {
    return stepsInBackward;
  }

  /**
   * How many passes through the same parameters run backward from here on: gradients of a parameter
   * are put together before they reach it (torch/csrc/autograd/engine.cpp, the input buffer of its
   * AccumulateGrad).
   */
  public void meeting(int passes) {
    meeting = passes;
  }

  int meeting() {
    return meeting;
  }

  /** Whether what operations save is kept now: they are recorded, and not to be run again. */
  public boolean savesNow() {
    return gradEnabled && packing == null;
  }

  public boolean gradEnabled() {
    return gradEnabled;
  }

  private <T> T under(boolean grad, boolean casts, Supplier<T> body) {
    boolean outerGrad = gradEnabled;
    boolean outerAutocast = autocast;
    gradEnabled = grad;
    autocast = casts;
    T result = body.get();
    gradEnabled = outerGrad;
    autocast = outerAutocast;
    return result;
  }

  private Supplier<Graph> whole(Runnable body) {
    return () -> {
      body.run();
      return this;
    };
  }

  /** Runs without recording, as under {@code torch.no_grad()}. */
  public void withoutGrad(Runnable body) {
    withoutGrad(whole(body));
  }

  /** As {@link #withoutGrad(Runnable)}, with what {@code body} gives. */
  public <T> T withoutGrad(Supplier<T> body) {
    return under(false, autocast, body);
  }

  /** Runs with recording, inside a backward pass. */
  public <T> Recording.Of<T> withGrad(boolean underAutocast, Supplier<T> body) {
    Recording.Of<T> result = recorded(() -> under(true, underAutocast, body));
    castCache.clear(insideRepeat());
    return result;
  }

  public void enterAutocast(DataType dtype) {
    autocast = true;
    autocastDtype = dtype;
  }

  /** Leaves autocast: the copies of weights in its cache are dropped. */
  public void leaveAutocast() {
    autocast = false;
    castCache.clear(insideRepeat());
  }

  public boolean autocast() {
    return autocast;
  }

  public DataType autocastDtype() {
    return autocastDtype;
  }

  /** Runs without recording a model that is not trained, though its weights require gradients. */
  public void withoutGradOfOthers(Runnable body) {
    castCache.holdsAll(true);
    withoutGrad(body);
    castCache.holdsAll(false);
  }

  /** Keeps an autocast copy of a weight that requires a gradient until autocast is left. */
  public void cacheCast(Parameter parameter, Tensor cast) {
    castCache.add(parameter, cast, iterations());
  }

  /** Equal layers that follow have copies of their own: the next use of a weight casts again. */
  public void separateCasts() {
    castCache.separate();
    fusion.separateCasts();
  }

  /** Records what {@code body} does as a segment whose backward pass can be run on its own. */
  public Recording record(Runnable body) {
    return recorded(whole(body)).recording();
  }

  /** As {@link #record}, with what {@code body} gives. */
  public <T> Recording.Of<T> recorded(Supplier<T> body) {
    Recording outer = recording;
    recording = new Recording();
    T result = body.get();
    Recording.Of<T> recorded = new Recording.Of<>(result, recording);
    recording = outer;
    return recorded;
  }

  public Fusion fusion() {
    return fusion;
  }

  public SideGraphs sideGraphs() {
    return sideGraphs;
  }

  public Contexts contexts() {
    return contexts;
  }

  public Recording recording() {
    return recording;
  }

  @Override
  void letGo(Storage storage) {
    fusion.letGo(storage);
  }

  /** Whether a checkpoint's forward pass runs, whose nodes save nothing. */
  boolean packs() {
    return packing != null;
  }

  /** Sends a gradient to the segment that made {@code output}; takes over the reference. */
  public void send(Tensor output, Tensor gradient) {
    if (!(output.source instanceof Node node) || node.kernel == null) {
      fusion.write(gradient);
    }
    Objects.requireNonNull(output.source).accept(this, output.output, gradient);
  }

  /** Runs the backward pass of a segment. */
  public void backward(Recording segment) {
    site().within(site().module(), () -> withoutGrad(() -> BackwardPass.run(this, segment)));
  }

  /** The tensor as the result of {@code node}; takes over the reference. */
  public Tensor withSource(Tensor tensor, @Nullable Node node) {
    Tensor result = track(tensor.with(node, 0));
    release(tensor);
    return result;
  }

  /** Runs a segment whose operations save nothing now and are run again when needed. */
  public <T> T pack(Checkpoint checkpoint, Supplier<T> body) {
    packing = checkpoint;
    T result = body.get();
    packing = null;
    return result;
  }

  /** Runs a segment that brings saved tensors back. */
  void recompute(Recomputation recomputation, boolean underAutocast, Runnable forward) {
    running = recomputation;
    site().within(site().module(), () -> under(true, underAutocast, whole(forward)));
    running = null;
    castCache.clear(insideRepeat());
  }

  Scope.Stack scopes() {
    return scopes;
  }

  CastCache castCache() {
    return castCache;
  }

  @Nullable Recomputation runningAgain() {
    return running;
  }
}
