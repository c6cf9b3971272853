package dev.vramcast.answers.operation;

import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Answers of operations to fields, on a day in November 2026. */
public final class Asked {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 25);

  private Asked() {}

  public static Answer answer(Operation operation, Map<String, ?> fields) {
    return operation.answer(FieldReader.call(operation, fields, somebody()));
  }

  /** Somebody elsewhere, for whom nothing is known beforehand. */
  public static RemoteContext somebody() {
    return new RemoteContext(
        Network.FORBIDDEN, TODAY, KeptPrices.NONE, Progress.NONE, new RecentSteps());
  }

  public static Json json(Operation operation, Map<String, ?> fields) {
    return new Json(answer(operation, fields).json("1.2.3"));
  }

  /** A small model on a card. */
  public static Map<String, Object> job(String gpu) {
    return Map.of(
        "model", Map.of("id", "qwen2.5-0.5b"),
        "batch", Map.of("sequence_length", 512),
        "hardware", Map.of("gpu", gpu));
  }

  /** LoRA of a 7B on twenty million tokens. */
  public static Map<String, Object> adapters(Map<String, ?> hardware) {
    return Map.of(
        "model",
        Map.of("id", "qwen2.5-7b"),
        "method",
        "lora",
        "data",
        Map.of("tokens", 20_000_000),
        "hardware",
        hardware);
  }

  /** What a program reads of an answer. */
  public record Json(Map<?, ?> map) {

    public Object get(String key) {
      if (!map.containsKey(key)) {
        throw new AssertionError("no '" + key + "' among " + map.keySet());
      }
      return map.get(key);
    }

    public Json at(String key) {
      return new Json((Map<?, ?>) get(key));
    }

    public long whole(String key) {
      return ((Number) get(key)).longValue();
    }

    public double number(String key) {
      return ((Number) get(key)).doubleValue();
    }

    public List<Json> list(String key) {
      return ((List<?>) get(key)).stream().map(each -> new Json((Map<?, ?>) each)).toList();
    }

    /** The values of all keys. */
    public LongStream wholes() {
      return map.values().stream().mapToLong(value -> ((Number) value).longValue());
    }
  }
}
