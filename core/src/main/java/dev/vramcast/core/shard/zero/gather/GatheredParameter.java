package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.units.DataType;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A divided parameter, and whether it is whole at a time ({@code ZeroParamStatus}). */
final class GatheredParameter {

  /** Before all steps of a trace. */
  static final int NEVER = Integer.MIN_VALUE;

  /** What there is of it. */
  enum Status {
    NOT_AVAILABLE,
    INFLIGHT,
    AVAILABLE
  }

  private final Parameter parameter;
  private final int order;
  private final long elements;
  private final DataType dtype;
  private final boolean persists;
  private final boolean trained;

  Status status = Status.NOT_AVAILABLE;

  /** Modules that run with it. */
  final Set<GatheringModule> active = new HashSet<>();

  /** The last step of the trace for which it was fetched. */
  int fetchedFor = NEVER;

  /** Null while it is not whole, or nothing is written. */
  @Nullable Tensor whole;

  /**
   * A parameter that is not whole.
   *
   * @param parameter what its modules see
   * @param order in which parameters were made
   * @param persists it is whole all the time, once a step has run
   */
  GatheredParameter(
      Parameter parameter,
      int order,
      long elements,
      DataType dtype,
      boolean persists,
      boolean trained) {
    this.parameter = parameter;
    this.order = order;
    this.elements = elements;
    this.dtype = dtype;
    this.persists = persists;
    this.trained = trained;
  }

  /** A module that runs sees it as it is gathered. */
  void show() {
    parameter.gatherIn(whole);
  }

  /** No module sees it as it was gathered. */
  void hide() {
    parameter.gatherIn(null);
  }

  /** Whether modules take views of it. */
  boolean isViewed() {
    return parameter.isViewed();
  }

  int order() {
    return order;
  }

  long elements() {
    return elements;
  }

  DataType dtype() {
    return dtype;
  }

  boolean persists() {
    return persists;
  }

  boolean trained() {
    return trained;
  }
}
