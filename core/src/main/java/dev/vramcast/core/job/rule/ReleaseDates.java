package dev.vramcast.core.job.rule;

import dev.vramcast.core.job.document.SupportedVersions;
import dev.vramcast.core.units.Version;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which PyTorch and Liger were current when a Transformers was released, from the release dates on
 * the Python package index.
 */
final class ReleaseDates {

  /** First Transformers release at whose time that PyTorch was the newest. */
  private static final NavigableMap<Version, String> TORCH_BY_TRANSFORMERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(Version.of(4, 0), "1.7"),
              Map.entry(Version.of(4, 4), "1.8"),
              Map.entry(Version.of(4, 7), "1.9"),
              Map.entry(Version.of(4, 13), "1.10"),
              Map.entry(Version.of(4, 18), "1.11"),
              Map.entry(Version.of(4, 21), "1.12"),
              Map.entry(Version.of(4, 25), "1.13"),
              Map.entry(Version.of(4, 28), "2.0"),
              Map.entry(Version.of(4, 35), "2.1"),
              Map.entry(Version.of(4, 38), "2.2"),
              Map.entry(Version.of(4, 41), "2.3"),
              Map.entry(Version.of(4, 44), "2.4"),
              Map.entry(Version.of(4, 46), "2.5"),
              Map.entry(Version.of(4, 49), "2.6"),
              Map.entry(Version.of(4, 52), "2.7"),
              Map.entry(Version.of(4, 55), "2.8"),
              Map.entry(Version.of(5, 0), SupportedVersions.TORCH)));

  /** As {@link #TORCH_BY_TRANSFORMERS}, of the releases of Liger whose code differs. */
  private static final NavigableMap<Version, Version> LIGER_BY_TRANSFORMERS =
      new TreeMap<>(
          Map.of(
              Version.of(4, 0), Version.of(0, 7),
              Version.of(5, 8), Version.parse("0.8.0"),
              Version.of(5, 14), Version.parse("0.8.1"),
              Version.of(5, 18), Version.parse("0.8.4")));

  private ReleaseDates() {}

  /** The Liger that was newest when this Transformers came out. */
  static Version ligerOf(Version transformers) {
    Map.Entry<Version, Version> entry = LIGER_BY_TRANSFORMERS.floorEntry(transformers);
    return (entry == null ? LIGER_BY_TRANSFORMERS.firstEntry() : entry).getValue();
  }

  /** The PyTorch that was newest when this Transformers came out. */
  static String torchOf(Version transformers) {
    Map.Entry<Version, String> entry = TORCH_BY_TRANSFORMERS.floorEntry(transformers);
    return (entry == null ? TORCH_BY_TRANSFORMERS.firstEntry() : entry).getValue();
  }
}
