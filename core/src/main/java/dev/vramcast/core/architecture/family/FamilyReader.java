package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.family.build.Family;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** Reads a config by its {@code model_type}. */
final class FamilyReader {

  /** How the size of a model alone is given. */
  private static final Subject SIZE = new Subject.Flag("--params");

  private static final long MAX_PARAMETERS = 1_000_000_000_000_000L;

  private static final Set<String> TYPES = listed();

  private FamilyReader() {}

  /** Every known {@code model_type}, in alphabetical order. */
  static Set<String> types() {
    return TYPES;
  }

  /** Reads a config by its {@code model_type}. */
  static Architecture read(ModelConfig config) {
    String type = config.text("model_type", "");
    if (type.isEmpty()) {
      throw config.about("model_type").and(" is missing").kind(ErrorKind.MISSING).refusal();
    }
    Family family = FamilyTable.find(type, other -> {}).orElseThrow(() -> unknown(config, type));
    try {
      return KeptModules.of(config).in(checked(config, family.read(config)));
    } catch (ArithmeticException e) {
      throw InputError.of("the sizes are too large for any model").at(config.place()).refusal(e);
    }
  }

  private static InputException unknown(ModelConfig config, String type) {
    return config
        .about("model_type")
        .is(type)
        .and(", which is not known")
        .allowed(withSameLetter(type))
        .near(type, types())
        .hint("for another model give its size as ", SIZE)
        .refusal();
  }

  /** Types that begin like it; all of them would make no line. */
  private static String withSameLetter(String type) {
    String letter = type.substring(0, Math.min(1, type.length())).toLowerCase(Locale.ROOT);
    List<String> alike =
        types().stream().filter(known -> !letter.isEmpty() && known.startsWith(letter)).toList();
    int others = types().size() - alike.size();
    return alike.isEmpty()
        ? others + " types, such as llama"
        : String.join(", ", alike) + " and " + others + " other types";
  }

  /** Who looks for a type that no model has passes all of them. */
  private static Set<String> listed() {
    Set<String> types = new TreeSet<>();
    FamilyTable.find("", types::add);
    return Collections.unmodifiableSet(types);
  }

  private static Architecture checked(ModelConfig config, Architecture architecture) {
    long parameters = Tensors.count(architecture);
    if (parameters > MAX_PARAMETERS) {
      throw InputError.of("the sizes make ", parameters, " parameters, more than any model")
          .at(config.place())
          .refusal();
    }
    return architecture;
  }
}
