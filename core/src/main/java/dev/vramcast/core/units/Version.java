package dev.vramcast.core.units;

/**
 * A library version, compared by its first three numbers; {@code 5.7.0.dev0} equals {@code 5.7.0}.
 */
public record Version(int major, int minor, int patch) implements Comparable<Version> {

  private static final String SEPARATORS = ".+-";

  /** What longer numbers are taken for. */
  private static final int MOST = 999_999_999;

  public static Version of(int major, int minor) {
    return new Version(major, minor, 0);
  }

  /** Reads {@code 4.57.6}, {@code 2.6.0+cu124} or {@code 0.4}; what is not a number ends it. */
  public static Version parse(String text) {
    String line = text.strip();
    int[] parts = new int[3];
    int start = 0;
    for (int i = 0; i < parts.length; i++) {
      int end = endOfDigits(line, start);
      if (end == start || end < line.length() && SEPARATORS.indexOf(line.charAt(end)) < 0) {
        break;
      }
      parts[i] = end - start > 9 ? MOST : Integer.parseInt(line, start, end, 10);
      start = end + 1;
    }
    return new Version(parts[0], parts[1], parts[2]);
  }

  private static int endOfDigits(String line, int start) {
    int end = start;
    while (end < line.length() && line.charAt(end) >= '0' && line.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  public boolean atLeast(int wantedMajor, int wantedMinor) {
    return compareTo(of(wantedMajor, wantedMinor)) >= 0;
  }

  @Override
  public int compareTo(Version other) {
    int byMajor = Integer.compare(major, other.major);
    int byMinor = Integer.compare(minor, other.minor);
    return byMajor != 0 ? byMajor : byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Version version && compareTo(version) == 0;
  }

  /** By hand, as {@link #equals}: tables of versions are made when a program starts. */
  @Override
  public int hashCode() {
    return (major * 31 + minor) * 31 + patch;
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
