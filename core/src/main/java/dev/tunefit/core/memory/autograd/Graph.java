package dev.tunefit.core.memory.autograd;

import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.memory.tape.Tape;
import dev.tunefit.core.units.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The memory side of PyTorch's autograd: which tensors an operation saves, when they are freed, and
 * in which order gradients are born. Everything it allocates and frees goes onto a tape.
 *
 * <p>Rules, from torch/csrc/autograd: inputs are saved before an operation runs and its result
 * after; nodes run in reverse order of creation; a node's gradient is freed when it has run, then
 * what it saved; a gradient is added in place only where nothing else refers to the buffer
 * (input_buffer.cpp, {@code can_accumulate_inplace}).
 */
public final class Graph {

  private final Tape.Writer tape;
  private final List<CachedCast> castCache = new ArrayList<>();
  private final List<Tensor> replayed = new ArrayList<>();
  private Recording recording = new Recording();
  private Recording sideOuter;
  private Checkpoint packing;
  private Checkpoint replaying;
  private final List<Recording> sideGraphs = new ArrayList<>();
  private boolean tracking;
  private boolean gradEnabled = true;
  private boolean autocast;
  private boolean stepsInBackward;
  private DataType autocastDtype = DataType.BF16;
  private int turns = 1;

  private record CachedCast(Parameter parameter, Tensor cast, int turns) {}

  public Graph(Tape.Writer tape) {
    this.tape = tape;
  }

  // ---- memory ----

  /** A new tensor that needs no gradient. */
  public Tensor allocate(String name, Category category, long elements, DataType dtype) {
    return create(name, category, elements, dtype, null, 0);
  }

  /** A parameter of the model; its birth is written, its death never. */
  public Parameter parameter(
      String name, Category category, long elements, DataType dtype, boolean trainable, int uses) {
    Storage storage = new Storage(name, category, dtype, elements);
    tape.birth(storage);
    return new Parameter(storage, trainable, uses);
  }

  /** Drops one reference; the storage dies with the last. */
  public void release(Tensor tensor) {
    tensor.held--;
    freeIfUnused(tensor);
  }

  public void release(Tensor first, Tensor second) {
    release(first);
    release(second);
  }

  private void freeIfUnused(Tensor tensor) {
    if (tensor.held + tensor.saved + tensor.views == 0) {
      if (tensor.base != null) {
        tensor.base.views--;
        freeIfUnused(tensor.base);
      }
      if (--tensor.storage.tensors == 0) {
        tape.death(tensor.storage);
      }
    }
  }

  private Tensor create(
      String name, Category category, long elements, DataType dtype, Node node, int output) {
    Storage storage = new Storage(name, category, dtype, elements);
    tape.birth(storage);
    return track(new Tensor(storage, dtype, elements, node, output, null));
  }

  private Tensor track(Tensor tensor) {
    if (tracking) {
      replayed.add(tensor);
    }
    return tensor;
  }

  // ---- recording ----

  /**
   * The node of an operation on these inputs, or null when none of them needs a gradient.
   *
   * @param inputs null entries stand for inputs that are no tensors
   */
  Node node(Backward backward, Tensor... inputs) {
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
    Node node = new Node(backward, inputs);
    if (replaying == null) {
      recording.add(node);
    }
    return node;
  }

  /**
   * The node of a weight's autocast copy. The copy is cached and used by others, so its node
   * belongs to the main graph even when a side graph makes it.
   */
  Node castNode(Backward backward, Tensor weight) {
    Recording current = recording;
    recording = sideOuter == null ? recording : sideOuter;
    Node node = node(backward, weight);
    recording = current;
    return node;
  }

  /** Saves a tensor for the backward pass of {@code node}; nothing when there is no node. */
  void save(Node node, Tensor tensor) {
    if (node == null) {
      return;
    }
    if (replaying != null) {
      if (replaying.refill(tensor)) {
        throw RecomputationDone.INSTANCE;
      }
      return;
    }
    int position = node.saved.length;
    node.saved = Arrays.copyOf(node.saved, position + 1);
    if (packing != null) {
      node.checkpoint = packing;
      packing.addSlot(node, position);
    } else {
      tensor.saved++;
      node.saved[position] = tensor;
    }
  }

  /**
   * Holds a tensor as a custom function does on its context, where no checkpoint sees it: it lives
   * from the first forward pass on.
   */
  void hold(Node node, Tensor tensor) {
    if (node != null && replaying == null) {
      node.saved = Arrays.copyOf(node.saved, node.saved.length + 1);
      node.saved[node.saved.length - 1] = tensor;
      tensor.saved++;
    }
  }

  /** The result of an operation. */
  Tensor output(String name, Category category, long elements, DataType dtype, Node node) {
    return create(name, category, elements, dtype, node, 0);
  }

