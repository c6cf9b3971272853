package dev.vramcast.answers.record;

import java.util.LinkedHashMap;
import java.util.Map;

/** Writes records as maps, lists and plain values. */
public final class RecordJson {

  /** The key that every answer starts with. */
  public static final String VERSION = "vramcast_version";

  private RecordJson() {}

  /** An answer of a version of the program. */
  public static Map<String, Object> answer(Record answer, String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put(VERSION, version);
    Keys.of(answer.getClass()).put(answer, json);
    return json;
  }

  /** A record that is no answer by itself. */
  public static Map<String, Object> of(Record record) {
    Map<String, Object> json = new LinkedHashMap<>();
    Keys.of(record.getClass()).put(record, json);
    return json;
  }
}
