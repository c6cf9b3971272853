package dev.vramcast.server.work;

import dev.vramcast.core.input.Shown;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The log of the server on standard error: a line for each record, whatever is in it. Of the server
 * below it only warnings are told.
 */
public final class ServerLog {

  /**
   * Held here, since a logger that nobody holds forgets what it was told. What the other two say is
   * answered to whoever asked, or told by this program.
   */
  private static final Map<Logger, Level> LEVELS =
      Map.of(
          Logger.getLogger("dev.vramcast.server"), Level.WARNING,
          Logger.getLogger("org.eclipse.jetty"), Level.WARNING,
          Logger.getLogger("io.javalin"), Level.OFF,
          Logger.getLogger("io.modelcontextprotocol"), Level.OFF);

  private ServerLog() {}

  /** Begins to write, once for all servers of the process. */
  public static synchronized void begin() {
    LEVELS.forEach(
        (logger, level) -> {
          logger.setUseParentHandlers(false);
          logger.setLevel(level);
          if (logger.getHandlers().length == 0) {
            logger.addHandler(new Lines());
          }
        });
  }

  /** The line of a record, without its line feed. */
  static String line(LogRecord record) {
    Instant time = record.getInstant().truncatedTo(ChronoUnit.SECONDS);
    String message = String.valueOf(record.getMessage());
    Throwable thrown = record.getThrown();
    return Shown.printable(
        "vramcast: "
            + time
            + " "
            + record.getLevel().getName()
            + " "
            + message
            + (thrown == null ? "" : ": " + Mistakes.text(thrown)));
  }

  /** Writes to what standard error is at that moment. */
  private static final class Lines extends Handler {

    @Override
    public void publish(LogRecord record) {
      if (isLoggable(record)) {
        PrintStream err = System.err;
        err.print(line(record) + "\n");
        err.flush();
      }
    }

    @Override
    public void flush() {
      System.err.flush();
    }

    @Override
    public void close() {
      // Standard error stays open.
    }
  }
}
