package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a model that stage 3 has gathered. What is gathered ahead depends on a step
 * that was seen before, so that all is written twice: first calls of modules are written down, then
 * a step is gone through by them, and the second is on the trace.
 */
public final class GatheredModel {

  /** Layers' numbers, as {@code LayerPaths} writes them. */
  private static final Pattern IN_LAYER = Pattern.compile("(?:^|\\.)[*\\d]");

  private final Graph graph;
  private final ModuleTrace trace;
  private final boolean seen;
  private final GatheringModules modules;
  private final ParameterCoordinator coordinator;
  private final ModuleListener listener;

  /** The innermost module around the model's own, whose code reads what it does not call. */
  private final ModuleId reader;

  private final List<Made> made = new ArrayList<>();
  private final IdentityHashMap<Parameter, StoredParameter> stored = new IdentityHashMap<>();

  /** The block of experts that is built; null outside of one. */
  private @Nullable ModuleScope block;

  /** A parameter of a module. */
  private record Made(StoredParameter parameter, ModuleScope module, Reader readBy) {}

  /** Whose code reads a parameter of a module that nobody calls. */
  public enum Reader {
    /** That of the module around it, or of the model. */
    MODEL,
    /** That of the module around it, if any. */
    CALLER,
    /** None: it is gathered behind each step if it is small. */
    NOBODY
  }

  /**
   * None is gathered.
   *
   * @param trace what is written down, or was
   */
  public GatheredModel(Graph graph, GatherSizes sizes, ModuleTrace trace) {
    this.graph = graph;
    this.trace = trace;
    this.seen = trace.isWritten();
    this.modules = new GatheringModules(sizes);
    this.coordinator = new ParameterCoordinator(sizes, new GatherMemory(graph, sizes), modules);
    this.reader = sizes.wrappers() > 1 ? ModuleId.wrapper(sizes.wrappers() - 2) : ModuleId.MODEL;
    this.listener = new ModuleListener(graph, seen ? coordinator : trace, sizes);
  }

  /**
   * The module that is built has a parameter.
   *
   * @param elements as they are stored, of that dtype
   */
  public void add(Parameter parameter, long elements, DataType dtype, Reader readBy) {
    StoredParameter made =
        new StoredParameter(
            stored.size(),
            parameter,
            elements,
            dtype,
            parameter.trainable(),
            graph.iterations() > 1);
    stored.put(parameter, made);
    add(made, readBy);
  }

  /** What is built until the next call is of this module of a layer, or again of the layer. */
  public void block(@Nullable ModuleScope module) {
    block = module;
  }

  /** The leaf that is built; null outside of one. */
  public @Nullable ModuleScope leaf() {
    return block != null && listener.isLeaf(block) ? block : null;
  }

  /** What happens when the backward pass of a leaf is over, before its parameters go. */
  public void afterLeaf(Consumer<ModuleScope> action) {
    listener.afterLeaf(action);
  }

  /** A leaf has all that is within it, and a block what no module within it has. */
  private ModuleScope owner(ModuleScope module) {
    if (block == null) {
      return module;
    }
    return listener.isLeaf(block) || module.called() == block.caller() ? block : module;
  }

  /** The module that is built has a parameter of another. */
  public void share(Parameter parameter) {
    StoredParameter its = stored.get(parameter);
    if (its != null) {
      add(its, Reader.MODEL);
    }
  }

  private void add(StoredParameter parameter, Reader readBy) {
    ModuleScope module = owner(graph.site().module());
    listener.know(module);
    made.add(new Made(parameter, module, readBy));
  }

  /** All parameters are made. */
  public void loaded() {
    if (seen) {
      made.forEach(this::give);
      seeStep();
    }
  }

  private void seeStep() {
    trace.replay(coordinator);
    coordinator.write();
  }

  /** A parameter is its module's or, where nobody calls that, of the module around it. */
  private void give(Made each) {
    ModuleScope module = each.module().called();
    if (listener.isLeaf(module)) {
      modules.leaf(listener.number(module));
    }
    for (ModuleScope around = module; around != null; around = around.caller()) {
      boolean outside = !IN_LAYER.matcher(around.path()).find();
      modules.hold(listener.number(around), each.parameter(), outside);
    }
    if (each.readBy() == Reader.NOBODY) {
      modules.rest(each.parameter());
      return;
    }
    while (module.caller() != null && !trace.calls(listener.number(module))) {
      module = module.caller();
    }
    if (module.caller() != null) {
      modules.give(listener.number(module), each.parameter());
    } else if (each.readBy() == Reader.MODEL) {
      modules.give(reader.module(), each.parameter());
    }
  }

  /** Whether modules took views of any, when what they do was written down. */
  public boolean isViewed() {
    return trace.isViewed();
  }

  /** The model runs from now on. */
  public void listen() {
    graph.site().calls(listener);
  }

  /** The whole model is about to run. */
  public void beginForward() {
    listener.beginForward();
  }

  /** The whole model has returned. */
  public void endForward() {
    listener.endForward();
    if (stored.keySet().stream().anyMatch(Parameter::isViewed)) {
      trace.view();
    }
  }

  /**
   * A layer is about to run, or several that stand for one in what is gathered: what changes within
   * those is on the trace behind them.
   */
  public void beginLayers(int number, int times) {
    listener.layer(number);
    if (seen && times > 1) {
      coordinator.pause();
    }
  }

  /** They have run. */
  public void endLayers() {
    listener.layer(0);
    if (seen) {
      coordinator.write();
    }
  }

  /** The gradient of the model's result is there. */
  public void beginBackward() {
    listener.beginBackward();
  }

  /** The backward pass of the whole model has run. */
  public void endBackward() {
    listener.endBackward();
  }

  /**
   * From now on, whether the model is evaluated: it then begins as a step does that was seen, and
   * no step goes by it. An evaluation whose order is another makes DeepSpeed see that of the next
   * step anew; what is on the trace behind it is the step after that, which gathers ahead again.
   */
  public void evaluates(boolean value) {
    trace.aside(value);
    if (seen && !value) {
      coordinator.forget();
      coordinator.pause();
      seeStep();
    }
  }

  /**
   * What comes is a step behind another one: of a pass between steps whose order is another, as one
   * without adapters, DeepSpeed makes a step that gathers nothing ahead, and then one that does.
   * The first time that all is written, this marks where the step begins; when it is written again,
   * what was seen from there on is told to DeepSpeed's coordinator, as the step that ran before: of
   * several micro-batches, the second of which sees their order and the third goes by it.
   *
   * @param batches of a step
   */
  public void repeatsStep(int batches) {
    if (seen) {
      coordinator.pause();
      for (int i = 0; i < Math.min(batches, 2); i++) {
        trace.replayStep(coordinator);
      }
      coordinator.write();
    } else {
      trace.beginStep();
    }
  }

  /**
   * The last pass runs so many times more, of which the first sees its order and the second goes by
   * it, as all others do; on the trace is the pass itself.
   */
  public void repeatsPass(int times) {
    if (seen) {
      coordinator.pause();
      trace.replayPass(coordinator);
      coordinator.write();
    } else {
      trace.repeatPass(Math.min(times, 2));
    }
  }

  /** Hooks are put around all modules anew. */
  public void invalidate() {
    listener.invalidate();
  }

  /** The optimizer is about to step. */
  public void endStep() {
    listener.endStep();
  }
}
