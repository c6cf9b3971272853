package dev.vramcast.core.job.value;

import java.util.Optional;

/** A month such as {@code 2025-03}, kept as text, so that months compare as texts do. */
public record Month() implements ValueKind {

  @Override
  public Optional<Object> read(Object raw) {
    return RawValues.line(raw)
        .map(String::strip)
        .filter(text -> text.matches("20\\d\\d-(0[1-9]|1[0-2])"))
        .map(Object.class::cast);
  }

  @Override
  public String allowed() {
    return "a month such as 2025-03";
  }
}
