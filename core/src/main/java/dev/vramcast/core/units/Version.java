package dev.vramcast.core.units;

import java.util.regex.Pattern;

/**
 * A library version, compared by its first three numbers; {@code 5.7.0.dev0} equals {@code 5.7.0}.
 */
public record Version(int major, int minor, int patch) implements Comparable<Version> {

  private static final Pattern SEPARATOR = Pattern.compile("[.+\\-]");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** What longer numbers are taken for. */
  private static final int MOST = 999_999_999;

  public static Version of(int major, int minor) {
    return new Version(major, minor, 0);
  }

  /** Reads {@code 4.57.6}, {@code 2.6.0+cu124} or {@code 0.4}; what is not a number ends it. */
  public static Version parse(String text) {
    int[] parts = new int[3];
    String[] words = SEPARATOR.split(text.strip(), 5);
    for (int i = 0; i < Math.min(3, words.length) && isNumber(words[i]); i++) {
      parts[i] = words[i].length() > 9 ? MOST : Integer.parseInt(words[i]);
    }
    return new Version(parts[0], parts[1], parts[2]);
  }

  private static boolean isNumber(String word) {
    return NUMBER.matcher(word).matches();
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
