package dev.vramcast.core.job.value;

import java.util.Map;
import java.util.Optional;

/**
 * A line of text, as a string, or an object, as a map.
 *
 * @param allowed what both are, in words
 * @param named the text is a name, and not the path of a file
 */
public record TextOrObject(String allowed, boolean named) implements ValueKind {

  @Override
  public Optional<Object> read(Object raw) {
    return raw instanceof Map<?, ?> map
        ? RawValues.frozen(map)
        : RawValues.line(raw).map(Object.class::cast);
  }

  @Override
  public String allowedFor(Object raw) {
    return RawValues.within(RawValues.LONGEST_LINE, raw, allowed);
  }

  @Override
  public boolean holdsObjects() {
    return true;
  }
}
