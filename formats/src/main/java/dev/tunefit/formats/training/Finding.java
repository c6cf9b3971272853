package dev.tunefit.formats.training;

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

  /** The place and the message in one line. */
  public String text() {
    String place = line > 0 ? file + " line " + line : file;
    return place + ": " + message;
  }
}
