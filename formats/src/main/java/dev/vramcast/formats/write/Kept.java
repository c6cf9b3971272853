package dev.vramcast.formats.write;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the file that a job was read from says beside the job: learning rate, schedule, data, seeds,
 * logging, saving.
 *
 * @param format of the file, as {@code --as} names it; empty where there was none
 * @param settings plain values by the keys of that format
 */
public record Kept(String format, Map<String, Object> settings) {

  /** No file was read. */
  public static final Kept NONE = new Kept("", Map.of());

  public Kept {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }
}
