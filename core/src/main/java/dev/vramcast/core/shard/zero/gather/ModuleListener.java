package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.trace.ModuleCalls;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Hears which modules of one model run, and tells it on. */
final class ModuleListener implements ModuleCalls {

  private final Graph graph;
  private final ModuleSteps steps;
  private final int wrappers;
  private final GatherSizes.Front front;
  private final boolean hooksAround;
  private final Set<String> leaves;
  private final IdentityHashMap<ModuleScope, Integer> numbers = new IdentityHashMap<>();

  /** By modules that a leaf has called, that. */
  private final IdentityHashMap<ModuleScope, ModuleScope> within = new IdentityHashMap<>();

  /** Which module calls another, whose name may tell of several. */
  private final IdentityHashMap<ModuleScope, ModuleScope> callers = new IdentityHashMap<>();

  /** Modules that ran without a graph behind the pass whose backward pass is to come. */
  private final Set<ModuleScope> rested = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Deque<ModuleScope> running = new ArrayDeque<>();
  private final List<Open> open = new ArrayList<>();
  private final Set<ModuleScope> tops = Collections.newSetFromMap(new IdentityHashMap<>());
  private Consumer<ModuleScope> afterLeaf = leaf -> {};
  private int layer;
  private boolean forward;
  private boolean backward;

  /** Rotary tables of this pass have been made. */
  private boolean positioned;

  /** A module in whose backward pass this is. */
  private record Open(ModuleScope scope, ModuleId id) {}

  /** Tells {@code steps} of calls. */
  ModuleListener(Graph graph, ModuleSteps steps, GatherSizes sizes) {
    this.graph = graph;
    this.steps = steps;
    this.wrappers = sizes.wrappers();
    this.front = sizes.front();
    this.hooksAround = sizes.again().hooksAround();
    this.leaves = sizes.leaves();
  }

  /** The number of a module. */
  int number(ModuleScope scope) {
    return numbers.computeIfAbsent(scope.called(), s -> numbers.size());
  }

  /** The module whose hooks tell of this one: itself, or the leaf that has called it. */
  private ModuleScope hooked(ModuleScope scope) {
    ModuleScope module = scope.called();
    return within.getOrDefault(module, module);
  }

  private static boolean isWithin(ModuleScope scope, ModuleScope leaf) {
    String path = scope.path();
    // What a module calls in its own place, as an activation, has its path.
    return scope.called() != leaf
        && (path.equals(leaf.path()) || path.startsWith(leaf.path() + '.'));
  }

  /** Whether no module within this one has hooks. */
  boolean isLeaf(ModuleScope module) {
    return leaves.contains(module.code());
  }

  /** A module of the model; it and those that call it have numbers from now on. */
  void know(ModuleScope scope) {
    ModuleScope module = scope.called();
    number(module);
    ModuleScope caller = module.caller();
    if (caller == null) {
      tops.add(module);
    } else {
      know(caller);
    }
  }

  private boolean isOfModel(ModuleScope module) {
    ModuleScope top = module;
    for (ModuleScope above = top.caller(); above != null; above = above.caller()) {
      top = above;
    }
    return tops.contains(top);
  }

  private ModuleId id(ModuleScope scope) {
    return new ModuleId(number(scope), layer);
  }

  void afterLeaf(Consumer<ModuleScope> action) {
    afterLeaf = action;
  }

  void beginForward() {
    forward = true;
    positioned = !front.rotates();
    steps.reset();
    steps.forward(ModuleId.MODEL, false);
    for (int i = 0; i < wrappers; i++) {
      steps.forward(ModuleId.wrapper(i), false);
    }
  }

  void endForward() {
    if (forward) {
      forward = false;
      for (int i = wrappers - 1; i >= 0; i--) {
        steps.endForward(ModuleId.wrapper(i), false);
      }
      steps.endForward(ModuleId.MODEL, false);
    }
  }

