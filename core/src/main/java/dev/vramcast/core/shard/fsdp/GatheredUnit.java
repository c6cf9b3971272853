package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.ModuleScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Modules whose parameters are gathered before they run, given up afterwards, and gathered again
 * for their backward pass, in which the unit before them is gathered ahead of time.
 */
abstract class GatheredUnit implements ShardUnit {

  /** Passes through units, in the order in which their forward passes ended. */
  static final class Order {

    private final Graph graph;
    private final List<Visit> visits = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();
    private boolean withGraph = true;
    private int pass;

    /**
     * What a pass without a graph has left gathered.
     *
     * @param times how many equal layers did
     * @param pass the number of that pass
     */
    private record Left(Visit visit, int times, int pass) {}

    Order(Graph graph) {
      this.graph = graph;
    }

    Graph graph() {
      return graph;
    }

    /** A pass of the whole model begins. */
    void begin() {
      withGraph = graph.gradEnabled();
      pass++;
    }

    /** What is kept for a backward pass stays where none comes, until a pass that has one. */
    void dropLeft() {
      left.forEach(each -> graph.repeat(each.times(), each.visit()::giveUp));
      left.clear();
    }

    /** No unit runs: the next pass has an order of its own ({@code post_forward_order.clear()}). */
    void clear() {
      visits.clear();
    }

    /** The backward pass is over; units that no gradient has left are finished now. */
    void finish() {
      for (int i = visits.size() - 1; i >= 0; i--) {
        visits.get(i).afterBackward();
      }
      visits.forEach(Visit::dropPrefetched);
    }
  }

  /** One pass through a unit, with what is gathered for it. */
  final class Visit {

    /** Null in the place of what has been given up alone. */
    final List<@Nullable Tensor> gathered = new ArrayList<>();

    /** Filled ahead of its use; null while it is not. */
    @Nullable Tensor buffer;

    private int position = -1;
    private boolean finished;

    void beforeBackward() {
      goingBack = this;
      graph().site().within(scope, () -> gatherForBackward(this));
      if (prefetchesEarly()) {
        prefetchBefore();
      }
      graph().site().within(scope, GatheredUnit.this::beginBackward);
    }

    void afterBackward() {
      if (finished) {
        return;
      }
      finished = true;
      if (!prefetchesEarly()) {
        prefetchBefore();
      }
      graph().site().within(scope, () -> finishBackward(this));
    }

    private void prefetchBefore() {
      if (position > 0) {
        order.visits.get(position - 1).prefetch();
      }
    }

    private void prefetch() {
      graph().site().within(scope, () -> GatheredUnit.this.prefetch(this));
    }

    /** What was fetched ahead has been read, or its backward pass never came. */
    void dropPrefetched() {
      if (buffer != null) {
        graph().release(buffer);
        buffer = null;
      }
    }

    void giveUp() {
      gathered.stream().filter(Objects::nonNull).forEach(graph()::release);
      gathered.clear();
    }
  }

  private final Order order;

  /** The modules' parent, whose parameters the unit has. */
  private final ModuleScope scope;

  /** The latest pass; null before the first. */
  private @Nullable Visit running;

  /** The pass whose backward pass began last; null before the first. */
  private @Nullable Visit goingBack;

  /** Passes without a graph that left gathered what they needed, the earliest first. */
  private final Deque<Order.Left> left = new ArrayDeque<>();

  /** The pass before, whose backward pass may still come when one without a graph runs. */
  private @Nullable Visit waiting;

  GatheredUnit(Order order) {
    this.order = order;
    this.scope = order.graph.site().module();
  }

  final Graph graph() {
    return order.graph;
  }

  @Override
  public Tensor enter(Tensor input) {
    begin();
    return graph().gradEnabled()
        ? BackwardPass.onArrival(graph(), input, running()::afterBackward)
        : input;
  }

  @Override
  public Tensor leave(Tensor output) {
    end();
    return graph().gradEnabled()
        ? BackwardPass.onArrival(graph(), output, running()::beforeBackward)
        : output;
  }

  private Visit running() {
    return Objects.requireNonNull(running);
  }

  /** The forward pass begins. */
  final void begin() {
    Visit before = running;
    waiting = before;
    boolean there = before != null && !before.gathered.isEmpty();
    if (graph().gradEnabled() || !there) {
      Visit visit = new Visit();
      running = visit;
      if (!takesLeft(visit)) {
        graph().site().within(scope, () -> gatherForForward(visit));
      }
    }
  }

  /** What a pass without a graph left gathered is not gathered again. */
  private boolean takesLeft(Visit visit) {
    Order.Left before = left.peek();
    if (before == null || before.pass() == order.pass) {
      return false;
    }
    List<@Nullable Tensor> gathered = left.remove().visit().gathered;
    visit.gathered.addAll(gathered);
    gathered.clear();
    return !visit.gathered.isEmpty();
  }

  /** The forward pass ends. */
  final void end() {
    if (!graph().gradEnabled()) {
      endWithoutGraph();
      return;
    }
    Visit visit = running();
    graph().site().within(scope, () -> finishForward(visit));
    visit.position = order.visits.size();
    order.visits.add(visit);
  }

  /**
   * No backward pass will come: parameters go, but those that another pass still needs, and those
   * that a whole pass leaves for a backward pass all the same ({@code post_forward} of FSDP2's
   * groups and {@code _post_forward_reshard} of FSDP1 do not ask for a graph).
   */
  private void endWithoutGraph() {
    Visit visit = running();
    if (visit != waiting) {
      if (order.withGraph || reshards()) {
        visit.giveUp();
      } else {
        leave(visit);
      }
    }
    running = waiting;
  }

  /** What a pass has gathered stays for the next. */
  final void leave(Visit visit) {
    Order.Left kept = new Order.Left(visit, graph().iterations(), order.pass);
    left.add(kept);
    order.left.add(kept);
  }

  /** Parameters are given up after every forward pass. */
  abstract boolean reshards();

  /** The gradient of the unit's output is there. */
  final void beforeBackward() {
    running().beforeBackward();
  }

  abstract void gatherForForward(Visit visit);

  abstract void finishForward(Visit visit);

  /** Begins to gather, unless that has been done. */
  abstract void prefetch(Visit visit);

  abstract void gatherForBackward(Visit visit);

  /** Parameters are gathered, and the backward pass begins. */
  void beginBackward() {}

  /** The unit before is gathered at the start of the backward pass, not in it. */
  boolean prefetchesEarly() {
    return true;
  }

  /** What the pass has gathered whose backward pass runs; empty where none does. */
  final List<@Nullable Tensor> goingBack() {
    return goingBack == null ? List.of() : goingBack.gathered;
  }

  /** The backward pass has come to where the unit before is gathered. */
  final void prefetchBefore() {
    if (goingBack != null) {
      goingBack.prefetchBefore();
    }
  }

  /** Gives the parameters up and reduces their gradients. */
  abstract void finishBackward(Visit visit);
}