  /** One of several results of an operation. */
  Tensor output(
      String name, Category category, long elements, DataType dtype, Node node, int index) {
    return create(name, category, elements, dtype, node, index);
  }

  /** A tensor on the storage of {@code base}; takes over the caller's reference to it. */
  Tensor view(Tensor base, long elements, Node node, int index) {
    base.views++;
    base.held--;
    return track(new Tensor(base.storage, base.dtype, elements, node, index, base));
  }

  // ---- modes ----

  /** The optimizer takes each gradient as it comes, and it is freed at once. */
  public void stepInBackward() {
    stepsInBackward = true;
  }

  boolean stepsInBackward() {
    return stepsInBackward;
  }

  public boolean gradEnabled() {
    return gradEnabled;
  }

  /** Runs without recording, as under {@code torch.no_grad()}. */
  public void withoutGrad(Runnable body) {
    boolean before = gradEnabled;
    gradEnabled = false;
    body.run();
    gradEnabled = before;
  }

  /** Runs with recording into {@code target}, inside a backward pass. */
  void withGrad(Recording target, boolean underAutocast, Runnable body) {
    Recording outer = recording;
    boolean outerGrad = gradEnabled;
    boolean outerAutocast = autocast;
    recording = target;
    gradEnabled = true;
    autocast = underAutocast;
    body.run();
    recording = outer;
    gradEnabled = outerGrad;
    autocast = outerAutocast;
    clearCastCache();
  }

  public void enterAutocast(DataType dtype) {
    autocast = true;
    autocastDtype = dtype;
  }

  /** Leaves autocast: the copies of weights in its cache are dropped. */
  public void leaveAutocast() {
    autocast = false;
    clearCastCache();
  }

  public boolean autocast() {
    return autocast;
  }

  public DataType autocastDtype() {
    return autocastDtype;
  }

  /** Keeps an autocast copy of a trainable weight until autocast is left. */
  void cacheCast(Parameter parameter, Tensor cast) {
    parameter.cachedCast = cast;
    castCache.add(new CachedCast(parameter, cast, turns));
  }

  /** Equal layers that follow have copies of their own: the next use of a weight casts again. */
  public void separateCasts() {
    for (CachedCast entry : castCache) {
      entry.parameter().cachedCast = null;
    }
  }

  private void clearCastCache() {
    int i = 0;
    while (i < castCache.size()) {
      int begin = i;
      int count = castCache.get(i).turns();
      while (i < castCache.size() && castCache.get(i).turns() == count) {
        i++;
      }
      int end = i;
      if (count == 1 || turns > 1) {
        dropCasts(begin, end);
      } else {
        tape.repeat(count, () -> dropCasts(begin, end));
      }
    }
    castCache.clear();
  }

  private void dropCasts(int begin, int end) {
    for (CachedCast entry : castCache.subList(begin, end)) {
      release(entry.cast());
      entry.parameter().cachedCast = null;
    }
  }

  /** Runs {@code body} once for {@code count} equal turns. */
  public void repeat(int count, Runnable body) {
    if (count == 1) {
      body.run();
      return;
    }
    turns = count;
    tape.repeat(count, body);
    turns = 1;
  }

  // ---- stretches of the model ----

  /** Records what {@code body} does as a stretch whose backward pass can be run on its own. */
  public Recording record(Runnable body) {
    Recording outer = recording;
    recording = new Recording();
    body.run();
    Recording result = recording;
    recording = outer;
    return result;
  }

  /**
   * The same tensor as the input of a new stretch: its gradient is kept at {@code boundary} instead
   * of flowing on. Takes over the caller's reference.
   */
  public Tensor enter(Tensor tensor, Boundary boundary) {
    Tensor inside =
        new Tensor(
            tensor.storage,
            tensor.dtype,
            tensor.elements,
            tensor.requiresGrad() ? boundary : null,
            0,
            null);
    release(tensor);
    return inside;
  }

  /** As {@link #enter}, but the input needs a gradient whatever it came from. */
  public Tensor enterRequiringGrad(Tensor tensor, Boundary boundary) {
    Tensor inside = new Tensor(tensor.storage, tensor.dtype, tensor.elements, boundary, 0, null);
    release(tensor);
    return inside;
  }

  /**
   * Records a computation whose result is only used detached: what its nodes save lives until
   * {@link #endSideGraph}, and no backward pass runs through it.
   */
  void sideGraph(Runnable body) {
    if (packing != null || !gradEnabled) {
      withoutGrad(body);
      sideGraphs.add(new Recording());
      return;
    }
    Checkpoint outer = replaying;
    replaying = null;
    sideOuter = recording;
    sideGraphs.add(record(body));
    sideOuter = null;
    replaying = outer;
  }

