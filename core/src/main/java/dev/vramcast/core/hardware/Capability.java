package dev.vramcast.core.hardware;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * CUDA's compute capability, as {@code torch.cuda.get_device_capability} returns it. It is a pair
 * and no decimal number: 10.0 is later than 9.0.
 */
public record Capability(int major, int minor) implements Target, Comparable<Capability> {

  private static final Pattern TEXT = Pattern.compile("(\\d{1,2})\\.(\\d)");

  private static final Comparator<Capability> ORDER =
      Comparator.comparingInt(Capability::major).thenComparingInt(Capability::minor);

  /** Reads {@code 9.0}; empty when the text is no capability. */
  public static Optional<Capability> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new Capability(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
        : Optional.empty();
  }

  /** Whether it is this one or a later one. */
  public boolean isAtLeast(int major, int minor) {
    return compareTo(new Capability(major, minor)) >= 0;
  }

  @Override
  public String label() {
    return major + "." + minor;
  }

  @Override
  public int compareTo(Capability other) {
    return ORDER.compare(this, other);
  }
}
