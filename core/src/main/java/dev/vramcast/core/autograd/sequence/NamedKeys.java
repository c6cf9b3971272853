package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Keys and values that a layer hands on to later ones by a dictionary, which the call of each layer
 * is given: checkpoints hold it until they have run again (transformers gemma4/modeling_gemma4.py
 * {@code shared_kv_states}).
 */
public final class NamedKeys {

  /** What the dictionary is read by: the kind of the layer. */
  public enum Kind {
    FULL,
    SLIDING
  }

  private final Map<Kind, List<Tensor>> named = new EnumMap<>(Kind.class);

  /** Names them, which stay the caller's; those that a call before has made have no name then. */
  public void name(Graph g, Kind kind, Tensor keys, Tensor values) {
    List<Tensor> made = List.of(g.sameStorage(keys), g.sameStorage(values));
    List<Tensor> before = named.put(kind, made);
    if (before != null) {
      before.forEach(g::release);
    }
  }

  /** Nothing holds the dictionary any more. */
  public void release(Graph g) {
    named.values().forEach(pair -> pair.forEach(g::release));
    named.clear();
  }
}
