package dev.vramcast.answers.terminal;

/** A horizontal bar of text, to an eighth of a character where there is Unicode. */
public final class Bar {

  private static final String EIGHTHS = " ▏▎▍▌▋▊▉█";

  private Bar() {}

  /**
   * A bar of {@code value / whole} of the width; what is not zero shows at least a trace. Empty
   * where bars are not wanted.
   */
  public static String of(double value, double whole, int width, Terminal terminal) {
    if (!terminal.bars()) {
      return "";
    }
    double share = whole <= 0 ? 0 : Math.max(0, Math.min(1, value / whole));
    if (!terminal.unicode()) {
      int signs = (int) Math.round(share * width);
      return "#".repeat(share > 0 ? Math.max(1, signs) : 0);
    }
    int eighths = (int) Math.round(share * width * 8);
    if (share > 0 && eighths == 0) {
      eighths = 1;
    }
    String rest = eighths % 8 == 0 ? "" : String.valueOf(EIGHTHS.charAt(eighths % 8));
    return "█".repeat(eighths / 8) + rest;
  }
}
