package dev.vramcast.core.job.document;

/**
 * What holds when a key is left out and no framework says otherwise.
 *
 * @param literal the text is a value; otherwise it describes the rule that finds one
 * @param text as shown in help and documentation
 */
public record Fallback(boolean literal, String text) {

  /** A fixed value. */
  static Fallback is(String value) {
    return new Fallback(true, value);
  }

  /** A rule, in words. */
  static Fallback rule(String words) {
    return new Fallback(false, words);
  }

  /** For help texts; an empty list reads {@code none}. */
  public String shown() {
    return text.isEmpty() ? "none" : text;
  }
}
