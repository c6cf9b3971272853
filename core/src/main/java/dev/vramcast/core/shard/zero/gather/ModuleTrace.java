package dev.vramcast.core.shard.zero.gather;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Steps of modules as they were written down, those of equal layers once. */
public final class ModuleTrace implements ModuleSteps {

  private final List<Section> sections = new ArrayList<>();
  private final Set<Integer> called = new TreeSet<>();
  private int whole;

  /** Steps of which the layer is left open. */
  private record Section(Layers layers, List<Step> steps) {}

  /** What happens to a module. */
  private record Step(ModuleId module, BiConsumer<ModuleSteps, ModuleId> event) {}

  /** Nothing has run yet. */
  public ModuleTrace() {
    begin(Layers.NONE);
  }

  /** What follows happens in each of these layers. */
  void begin(Layers layers) {
    sections.add(new Section(layers, new ArrayList<>()));
  }

  /** Whether anything ran. */
  boolean isWritten() {
    return !called.isEmpty();
  }

  /** Whether a module was called. */
  boolean calls(int module) {
    return called.contains(module);
  }

  /** Tells all until the last step of the optimizer, layer by layer. */
  void replay(ModuleSteps steps) {
    for (Section section : sections.subList(0, whole == 0 ? sections.size() : whole)) {
      for (int i = 0; i < section.layers().times(); i++) {
        int layer = section.layers().at(i);
        for (Step step : section.steps()) {
          step.event()
              .accept(steps, step.module().module() < 0 ? step.module() : step.module().in(layer));
        }
      }
    }
  }

  private void add(ModuleId module, BiConsumer<ModuleSteps, ModuleId> event) {
    called.add(module.module());
    sections.get(sections.size() - 1).steps().add(new Step(module, event));
  }

  @Override
  public void reset() {
    add(ModuleId.MODEL, (steps, module) -> steps.reset());
  }

  @Override
  public void forward(ModuleId module, boolean again) {
    add(module, (steps, it) -> steps.forward(it, again));
  }

  @Override
  public void endForward(ModuleId module, boolean again) {
    add(module, (steps, it) -> steps.endForward(it, again));
  }

  @Override
  public void backward(ModuleId module) {
    add(module, ModuleSteps::backward);
  }

  @Override
  public void endBackward(ModuleId module) {
    add(module, ModuleSteps::endBackward);
  }

  @Override
  public void endBackward() {
    add(ModuleId.MODEL, (steps, module) -> steps.endBackward());
  }

  @Override
  public void endStep() {
    add(ModuleId.MODEL, (steps, module) -> steps.endStep());
    whole = sections.size();
    begin(Layers.NONE);
  }
}
