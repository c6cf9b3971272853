package dev.vramcast.core.property;

import dev.vramcast.core.job.document.JobDocument;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A job as a YAML document; texts that are no plain words are quoted as in JSON. */
final class JobYaml {

  private JobYaml() {}

  static String of(JobDocument job) {
    return job.entries().isEmpty() ? "{}\n" : section(job.toMap(), "");
  }

  private static String section(Map<?, ?> map, String indent) {
    return map.entrySet().stream()
        .map(entry -> indent + scalar(entry.getKey()) + ":" + behindKey(entry.getValue(), indent))
        .collect(Collectors.joining());
  }

  private static String behindKey(Object value, String indent) {
    return value instanceof Map<?, ?> map && !map.isEmpty()
        ? "\n" + section(map, indent + "  ")
        : " " + inline(value) + "\n";
  }

  private static String inline(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(JobYaml::inline).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> scalar(entry.getKey()) + ": " + inline(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return scalar(value);
  }

  private static String scalar(Object value) {
    boolean plain =
        !(value instanceof String text)
            || text.matches("[A-Za-z_][A-Za-z0-9_/-]*")
                && !text.matches("(?i)null|true|false|yes|no|on|off|y|n");
    return plain ? String.valueOf(value) : quoted((String) value);
  }

  private static String quoted(String text) {
    return text.chars()
        .mapToObj(
            c ->
                c == '"' || c == '\\'
                    ? "\\" + (char) c
                    : c < ' ' ? String.format("\\u%04x", c) : String.valueOf((char) c))
        .collect(Collectors.joining("", "\"", "\""));
  }
}
