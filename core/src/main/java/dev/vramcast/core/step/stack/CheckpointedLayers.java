package dev.vramcast.core.step.stack;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Checkpoints;
import dev.vramcast.core.autograd.op.Compiled;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.module.LayerModule;
import dev.vramcast.core.module.RepeatedLayers;
import dev.vramcast.core.module.part.SharedInputs;
import java.util.function.UnaryOperator;

/**
 * Runs a layer inside its shard unit, its compiled region and its checkpoint, where it has them.
 */
final class CheckpointedLayers {

  private final Graph graph;
  private final StepSettings settings;
  private final SharedInputs shared;
  private final KeptInputs inputs;

  /** {@code inputs} take what checkpoints leave. */
  CheckpointedLayers(Graph graph, StepSettings settings, SharedInputs shared, KeptInputs inputs) {
    this.graph = graph;
    this.settings = settings;
    this.shared = shared;
    this.inputs = inputs;
  }

  /**
   * Whether layers have checkpoints, where a job asks for any. Frozen layers in front of all that
   * are trained keep nothing without one either.
   */
  boolean runAgain(RepeatedLayers layers) {
    return settings.code().checkpointsLayers()
        && !settings.checkpointsParts()
        && (layers.needsGradients() || !checkpointsTrained());
  }

  private boolean checkpointsTrained() {
    return settings.job().optimizer().name().isBlockwise()
        && settings.framework().is(LayerCode.CHECKPOINTS_TRAINED);
  }

  /** What a layer gives; takes over {@code input}. */
  Tensor run(LayerModule layer, Tensor input, boolean runsAgain) {
    return layer.unit().leave(inside(layer, layer.unit().enter(input), runsAgain));
  }

  private Tensor inside(LayerModule layer, Tensor input, boolean runsAgain) {
    return settings.compiles(layer.layer())
        ? Compiled.region(graph, input, x -> checkpointed(layer, x, runsAgain))
        : checkpointed(layer, input, runsAgain);
  }

  private Tensor checkpointed(LayerModule layer, Tensor input, boolean runsAgain) {
    UnaryOperator<Tensor> call = x -> layer.forward(graph, x, shared);
    if (!runsAgain) {
      return call.apply(input);
    }
    if (!settings.framework().is(SpreadCode.HOOKS_AROUND_CHECKPOINTS)) {
      return checkpointed(call, input);
    }
    try (Scope around = Scope.of(graph, layer.scope())) {
      return around.result(checkpointed(call, input));
    }
  }

  private Tensor checkpointed(UnaryOperator<Tensor> call, Tensor input) {
    return switch (settings.job().checkpointing()) {
      case NONE -> call.apply(input);
      case SELECTIVE -> Checkpoints.selective(graph, input, call, settings.job().compile());
      case OFFLOADED ->
          settings.running().opens()
              ? Checkpoints.reentrant(graph, input, call, inputs::add)
              : Checkpoints.offloaded(graph, input, call, inputs::add);
      case FULL ->
          settings.job().reentrant()
              ? Checkpoints.reentrant(graph, input, call, inputs::add, shared.weights())
              : Checkpoints.nonReentrant(graph, input, call);
    };
  }
}
