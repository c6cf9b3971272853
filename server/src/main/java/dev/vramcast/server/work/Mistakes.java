package dev.vramcast.server.work;

import dev.vramcast.core.input.Shown;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells the operator of mistakes of this program, under a number that the answer names. Of what was
 * asked a message may hold a short piece, and nothing in it can look like a line of its own.
 */
public final class Mistakes {

  private static final Logger LOG = Logger.getLogger("dev.vramcast.server");

  private static final int MOST_FRAMES = 40;
  private static final int MOST_CAUSES = 5;

  private Mistakes() {}

  /** Tells of one; its number has eight hexadecimal digits. */
  public static String tell(Throwable failure) {
    String number = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    LOG.log(Level.SEVERE, () -> "mistake " + number + ": " + text(failure));
    return number;
  }

  /** What a failure is and where it came from, in one line. */
  static String text(Throwable failure) {
    StringBuilder text = new StringBuilder();
    Throwable each = failure;
    for (int causes = 0; each != null && causes < MOST_CAUSES; causes++) {
      text.append(causes == 0 ? "" : "; because of ").append(each.getClass().getName());
      if (each.getMessage() != null) {
        text.append(": ").append(Shown.oneLine(each.getMessage()));
      }
      StackTraceElement[] frames = each.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, MOST_FRAMES); i++) {
        text.append(" at ").append(frames[i]);
      }
      each = each.getCause();
    }
    return text.toString();
  }
}
