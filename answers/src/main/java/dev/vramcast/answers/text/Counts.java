package dev.vramcast.answers.text;

/** How large counts are written for people. */
public final class Counts {

  private static final double MILLION = 1e6;
  private static final double BILLION = 1e9;

  private Counts() {}

  /** As {@code 1 offer} or {@code 6 offers}. */
  public static String of(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** As {@code 51.2 million} or {@code 1.50 billion}. */
  public static String tokens(double tokens) {
    if (tokens >= BILLION) {
      return Gib.rounded(tokens / BILLION, 2) + " billion";
    }
    return tokens >= MILLION
        ? Gib.rounded(tokens / MILLION, 1) + " million"
        : Gib.grouped(Math.round(tokens));
  }
}
