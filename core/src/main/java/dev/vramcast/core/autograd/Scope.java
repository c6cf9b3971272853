package dev.vramcast.core.autograd;

import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a running function: the tensors that it owns are released in written order when it
 * ends, as CPython drops a frame's locals. What outlives it is its result, or held once more.
 *
 * <p>Scopes are closed in reverse order of opening, so a graph needs one object for each depth.
 */
public final class Scope implements AutoCloseable {

  private static final int USUAL = 8;

  private final Graph graph;
  private Tensor[] owned = new Tensor[USUAL];
  private int count;

  /** Where the caller runs; null where the function is of the caller's module. */
  private @Nullable ModuleScope callerModule;

  private Operation callerOperation = Operation.NONE;

  private ModuleScope module = ModuleScope.MODEL;

  /** What runs has returned. */
  private boolean returned;

  private Scope(Graph graph) {
    this.graph = graph;
  }

  /** The frame of a function of the module that runs. */
  public static Scope of(Graph graph) {
    return graph.scopes().open();
  }

  /** The frame of a module's function: what is allocated before it ends is the module's. */
  public static Scope of(Graph graph, ModuleScope module) {
    Scope scope = graph.scopes().open();
    scope.callerModule = graph.site().module();
    scope.callerOperation = graph.site().operation();
    scope.module = module;
    scope.returned = false;
    graph.site().set(module, Operation.NONE);
    graph.site().calls().begins(module);
    return scope;
  }

  /** Takes over the caller's reference to {@code tensor} until the scope ends. */
  public Tensor own(Tensor tensor) {
    if (count == owned.length) {
      owned = Arrays.copyOf(owned, 2 * count);
    }
    owned[count++] = tensor;
    return tensor;
  }

  /** As {@link #own(Tensor)}; nothing where there is no tensor. */
  public @Nullable Tensor ownIfAny(@Nullable Tensor tensor) {
    return tensor == null ? null : own(tensor);
  }

  /** As {@link #own(Tensor)}, all of them. */
  public Tensor[] own(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      own(tensor);
    }
    return tensors;
  }

  /** What outlives the scope: the result of the function, which is its caller's. */
  public <T> T result(T result) {
    returned = true;
    return result;
  }

  @Override
  public void close() {
    for (int i = 0; i < count; i++) {
      graph.release(owned[i]);
    }
    count = 0;
    if (callerModule != null) {
      graph.site().calls().ends(module, returned);
      graph.site().set(callerModule, callerOperation);
      callerModule = null;
    }
    graph.scopes().depth--;
  }

  /** The scopes of a graph by their depth. */
  static final class Stack {

    private final Graph graph;
    private Scope[] scopes = new Scope[0];
    private int depth;

    Stack(Graph graph) {
      this.graph = graph;
    }

    private Scope open() {
      if (depth == scopes.length) {
        scopes = Arrays.copyOf(scopes, depth + USUAL);
        for (int i = depth; i < scopes.length; i++) {
          scopes[i] = new Scope(graph);
        }
      }
      return scopes[depth++];
    }
  }
}
