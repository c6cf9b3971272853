package dev.vramcast.formats.training;

import dev.vramcast.core.input.Place;

/**
 * Something to know about a training file.
 *
 * @param file its name
 * @param line of the key; 0 when the finding is about a key that is missing, or about the file
 * @param key in the words of the format, with dots between sections
 * @param value as the file gives it; empty where there is none
 * @param message one line without the place
 */
public record Finding(
    FindingCode code, String file, int line, String key, String value, String message) {

  private static final int LONGEST = 600;

  public Finding {
    key = plain(key);
    value = plain(value);
    message = plain(message);
  }

  /** The place and the message in one line. */
  public String text() {
    return Place.of(file, line).text() + ": " + message;
  }

  /** What a file holds may be anything; a finding is one line. */
  private static String plain(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}\\p{Cf}]+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
  }
}
