package dev.vramcast.core.megatron;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import java.util.List;

/** What has run before the first layer of a stage, on a micro-batch. */
interface StageFront {

  /** What the layers get. */
  Tensor result();

  /** What is added behind the first layers, one of these each; they stay its own. */
  default List<Tensor> features() {
    return List.of();
  }

  /**
   * The layers have run.
   *
   * @param again they will run again
   */
  default void passed(boolean again) {}

  /** Takes over the gradient of what the layers got. */
  void backward(Tensor gradient);

  /** Rows of the embedding, or what the stage before has sent. */
  record OfText(Graph graph, Recording.Of<Tensor> made) implements StageFront {

    @Override
    public Tensor result() {
      return made.result();
    }

    @Override
    public void backward(Tensor gradient) {
      through(graph, made, gradient);
    }
  }

  /** Sends a gradient through a segment; it is dropped where nothing in that is trained. */
  static void through(Graph graph, Recording.Of<Tensor> made, Tensor gradient) {
    if (made.result().requiresGrad()) {
      graph.send(made.result(), gradient);
      graph.backward(made.recording());
    } else {
      graph.release(gradient);
    }
  }
}