  /** What runs from now on is of this layer. */
  void layer(int number) {
    close(0);
    layer = number;
    if (forward && !backward && number == 0 && !positioned) {
      positioned = true;
      steps.forward(ModuleId.POSITIONS, false);
      steps.endForward(ModuleId.POSITIONS, false);
    }
  }

  void beginBackward() {
    if (!backward) {
      backward = true;
      steps.backward(ModuleId.MODEL);
      for (int i = 0; i < wrappers; i++) {
        steps.backward(ModuleId.wrapper(i));
      }
    }
  }

  void endBackward() {
    if (backward) {
      open.clear();
      backward = false;
      steps.endBackward();
    }
  }

  void invalidate() {
    steps.invalidate();
  }

  void endStep() {
    steps.endStep();
  }

  @Override
  public boolean addsNodes() {
    return true;
  }

  @Override
  public void begins(ModuleScope scope) {
    ModuleScope outer = running.peek();
    if (outer != null && isLeaf(outer) && isWithin(scope, outer)) {
      within.put(scope.called(), outer);
    }
    ModuleScope module = hooked(scope);
    if ((forward || backward) && module.caller() != null && isOfModel(module)) {
      if (running.peek() != module && !isLayerAgain(module)) {
        if (!running.isEmpty()) {
          callers.putIfAbsent(module, running.peek());
        }
        count(module);
        steps.forward(id(module), backward);
      }
      running.push(module);
    }
  }

  /**
   * Whether a layer runs again in its own backward pass within its hooks, of which only those on
   * modules within it tell.
   */
  private boolean isLayerAgain(ModuleScope module) {
    return hooksAround && backward && !open.isEmpty() && open.get(0).scope() == module;
  }

  /**
   * A module counts what goes into it with a gradient to wait for, each time anew ({@code
   * ds_grads_remaining} of runtime/zero/parameter_offload.py): where a pass without a graph has run
   * it since, it waits for none, and its parameters go with the leftovers.
   */
  private void count(ModuleScope module) {
    if (backward || graph.gradEnabled()) {
      rested.remove(module);
    } else {
      rested.add(module);
    }
  }

  @Override
  public void ends(ModuleScope scope, boolean returned) {
    ModuleScope module = hooked(scope);
    if (running.peek() == module) {
      running.pop();
      if (returned && running.peek() != module && !isLayerAgain(module)) {
        steps.endForward(id(module), backward);
      }
    }
  }

  @Override
  public void gradient(ModuleScope scope) {
    ModuleScope module = hooked(scope);
    if (!isOfModel(module)) {
      return;
    }
    beginBackward();
    if (!open.isEmpty() && open.get(open.size() - 1).scope() == module) {
      return;
    }
    List<ModuleScope> path = path(module);
    int common = 0;
    while (common < Math.min(path.size(), open.size())
        && open.get(common).scope() == path.get(common)) {
      common++;
    }
    close(common);
    for (ModuleScope each : path.subList(common, path.size())) {
      Open entered = new Open(each, id(each));
      open.add(entered);
      steps.backward(entered.id());
    }
  }

  /** Leaves all but so many modules. */
  private void close(int left) {
    while (open.size() > left) {
      Open last = open.remove(open.size() - 1);
      if (isLeaf(last.scope())) {
        afterLeaf.accept(last.scope());
      }
      if (!rested.contains(last.scope()) || readsLeaf(last)) {
        steps.endBackward(last.id());
      }
    }
  }

  /** The first layer waits for its input's gradient, which a pass without a graph counts too. */
  private boolean readsLeaf(Open module) {
    return front.leaf() && module.id().layer() == 0 && module.scope().path().endsWith("*");
  }

  /** Modules from below the model down to this one. */
  private List<ModuleScope> path(ModuleScope module) {
    List<ModuleScope> path = new ArrayList<>();
    ModuleScope each = module;
    while (each.caller() != null) {
      path.add(0, each);
      ModuleScope caller = callers.get(each);
      each = caller == null ? each.caller() : caller;
    }
    return path;
  }
}
