package dev.vramcast.core.job.value;

import java.util.Optional;
import java.util.regex.Pattern;

/** A version such as {@code 5.7.0} or {@code 2.6.0+cu124}, kept as text. */
public record VersionText() implements ValueKind {

  private static final Pattern VERSION = Pattern.compile("\\d{1,6}([.+-][0-9A-Za-z]+)*");

  @Override
  public Optional<Object> read(Object raw) {
    return RawValues.textOrNumber(raw)
        .map(String::strip)
        .filter(line -> line.length() <= 40 && VERSION.matcher(line).matches())
        .map(Object.class::cast);
  }

  @Override
  public String allowed() {
    return "a version such as 2.13.0";
  }
}
