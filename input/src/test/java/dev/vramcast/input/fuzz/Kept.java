package dev.vramcast.input.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * Inputs that reached something new when a target was looked at for long. They are resources beside
 * the test, {@code corpus/TARGET.txt}: the number of inputs that were tried, and a line of base64
 * for each that is kept.
 */
final class Kept {

  private static final int LONGEST_LINE = 1_600;
  private static final int LONGEST_FILE = 24_000;

  private Kept() {}

  /** Those of a target; none where it was never looked at. */
  static List<byte[]> of(Class<?> target, String name) {
    try (InputStream in = target.getResourceAsStream("corpus/" + file(name))) {
      return in == null
          ? List.of()
          : read(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The inputs of such a file. */
  static List<byte[]> read(String file) {
    return file.lines().skip(1).map(Base64.getDecoder()::decode).toList();
  }

  /** Such a file. */
  static String written(long tried, List<byte[]> found) {
    StringBuilder lines = new StringBuilder().append(tried).append(" tried\n");
    found.stream()
        .map(Base64.getEncoder()::encodeToString)
        .filter(line -> line.length() <= LONGEST_LINE)
        .sorted(Comparator.comparing(String::length))
        .takeWhile(line -> lines.length() + line.length() < LONGEST_FILE)
        .forEach(line -> lines.append(line).append('\n'));
    return lines.toString();
  }

  /** Writes what was found, where somebody asked for it. */
  static void report(String name, long tried, List<byte[]> found) {
    String folder = System.getProperty("vramcast.fuzz.report", "");
    if (folder.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(Path.of(folder));
      Files.writeString(Path.of(folder, file(name)), written(tried, found));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file(String name) {
    return name.replaceAll("[^A-Za-z0-9]+", "-") + ".txt";
  }
}
