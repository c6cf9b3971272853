package dev.vramcast.core.job.rule;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** How one key gets its value when the user is silent; may pass and leave it to the next rule. */
@FunctionalInterface
public interface Rule {

  /** A value with its reason. */
  record Resolved(Object value, Provenance provenance, String note) {}

  Optional<Resolved> resolve(PartialJob partial);

  /** A value that follows from others. */
  static Rule derived(String note, Function<PartialJob, Object> value) {
    return partial -> Optional.of(new Resolved(value.apply(partial), Provenance.DERIVED, note));
  }

  /** No value: what the note says decides where it is read. */
  static Rule open(String note) {
    return derived(note, partial -> ResolvedValue.LEFT_OPEN);
  }

  /** The usual case, which the user may well have meant otherwise. */
  static Rule assumed(Object value, String note) {
    return partial -> Optional.of(new Resolved(value, Provenance.ASSUMED, note));
  }

  /** What most people set, with the reason. */
  static Rule recommended(String reason, Function<PartialJob, Object> value) {
    return partial ->
        Optional.of(new Resolved(value.apply(partial), Provenance.RECOMMENDED, reason));
  }

  /** What a framework does, with the file that decides. */
  static Rule framework(String source, Function<PartialJob, Object> value) {
    return partial ->
        Optional.of(new Resolved(value.apply(partial), Provenance.FRAMEWORK_DEFAULT, source));
  }

  /** This rule where the condition holds; elsewhere it passes. */
  default Rule when(Predicate<PartialJob> condition) {
    return partial -> condition.test(partial) ? resolve(partial) : Optional.empty();
  }

  /** This rule, or the other where this one passes. */
  default Rule or(Rule other) {
    return partial -> {
      Optional<Resolved> value = resolve(partial);
      return value.isPresent() ? value : other.resolve(partial);
    };
  }
}
