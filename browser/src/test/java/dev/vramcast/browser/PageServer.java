package dev.vramcast.browser;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.answers.serve.ServerProgram.Running;
import dev.vramcast.server.VramcastServer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** The server with its page, on a free port of this machine. */
record PageServer(Running running) implements AutoCloseable {

  /** A day after every date in the price lists. */
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

  /** Whether the build made the page, which it leaves out without Node. */
  static boolean hasPage() {
    return PageServer.class.getResource("/dev/vramcast/web/index.html") != null;
  }

  static PageServer start() {
    return new PageServer(new VramcastServer().start(ServeSettings.usual(CLOCK)));
  }

  /** The address of the page. */
  String url() {
    return running.address() + "/";
  }

  @Override
  public void close() {
    running.stop();
  }
}
