package dev.vramcast.answers.record;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of a record, worked out once for each class and when it is first needed. */
public final class Keys {

  private static final ClassValue<Keys> ALL =
      new ClassValue<>() {
        @Override
        protected Keys computeValue(Class<?> type) {
          return new Keys(type);
        }
      };

  private final Class<?> type;
  private final Optional<Kind> kind;

  /** Null until it is needed: records may hold their own kind. */
  private volatile @Nullable List<Key> keys;

  private Keys(Class<?> type) {
    this.type = type;
    this.kind = Kind.of(type);
  }

  /** Those of a record class. */
  public static Keys of(Class<?> type) {
    return ALL.get(type);
  }

  /** The class. */
  public Class<?> type() {
    return type;
  }

  /** What it has before all else; empty for records that are alone in their place. */
  public Optional<Kind> kind() {
    return kind;
  }

  /** Whether it is an answer by itself, which names the version of the program first. */
  public boolean isAnswer() {
    return kind().filter(word -> word.key().equals(Kind.OF_ANSWERS)).isPresent();
  }

  /** All others, in their order. */
  public List<Key> all() {
    List<Key> known = keys;
    if (known == null) {
      known = Arrays.stream(type.getRecordComponents()).map(Key::of).toList();
      keys = known;
    }
    return known;
  }

  /** What the whole means, where that is said. */
  public Optional<String> description() {
    return Optional.ofNullable(type.getAnnotation(Describes.class)).map(Describes::value);
  }

  void put(Object record, Map<String, @Nullable Object> json) {
    kind.ifPresent(word -> json.put(word.key(), word.value()));
    for (Key key : all()) {
      key.put(record, json);
    }
  }

  void putNulls(Map<String, @Nullable Object> json) {
    all().forEach(key -> key.putNull(json));
  }
}
