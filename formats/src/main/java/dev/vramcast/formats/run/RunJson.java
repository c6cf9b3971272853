package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The runs that are written as JSON: a trainer's state, and the figures of PyTorch's allocator. */
final class RunJson {

  private static final int DEEPEST = 40;
  private static final Pattern START = Pattern.compile("\\s*\\{\\s*[\"}]");

  /** Python writes NaN where a loss is none. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(100)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RunJson() {}

  static boolean isJson(String text) {
    return START.matcher(text).lookingAt();
  }

  static Run read(String text, String source) {
    Map<String, Object> values =
        object(parse(text, source), InputError.of("").at(Place.of(source)));
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
        .at(Place.of(source))
        .allowed(
            "log_history as in trainer_state.json, or allocated_bytes as in"
                + " torch.cuda.memory_stats()")
        .refusal();
  }

  private static Object parse(String text, String source) {
    try {
      return MAPPER.readValue(text, Object.class);
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String reason = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      throw InputError.of(
              "not readable as JSON: ",
              Shown.oneLine(reason.replaceFirst("( \\(|: was expecting).*", "")))
          .at(Place.of(source, line, column))
          .refusal(e);
    }
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