  /** Frees what the latest side graph saved. */
  void endSideGraph() {
    dropAll(sideGraphs.remove(sideGraphs.size() - 1));
  }

  private void dropAll(Recording stretch) {
    for (int i = stretch.size() - 1; i >= 0; i--) {
      dropSaved(stretch.get(i));
    }
  }

  /** Sends a gradient to the stretch that made {@code output}; takes over the reference. */
  public void send(Tensor output, Tensor gradient) {
    output.source.accept(this, output.output, gradient);
  }

  /** Runs the backward pass of a stretch. */
  public void backward(Recording stretch) {
    boolean before = gradEnabled;
    gradEnabled = false;
    for (int i = stretch.size() - 1; i >= 0; i--) {
      Node node = stretch.get(i);
      if (node.reached()) {
        run(node);
      }
      dropSaved(node);
    }
    gradEnabled = before;
  }

  private void run(Node node) {
    if (node.checkpoint != null && !node.checkpoint.recomputed()) {
      node.checkpoint.recompute(this);
    }
    node.backward.run(this, node);
    for (Tensor gradient : node.incoming) {
      if (gradient != null) {
        release(gradient);
      }
    }
    dropSaved(node);
    for (int i = 0; i < node.inputs.length; i++) {
      Tensor gradient = node.outgoing[i];
      if (gradient != null) {
        node.outgoing[i] = null;
        Tensor input = node.inputs[i];
        input.source.accept(this, input.output, gradient);
      }
    }
  }

  private void dropSaved(Node node) {
    for (int i = 0; i < node.saved.length; i++) {
      Tensor tensor = node.saved[i];
      if (tensor != null) {
        node.saved[i] = null;
        tensor.saved--;
        freeIfUnused(tensor);
      }
    }
  }

  /** Adds two gradients, in place where the first belongs to nobody else. */
  Tensor accumulate(Tensor first, Tensor second) {
    if (first == null) {
      return second;
    }
    boolean inPlace =
        first.held == 1
            && first.saved + first.views == 0
            && first.storage.tensors == 1
            && first.base == null;
    if (inPlace) {
      release(second);
      return first;
    }
    Tensor sum =
        allocate(first.storage.name(), first.storage.category(), first.elements, first.dtype);
    release(first, second);
    return sum;
  }

  // ---- checkpointing ----

  /** Keeps a tensor from the start of the backward order until every later node has run. */
  void keep(Node keeper, Tensor tensor) {
    recording.add(keeper);
    tensor.saved++;
    keeper.saved = new Tensor[] {tensor};
  }

  /** A second reference to a tensor, which goes when a recomputation is left early. */
  Tensor again(Tensor tensor) {
    return track(
        new Tensor(
            tensor.storage, tensor.dtype, tensor.elements, tensor.source, tensor.output, null));
  }

  void drop(Node keeper) {
    dropSaved(keeper);
  }

  /** The tensor as the result of {@code node}; takes over the reference. */
  Tensor withSource(Tensor tensor, Node node) {
    Tensor result = track(new Tensor(tensor.storage, tensor.dtype, tensor.elements, node, 0, null));
    release(tensor);
    return result;
  }

  /** Runs a stretch whose operations save nothing now and are run again when needed. */
  void pack(Checkpoint checkpoint, Runnable body) {
    packing = checkpoint;
    body.run();
    packing = null;
  }

  /** Runs the forward pass of a checkpoint again, up to the last tensor it has to bring back. */
  void recompute(Checkpoint checkpoint, Runnable forward) {
    boolean outerGrad = gradEnabled;
    boolean outerAutocast = autocast;
    gradEnabled = true;
    autocast = checkpoint.autocast();
    replaying = checkpoint;
    tracking = true;
    try {
      forward.run();
    } catch (RecomputationDone done) {
      abandonVariables();
    }
    replaying = null;
    tracking = false;
    replayed.clear();
    gradEnabled = outerGrad;
    autocast = outerAutocast;
    clearCastCache();
  }

  /** What running code held is gone when it is left by an exception. */
  private void abandonVariables() {
    for (Recording side : sideGraphs) {
      dropAll(side);
    }
    sideGraphs.clear();
    for (Tensor tensor : replayed) {
      if (tensor.held > 0) {
        tensor.held = inCastCache(tensor) ? 1 : 0;
        freeIfUnused(tensor);
      }
    }
  }

  private boolean inCastCache(Tensor tensor) {
    for (CachedCast entry : castCache) {
      if (entry.cast() == tensor) {
        return true;
      }
    }
    return false;
  }

  /** Ends a recomputation early, as {@code _StopRecomputationError} does. */
  private static final class RecomputationDone extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final RecomputationDone INSTANCE = new RecomputationDone();

    private RecomputationDone() {
      super(null, null, false, false);
    }
  }
}
