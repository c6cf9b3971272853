package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** How the parameters are divided among ranks. */
public interface Sharding {

  /** A part of the model, and the unit to which its parameters belong. */
  record InUnit<T>(T part, ShardUnit unit) {}

  /** Where in the model a unit stands. */
  enum Place {
    /** The table of tokens ({@code get_input_embeddings}). */
    EMBEDDING,
    LAYER,
    FINAL_NORM,
    /** What makes the logits ({@code get_output_embeddings}). */
    HEAD,
    /** What stands beside these at either end: positions, a norm of embeddings, a transform. */
    OTHER
  }

  /** Puts what this rank keeps of a parameter onto the trace. */
  Parameter parameter(ParameterSpec spec);

  /**
   * Dtype of a buffer, which every rank has whole: {@code MixedPrecision.buffer_dtype} of FSDP1.
   */
  default DataType bufferDtype(DataType own) {
    return own;
  }

  /** The unit to which the parameters belong that {@code body} makes. */
  <T> InUnit<T> unit(Place place, Supplier<T> body);

  /**
   * The parameters that {@code body} makes belong to a module that may be a unit and never runs.
   *
   * @param path of the module
   */
  default <T> T idle(String path, Supplier<T> body) {
    return body.get();
  }

  /** No pass reads the parameters that {@code body} makes, so that they never have gradients. */
  default <T> T unread(Supplier<T> body) {
    return body.get();
  }

  /**
   * The parameters that {@code body} makes are of a module in whose place a saved copy runs (peft
   * utils/other.py ModulesToSaveWrapper), which is a module of its own.
   */
  default <T> T replaced(Supplier<T> body) {
    return body.get();
  }

  /** All parameters are made. */
  default void loaded() {}

  /** Writes what earlier micro-batches left of the gradients. */
  void createGradients();

  /** Gradients of micro-batches before the last of a step stay whole on every rank. */
  default boolean addsUpWhole() {
    return false;
  }

  /** The gradients of all that is in no layer are one, which comes behind those of the layers. */
  default boolean flattensRoot() {
    return false;
  }

  /** Micro-batches before the last of a step keep all parameters gathered. */
  default boolean keepsUnreduced() {
    return false;
  }

  /** Whether the backward passes that come reduce gradients. */
  default void reduces(boolean value) {}

  /** Collectives overlap neighbouring units: the first and last of equal layers are written out. */
  default boolean overlapsUnits() {
    return false;
  }

  /**
   * Inputs of layers that are run again in the backward pass, and the gradients of those inputs,
   * live until the end of it.
   */
  default boolean keepsInputs() {
    return false;
  }

  /** What this rank keeps is in the machine's memory, and so the optimizer steps there. */
  default boolean keepsOnHost() {
    return false;
  }

  /** Passes begin of which there were others in earlier steps, and what those left is there. */
  default void beforePasses() {}

  /** The whole model is about to run. */
  default void beforeForward() {}

  /** The whole model has returned. */
  default void afterForward() {}

  /**
   * The whole model is about to run.
   *
   * @param generates a text, for which hooks around modules may be off
   */
  default void beforePass(boolean generates) {
    beforeForward();
  }

  /** Hooks around modules were off for a text to be generated, and are put there anew. */
  default void restoreHooks() {}

  /**
   * A step is to come that others repeat, with no pass between them and it. Where a trace is
   * written for the first time this marks where that step begins; when it is written again, such a
   * step has run before what comes.
   */
  default void repeatsStep() {}

  /** The pass that has just run without a graph does so again, so many times. */
  default void repeatsPass(int times) {}

  /** From now on, whether the model is evaluated between two steps. */
  default void evaluates(boolean value) {}

  /** A block of experts is built, of whose parameters it is told. */
  default <T> T block(ModuleScope scope, Supplier<T> body) {
    return body.get();
  }

  /**
   * How many of equal layers are written apart at either end, as what they need differs; the rest
   * is written once.
   */
  default int apart() {
    return 0;
  }

  /**
   * A layer is about to run, or so many equal ones that are written once.
   *
   * @param number of it among those that are written
   */
  default void beforeLayers(int number, int times) {}

  /** Equal layers have run. */
  default void afterLayers() {}

  /** The module that is built uses a parameter of another. */
  default void share(Parameter parameter) {}

  /** The gradient of the model's result is there. */
  default void beforeBackward() {}

  /** The backward pass of the whole model has run. */
  default void afterBackward() {}

  /** Passes without a graph are over, and what they left gathered for a backward pass goes. */
  default void afterPasses() {}

  /** From now on, whether adapters and what is saved beside them take part in passes. */
  default void runsAdapters(boolean value) {}

  /** What the optimizer updates in place of the parameters; empty where it updates those. */
  default List<FlatPartition> partitions() {
    return List.of();
  }

  /** Writes a step on all {@link #partitions()}, around the optimizer's update of each. */
  default void step(Consumer<FlatPartition> update) {}
}
