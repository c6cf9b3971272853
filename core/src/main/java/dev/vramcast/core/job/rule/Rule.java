package dev.vramcast.core.job.rule;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** How one key gets its value when the user is silent; may pass and leave it to the next rule. */
@FunctionalInterface
public interface Rule {

  /** A value with its reason. */
  record Settled(Object value, Provenance provenance, String note) {}

  Optional<Settled> settle(Draft draft);

  /** A value that follows from others. */
  static Rule derived(String note, Function<Draft, Object> value) {
    return draft -> Optional.of(new Settled(value.apply(draft), Provenance.DERIVED, note));
  }

  /** The usual case, which the user may well have meant otherwise. */
  static Rule assumed(Object value, String note) {
    return draft -> Optional.of(new Settled(value, Provenance.ASSUMED, note));
  }

  /** What a framework does, with the file that decides. */
  static Rule framework(String source, Function<Draft, Object> value) {
    return draft ->
        Optional.of(new Settled(value.apply(draft), Provenance.FRAMEWORK_DEFAULT, source));
  }

  /** This rule where the condition holds; elsewhere it passes. */
  default Rule when(Predicate<Draft> condition) {
    return draft -> condition.test(draft) ? settle(draft) : Optional.empty();
  }

  /** This rule, or the other where this one passes. */
  default Rule or(Rule other) {
    return draft -> settle(draft).or(() -> other.settle(draft));
  }
}
