package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Trained parameters outside the layers. Losses in chunks use a head several times, so that their
 * gradients are complete only when the head's backward pass is over, or that of the embedding where
 * the two are tied. Those of the last modules come first.
 */
final class OutsideParameters {

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(Parameter parameter, boolean tied) {}

  void add(Parameter parameter, int uses) {
    entries.add(new Entry(parameter, uses > 1));
  }

  /** Hands on those whose gradients are complete when the layers' backward pass begins. */
  void takeSingle(Consumer<Parameter> reduction) {
    take(entry -> !entry.tied(), reduction);
  }

  /** Hands on all that are left, when the backward pass has run. */
  void takeAll(Consumer<Parameter> reduction) {
    take(entry -> true, reduction);
  }

  private void take(Predicate<Entry> chosen, Consumer<Parameter> reduction) {
    List<Entry> all = List.copyOf(entries);
    for (int i = all.size() - 1; i >= 0; i--) {
      Entry entry = all.get(i);
      if (chosen.test(entry) && entry.parameter().hasGradient()) {
        entries.remove(entry);
        reduction.accept(entry.parameter());
      }
    }
  }
}
