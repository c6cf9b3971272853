package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The runs that are written as JSON: a trainer's state, and the figures of PyTorch's allocator. */
final class RunJson {

  private static final Pattern START = Pattern.compile("\\s*\\{\\s*[\"}]");

  private RunJson() {}

  static boolean isJson(String text) {
    return START.matcher(text).lookingAt();
  }

  static Run read(String text, String source) {
    Map<String, Object> values =
        Json.measured(Place.of(source), text.getBytes(StandardCharsets.UTF_8));
    if (values.containsKey("log_history")) {
      return TrainerState.read(values, source);
    }
    if (values.keySet().stream().anyMatch(key -> key.startsWith("train_"))) {
      return TrainerState.ofResults(values, source);
    }
    if (values.keySet().stream().anyMatch(key -> key.startsWith("allocated_bytes"))) {
      return MemoryStats.read(values, source);
    }
    throw InputError.of("JSON of another kind")
        .kind(ErrorKind.UNKNOWN_FORMAT)
        .at(Place.of(source))
        .allowed(
            "log_history as in trainer_state.json, or allocated_bytes as in"
                + " torch.cuda.memory_stats()")
        .refusal();
  }

  /** The fields of an object. */
  static Map<String, Object> object(Object value, InputError about) {
    if (!(value instanceof Map<?, ?> map)) {
      throw about.and("holds no JSON object").refusal();
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    map.forEach((key, item) -> fields.put(String.valueOf(key), item));
    return fields;
  }
}
