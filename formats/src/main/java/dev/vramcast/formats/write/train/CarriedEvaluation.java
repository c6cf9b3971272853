package dev.vramcast.formats.write.train;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether settings that a file is written with make its framework evaluate. */
final class CarriedEvaluation {

  private static final String STRATEGY = "eval_strategy";

  private static final String STEPS = "eval_steps";

  private CarriedEvaluation() {}

  /**
   * Takes out what asks TRL to evaluate, where nothing says on what: Transformers refuses to start
   * without an {@code eval_dataset} (transformers/trainer.py), and the file names none.
   *
   * @return the keys that were there
   */
  static List<String> withoutRows(Map<String, Object> settings) {
    if (!isStrategy(settings)) {
      return List.of();
    }
    List<String> gone = Stream.of(STRATEGY, STEPS).filter(settings::containsKey).toList();
    gone.forEach(settings::remove);
    return gone;
  }

  /**
   * As the framework's reader has it.
   *
   * @param target whose column the settings are of
   */
  static boolean isAsked(String target, Map<String, Object> settings) {
    return switch (target) {
      case "trl", "llama-factory" -> isStrategy(settings);
      case "axolotl" ->
          isAny(settings, "val_set_size", "test_datasets")
              && (isAny(settings, "eval_steps", "evals_per_epoch") || isStrategy(settings));
      case "ms-swift" ->
          isAny(settings, "split_dataset_ratio", "val_dataset")
              && (!settings.containsKey(STRATEGY) || isStrategy(settings));
      default -> false;
    };
  }

  static boolean isStrategy(Map<String, Object> settings) {
    // YAML reads no as false.
    return isAny(settings, STRATEGY)
        && !String.valueOf(settings.get(STRATEGY)).toLowerCase(Locale.ROOT).equals("no");
  }

  private static boolean isAny(Map<String, Object> settings, String... keys) {
    return List.of(keys).stream().anyMatch(key -> isSome(settings.get(key)));
  }

  static boolean isSome(Optional<Object> value) {
    return isSome(value.orElse(null));
  }

  private static boolean isSome(@Nullable Object value) {
    if (value instanceof BigDecimal number) {
      return number.signum() > 0;
    }
    if (value instanceof Collection<?> items) {
      return !items.isEmpty();
    }
    return value != null && !Boolean.FALSE.equals(value);
  }
}
