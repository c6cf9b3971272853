package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.part.InputLeaf;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/** What makes the hidden states of a tower's first layer. */
public interface TowerEmbedding {

  /** What it is made of, where it reads pixels or sound. */
  PatchEmbedding embedding();

  /** Whether what the tower calls its input embedding can be made to require a gradient. */
  boolean takesLeaf();

  /** Dtype that pixels are brought to. */
  DataType dtype();

  /**
   * Hidden states of the first layer; the input stays the caller's.
   *
   * @param leaf takes the gradient of the input embedding's output where that is made to require
   *     one; null where it is not
   */
  Tensor forward(Graph g, Tensor input, @Nullable InputLeaf leaf);
}
