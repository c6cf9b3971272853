package dev.vramcast.server.work;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A crowd that asks a server on this machine, so that what reads, refuses and writes has been
 * compiled before anybody else's crowd comes: until then it takes some ten times as long, and the
 * first seconds of a storm keep even {@code /health} waiting.
 */
public final class Rehearsal {

  private static final int CONNECTIONS = 16;
  private static final int REQUESTS_OF_EACH = 64;

  /** Of silence. */
  private static final int PATIENCE_MILLIS = 1_000;

  private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /** No job, so that nothing is computed. */
  private static final String BODY = "{\"job\": {\"model\": {\"id\": 1}}}";

  private static final String ESTIMATE =
      "POST /api/v1/estimate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: "
          + BODY.length()
          + "\r\n%s\r\n"
          + BODY;

  private Rehearsal() {}

  /** Asks, and returns when all is answered or nothing comes any more; nothing of it matters. */
  public static void ask(int port) {
    ask(port, PATIENCE_MILLIS);
  }

  /**
   * As {@link #ask(int)}.
   *
   * @param patience milliseconds of silence after which nothing more is awaited
   */
  public static void ask(int port, int patience) {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patience);
        socket.setSoTimeout(patience);
        socket.getOutputStream().write(requests().getBytes(StandardCharsets.US_ASCII));
      }
      for (Socket socket : sockets) {
        socket.getInputStream().readAllBytes();
      }
    } catch (IOException e) {
      // Then it is not compiled, and works all the same.
    } finally {
      sockets.forEach(Rehearsal::close);
    }
  }

  /** One behind the other, the last of which closes the connection. */
  static String requests() {
    return (HEALTH + ESTIMATE.formatted("")).repeat(REQUESTS_OF_EACH)
        + ESTIMATE.formatted("Connection: close\r\n");
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone all the same.
    }
  }
}
