package dev.vramcast.core.shard.zero.gather;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Steps of modules as they were written down. */
public final class ModuleTrace implements ModuleSteps {

  private final List<Consumer<ModuleSteps>> steps = new ArrayList<>();
  private final Set<Integer> called = new TreeSet<>();

  /** Steps until the optimizer's last; 0 before that. */
  private int whole;

  /** Steps before that of the optimizer which others repeat; 0 where none was marked. */
  private int before;

  /** Passes that run several times: where each begins and ends, all its runs among them. */
  private final List<Repeated> repeated = new ArrayList<>();

  private int begun;
  private int told;
  private boolean viewed;

  /** Runs of a pass behind its first. */
  private record Repeated(int from, int to) {}

  /** What runs is not written down. */
  private boolean aside;

  /** Nothing has run yet. */
  public ModuleTrace() {}

  /** Whether anything ran. */
  boolean isWritten() {
    return !steps.isEmpty();
  }

  /** Whether a module was called in a step. */
  boolean calls(int module) {
    return called.contains(module);
  }

  /** Modules take views of their parameters. */
  void view() {
    viewed = true;
  }

  boolean isViewed() {
    return viewed;
  }

  /**
   * From now on, whether what runs comes between steps and not in each of them, so that nobody is
   * told of it again.
   */
  void aside(boolean value) {
    aside = value;
  }

  private void write(Consumer<ModuleSteps> step) {
    if (!aside) {
      steps.add(step);
    }
  }

  private void call(ModuleId module) {
    if (!aside) {
      called.add(module.module());
    }
  }

  /** Tells all until the last step of the optimizer. */
  void replay(ModuleSteps again) {
    int end = whole == 0 ? steps.size() : whole;
    steps.subList(0, end).forEach(step -> step.accept(again));
  }

  /** The pass that was written last has run so many times more. */
  void repeatPass(int times) {
    List<Consumer<ModuleSteps>> pass = List.copyOf(steps.subList(begun, steps.size()));
    int from = steps.size();
    for (int i = 0; i < times; i++) {
      steps.addAll(pass);
    }
    repeated.add(new Repeated(from, steps.size()));
  }

  /** Tells what the next of these passes did behind its first run. */
  void replayPass(ModuleSteps again) {
    Repeated next = repeated.get(told);
    told = (told + 1) % repeated.size();
    steps.subList(next.from(), next.to()).forEach(step -> step.accept(again));
  }

  /** What is written from now on is a step that others repeat. */
  void beginStep() {
    before = steps.size();
  }

  /** Tells what came behind {@link #beginStep}, until the last step of the optimizer. */
  void replayStep(ModuleSteps again) {
    steps.subList(before, whole).forEach(step -> step.accept(again));
  }

  @Override
  public void reset() {
    begun = steps.size();
    write(ModuleSteps::reset);
  }

  @Override
  public void forward(ModuleId module, boolean again) {
    call(module);
    write(it -> it.forward(module, again));
  }

  @Override
  public void endForward(ModuleId module, boolean again) {
    write(it -> it.endForward(module, again));
  }

  @Override
  public void backward(ModuleId module) {
    call(module);
    write(it -> it.backward(module));
  }

  @Override
  public void endBackward(ModuleId module) {
    write(it -> it.endBackward(module));
  }

  @Override
  public void endBackward() {
    write(ModuleSteps::endBackward);
  }

  @Override
  public void invalidate() {
    write(ModuleSteps::invalidate);
  }

  @Override
  public void endStep() {
    write(ModuleSteps::endStep);
    whole = steps.size();
  }
}
