package dev.vramcast.bench;

import dev.vramcast.answers.text.JsonText;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Asks a server for estimates at a steady rate, whether it keeps up or not, and tells how long it
 * took: from the moment a request was due to the last byte of its answer, so that a server that
 * stalls cannot hide it.
 */
public final class Load {

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e3;

  private final URI server;
  private final int kinds;
  private final Histogram times = new ConcurrentHistogram(60_000_000, 3);
  private final AtomicLong next = new AtomicLong();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();

  private Load(URI server, int kinds) {
    this.server = server;
    this.kinds = kinds;
  }

  /**
   * Runs.
   *
   * @param args the server's address, requests a second, seconds, connections, and how many
   *     different jobs are asked for
   */
  public static void main(String[] args) throws InterruptedException {
    Load load = new Load(URI.create(args[0]), Integer.parseInt(args[4]));
    int rate = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    load.run(rate, seconds, Integer.parseInt(args[3]));
  }

  private void run(int rate, int seconds, int connections) throws InterruptedException {
    long start = System.nanoTime();
    long count = (long) rate * seconds;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Thread thread = new Thread(() -> ask(start, rate, count));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double took = (System.nanoTime() - start) / NANOS;
    System.out.printf(
        "%d requests in %.1f s: %.0f a second, %d refused, %d failed%n",
        times.getTotalCount(), took, times.getTotalCount() / took, refused.get(), failed.get());
    for (double share : new double[] {50, 90, 99, 99.9, 100}) {
      System.out.printf("p%s %.2f ms%n", share, times.getValueAtPercentile(share) / MICROS);
    }
  }

  private void ask(long start, int rate, long count) {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      for (long i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        long due = start + (long) (i * NANOS / rate);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        socket.getOutputStream().write(request(i));
        if (answer(in) != 200) {
          refused.incrementAndGet();
        }
        times.recordValue((System.nanoTime() - due) / 1_000);
      }
    } catch (IOException e) {
      failed.incrementAndGet();
    }
  }

  private byte[] request(long number) {
    String body = JsonText.line(RandomJobs.fields(number % kinds));
    return ("POST /api/v1/estimate HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads one answer whole; returns its status. */
  private static int answer(InputStream in) throws IOException {
    String line = line(in);
    int status = Integer.parseInt(line.substring(9, 12));
    int length = -1;
    while (!(line = line(in)).isEmpty()) {
      if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    if (length >= 0) {
      in.skipNBytes(length);
    } else {
      skipChunks(in);
    }
    return status;
  }

  private static void skipChunks(InputStream in) throws IOException {
    int size;
    do {
      size = Integer.parseInt(line(in), 16);
      in.skipNBytes(size + 2);
    } while (size > 0);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
