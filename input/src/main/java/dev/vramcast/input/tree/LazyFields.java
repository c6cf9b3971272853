package dev.vramcast.input.tree;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are read once they are asked for: of most modules that lie beside a program only the
 * lines are.
 */
public final class LazyFields extends AbstractMap<String, Node> {

  private final Supplier<Map<String, Node>> reads;
  private @Nullable Map<String, Node> known;

  /** Keys that the supplier reads, once. */
  public LazyFields(Supplier<Map<String, Node>> reads) {
    this.reads = reads;
  }

  private Map<String, Node> known() {
    Map<String, Node> now = known;
    if (now == null) {
      now = reads.get();
      known = now;
    }
    return now;
  }

  @Override
  public Set<Entry<String, Node>> entrySet() {
    return known().entrySet();
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return known().containsKey(key);
  }

  @Override
  public @Nullable Node get(@Nullable Object key) {
    return known().get(key);
  }
}
