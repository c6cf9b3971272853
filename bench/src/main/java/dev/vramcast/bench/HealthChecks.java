package dev.vramcast.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;

/**
 * Asks a server ten times a second whether it is there, as an orchestrator does: on a connection
 * and in a thread of its own, so that what else is asked delays no question.
 */
final class HealthChecks implements Runnable {

  private static final int PAUSE_MILLIS = 100;
  private static final int PATIENCE_MILLIS = 30_000;
  private static final byte[] QUESTION =
      "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final InetSocketAddress server;
  private final Histogram micros = new Histogram(60_000_000, 3);
  private final Thread thread = new Thread(this, "health-checks");
  private volatile boolean over;

  private HealthChecks(InetSocketAddress server) {
    this.server = server;
  }

  static HealthChecks begin(InetSocketAddress server) {
    HealthChecks checks = new HealthChecks(server);
    checks.thread.start();
    return checks;
  }

  /** The times of the answers, in microseconds. */
  Histogram end() throws InterruptedException {
    over = true;
    thread.join();
    return micros;
  }

  @Override
  public void run() {
    try (Socket socket = new Socket()) {
      socket.connect(server, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      while (!over) {
        ask(socket);
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      System.out.println("/health: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Socket socket) throws IOException {
    long start = System.nanoTime();
    socket.getOutputStream().write(QUESTION);
    InputStream in = socket.getInputStream();
    byte[] answer = new byte[4096];
    int length = 0;
    while (!new String(answer, 0, length, StandardCharsets.US_ASCII).strip().endsWith("}")) {
      int read = in.read(answer, length, answer.length - length);
      if (read < 0) {
        throw new IOException("the connection was closed");
      }
      length += read;
    }
    micros.recordValue((System.nanoTime() - start) / 1_000);
  }
}
