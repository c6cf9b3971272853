package dev.vramcast.core.architecture.traits;

import dev.vramcast.core.units.Version;

/**
 * The releases of Transformers in which something holds. Each bound was read off the first release
 * that has the change.
 *
 * @param from the first of them
 * @param until the first after them
 */
public record Versions(Version from, Version until) {

  private static final Version FIRST = Version.of(0, 0);
  private static final Version NEVER = Version.of(Integer.MAX_VALUE, 0);

  public static final Versions ALL = new Versions(FIRST, NEVER);
  public static final Versions NONE = new Versions(FIRST, FIRST);

  public static Versions since(int major, int minor) {
    return new Versions(Version.of(major, minor), NEVER);
  }

  /** All before a release. */
  public static Versions until(int major, int minor) {
    return until(Version.of(major, minor));
  }

  public static Versions until(Version first) {
    return new Versions(FIRST, first);
  }

  /** These without what is older. */
  public Versions andSince(int major, int minor) {
    return new Versions(Version.of(major, minor), until);
  }

  public boolean contains(Version version) {
    return version.compareTo(from) >= 0 && version.compareTo(until) < 0;
  }
}
