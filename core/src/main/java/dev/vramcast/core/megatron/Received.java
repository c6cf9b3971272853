package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * What a stage is sent by those beside it.
 *
 * @param elements hidden states of a micro-batch on one rank
 * @param dtype of these and of their gradients
 */
record Received(Graph graph, long elements, DataType dtype) {

  private static final Operation RECEIVE =
      Operation.of("recv", "megatron/core/pipeline_parallel/p2p_communication.py _communicate");

  /** Of one micro-batch, by the stage before. */
  Tensor hidden() {
    return hidden(1);
  }

  /** Of so many, in one tensor. */
  Tensor hidden(long count) {
    return graph.allocate(
        RECEIVE, "hidden states", Category.ACTIVATIONS, Math.multiplyExact(count, elements), dtype);
  }

  /** By the stage after. */
  Tensor gradient() {
    return graph.allocate(
        RECEIVE, "gradients of activations", Category.COMMUNICATION, elements, dtype);
  }
}
