package dev.vramcast.core.autograd;

/**
 * Saved tensors that wait in host memory for their backward pass ({@code
 * torch.autograd.graph.saved_tensors_hooks}). Each node that saves a tensor has a copy of its own.
 */
public final class HostCopies {

  /** Smaller ones stay: {@code min_offload_size} in trl/models/activation_offloading.py. */
  private static final long LEAST_BYTES = 1024;

  private HostCopies() {}

  /** Saves on the host what is worth it; parameters and what is small are saved as they are. */
  static void save(Graph graph, Node node, Tensor tensor) {
    if (isParameter(tensor) || tensor.elements * tensor.dtype.bytes() < LEAST_BYTES) {
      node.save(tensor);
    } else {
      saveCopy(graph, node, tensor);
    }
  }

  /** Saves a copy on the host. */
  public static void saveCopy(Graph graph, Node node, Tensor tensor) {
    Tensor copy =
        graph.allocateOnHost(
            tensor.storage.name(), tensor.storage.category(), tensor.elements, tensor.dtype);
    node.save(copy);
    graph.release(copy);
  }

  /**
   * A second reference to what a checkpoint's keeper saved, which goes when a recomputation is left
   * early. Arguments that wait on the host are copied back for the recomputation.
   */
  public static Tensor again(Graph graph, Node keeper, Tensor input) {
    if (!keeper.saved[0].storage.space().isHost()) {
      return graph.track(input.with(input.source, input.output));
    }
    Tensor back =
        graph.allocate(input.storage.name(), input.storage.category(), input.elements, input.dtype);
    Tensor result = graph.track(back.with(input.source, input.output));
    graph.release(back);
    return result;
  }

  private static boolean isParameter(Tensor tensor) {
    return switch (tensor.storage.category()) {
      case WEIGHTS, ADAPTERS, GATHERED -> true;
      case COMMUNICATION, GRADIENTS, OPTIMIZER, ACTIVATIONS, LOGITS_AND_LOSS -> false;
      case TEMPORARIES, ENGINE, OTHER -> false;
    };
  }

  /** Brings what a node saved back to the GPU. */
  static void bringBack(Graph graph, Node node) {
    if (!graph.usesHost()) {
      return;
    }
    for (int i = 0; i < node.saved.length; i++) {
      Tensor copy = node.saved[i];
      if (copy != null && copy.storage.space().isHost()) {
        Tensor back =
            graph.allocate(copy.storage.name(), copy.storage.category(), copy.elements, copy.dtype);
        node.saved[i] = back;
        back.saved++;
        graph.release(back);
        copy.saved--;
        graph.freeIfUnused(copy);
      }
    }
  }
}
