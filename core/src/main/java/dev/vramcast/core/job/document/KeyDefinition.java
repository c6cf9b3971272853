package dev.vramcast.core.job.document;

import dev.vramcast.core.job.value.ValueKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is known of a key of the job document.
 *
 * @param path its place, e.g. {@code batch.micro_batch}
 * @param flag of the command line, e.g. {@code --micro-batch}
 * @param kind what it may hold
 * @param fallback what holds without it
 * @param description one line for help texts
 * @param label name for people, as on the page; its path where there is no other
 * @param knob where it is one of those that most people set
 */
record KeyDefinition(
    String path,
    String flag,
    ValueKind kind,
    Fallback fallback,
    String description,
    String label,
    Optional<Knob> knob) {

  private static final Map<String, KeyDefinition> BY_PATH =
      Stream.of(
              ModelKeys.ALL,
              StepKeys.ALL,
              SpreadKeys.ALL,
              EnvironmentKeys.ALL,
              RunKeys.ALL,
              ObjectiveKeys.ALL,
              GenerationKeys.ALL)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(KeyDefinition::path, definition -> definition));

  /** A key whose flag is the last part of its path. */
  static KeyDefinition key(String path, ValueKind kind, Fallback fallback, String description) {
    String last = path.substring(path.lastIndexOf('.') + 1);
    return key(path, "--" + last.replace('_', '-'), kind, fallback, description);
  }

  static KeyDefinition key(
      String path, String flag, ValueKind kind, Fallback fallback, String description) {
    return new KeyDefinition(path, flag, kind, fallback, description, path, Optional.empty());
  }

  /** The same with a name for people. */
  KeyDefinition called(String words) {
    return new KeyDefinition(path, flag, kind, fallback, description, words, knob);
  }

  /** The same as a knob. */
  KeyDefinition turned(Knob how) {
    return new KeyDefinition(path, flag, kind, fallback, description, label, Optional.of(how));
  }

  static KeyDefinition of(String path) {
    KeyDefinition definition = BY_PATH.get(path);
    if (definition == null) {
      throw new IllegalArgumentException("no key " + path);
    }
    return definition;
  }

  /** How many keys there are. */
  static int count() {
    return BY_PATH.size();
  }
}
