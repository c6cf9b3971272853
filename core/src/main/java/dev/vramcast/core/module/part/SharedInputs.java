package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.RouterScores;
import dev.vramcast.core.autograd.op.NamedWeights;
import dev.vramcast.core.autograd.sequence.NamedKeys;
import dev.vramcast.core.autograd.sequence.SharedBias;
import dev.vramcast.core.autograd.sequence.SharedRows;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What every layer of a forward pass reads beside the hidden states.
 *
 * @param images what layers read that look at images; null where none does
 * @param cache takes the keys and values of each layer; null where no pass of them is counted
 * @param named what code around layers names
 * @param biases of the scores by position; null where there are none
 * @param distances rows for distances of tokens; null where there are none
 * @param states whether what each layer gives is returned
 */
public record SharedInputs(
    Tables tables,
    Masks masks,
    @Nullable Seeing images,
    @Nullable KeyValueCache cache,
    Named named,
    @Nullable Biases biases,
    @Nullable SharedRows distances,
    boolean states) {

  /**
   * Rotary tables.
   *
   * @param full of all layers, or of those that see every token; null where none of them rotates
   * @param sliding of layers with a sliding window, null where they have no others
   */
  public record Tables(@Nullable Rotation full, @Nullable Rotation sliding) {

    static final Tables NONE = new Tables(null, null);
  }

  /** Cosines and sines. */
  public record Rotation(Tensor cos, Tensor sin) {}

  /**
   * Masks.
   *
   * @param full of layers that see every token, null when attention is merely causal
   * @param sliding of layers with a sliding window, null as above
   */
  public record Masks(@Nullable Tensor full, @Nullable Tensor sliding) {

    static final Masks NONE = new Masks(null, null);
  }

  /**
   * What code around layers names.
   *
   * @param weights of attention; null where no code does
   * @param keys and values that layers hand on; null where none may
   * @param scores of experts; null where the model does not return them
   */
  public record Named(
      @Nullable NamedWeights weights, @Nullable NamedKeys keys, @Nullable RouterScores scores) {

    static final Named NONE = new Named(null, null, null);

    static Named of(@Nullable NamedWeights weights) {
      return new Named(weights, new NamedKeys(), null);
    }

    Named with(RouterScores each) {
      return new Named(weights, keys, each);
    }
  }

  /** Those of tokens among each other, and of tokens and what an encoder has made. */
  public record Biases(SharedBias own, SharedBias cross) {}

  /** Layers that read hidden states alone. */
  public static final SharedInputs NONE =
      new SharedInputs(Tables.NONE, Masks.NONE, null, null, Named.NONE, null, null, false);

  /** The same with images at which layers look; null for none. */
  public SharedInputs with(@Nullable Seeing seeing) {
    return new SharedInputs(tables, masks, seeing, cache, named, biases, distances, states);
  }

  /** The same whose layers put their keys and values into a cache. */
  public SharedInputs caching(KeyValueCache each) {
    return new SharedInputs(tables, masks, images, each, named, biases, distances, states);
  }

  /** Whether layers go on with copies of keys and values, which lie head by head. */
  public boolean copiesKeys() {
    return cache != null && cache.copies();
  }

  /** The same whose routers' scores are returned. */
  public SharedInputs returning(RouterScores scores) {
    Named all = named.with(scores);
    return new SharedInputs(tables, masks, images, cache, all, biases, distances, states);
  }

  /** The backward passes of all layers but the first have run. */
  public void endReading(Graph g) {
    if (biases != null) {
      biases.own().endReading(g);
      biases.cross().endReading(g);
    }
  }

  /**
   * The backward pass of a layer begins.
   *
   * @param first it is the one that has made the biases
   */
  public void beginBackward(Graph g, boolean first) {
    if (biases != null) {
      for (SharedBias each : List.of(biases.own(), biases.cross())) {
        if (first) {
          each.sendBack(g);
        }
        each.beginBackward(g);
      }
    }
  }

  /** It has ended. */
  public void endBackward(Graph g) {
    if (biases != null) {
      biases.own().endBackward(g);
      biases.cross().endBackward(g);
    }
  }

  /** What each layer gives lives until the model returns. */
  public boolean keepsStates() {
    return states || (distances != null && distances.keepsStates());
  }

  /** The rotary tables of a layer that rotates. */
  public Rotation rotation() {
    return rotation(false);
  }

  /**
   * The rotary tables of a layer that rotates.
   *
   * @param slides it has a sliding window
   */
  public Rotation rotation(boolean slides) {
    Rotation own = slides ? tables.sliding() : null;
    return own != null ? own : Objects.requireNonNull(tables.full());
  }

  /** Rows for distances, of a layer that reads them. */
  public SharedRows rows() {
    return Objects.requireNonNull(distances);
  }

  /** Biases by position, of a layer that has one. */
  public Biases positions() {
    return Objects.requireNonNull(biases);
  }

  /** Weights of attention that code around it names; null where none does. */
  public @Nullable NamedWeights weights() {
    return named.weights();
  }

  /** What takes routers' scores; null where the model does not return them. */
  public @Nullable RouterScores scores() {
    return named.scores();
  }

  /** Attention has made its weights, which stay the caller's. */
  public void name(Graph g, Tensor made) {
    NamedWeights weights = weights();
    if (weights != null) {
      weights.name(g, made);
    }
  }

  /** Keys and values that a layer hands on, which stay the caller's. */
  public void name(Graph g, boolean slides, Tensor keys, Tensor values) {
    NamedKeys.Kind kind = slides ? NamedKeys.Kind.SLIDING : NamedKeys.Kind.FULL;
    Objects.requireNonNull(named.keys()).name(g, kind, keys, values);
  }

  /** A layer returns. */
  public void endLayer(Graph g) {
    NamedWeights weights = weights();
    if (weights != null) {
      weights.endLayer(g);
    }
  }

  /** What is seen of images, of a layer that looks at them. */
  public Seeing seeing() {
    return Objects.requireNonNull(images);
  }

  /** The model's forward pass has returned, or no recomputation needs them any more. */
  public void release(Graph g) {
    release(g, tensor -> true);
  }

  /** As {@link #release(Graph)}, of what still lives. */
  public void release(Graph g, Predicate<Tensor> lives) {
    if (named.keys() != null) {
      named.keys().release(g);
    }
    release(g, tables.full(), lives);
    release(g, tables.sliding(), lives);
    release(g, masks.full(), lives);
    release(g, masks.sliding(), lives);
    if (images != null) {
      images.release(g);
    }
    if (distances != null) {
      distances.release(g);
    }
    if (biases != null) {
      biases.own().release(g);
      biases.cross().release(g);
    }
  }

  private static void release(Graph g, @Nullable Rotation rotation, Predicate<Tensor> lives) {
    if (rotation != null) {
      release(g, rotation.cos(), lives);
      release(g, rotation.sin(), lives);
    }
  }

  private static void release(Graph g, @Nullable Tensor tensor, Predicate<Tensor> lives) {
    if (tensor != null && lives.test(tensor)) {
      g.release(tensor);
    }
  }

  /** The backward pass of the whole model has run. */
  public void end(Graph g) {
    if (biases != null) {
      biases.cross().end(g);
    }
  }
}
