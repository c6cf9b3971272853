package dev.vramcast.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Asks a server for more than it can answer: so many different estimates a second, each due at its
 * moment whatever became of those before it, over as many connections as are waited on. Beside them
 * {@link HealthChecks} are made, and slow clients hold connections on which a byte comes now and
 * then. One thread asks all else without waiting for any answer.
 */
public final class Storm {

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e3;

  /** With those of slow clients fewer than a server takes. */
  private static final int MOST_CONNECTIONS = 450;

  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private static final String[] MODELS = {"llama-3.1-8b", "qwen2.5-7b", "gpt2", "llama-3.2-1b"};
  private static final String[] METHODS = {"full", "lora", "qlora"};

  private final InetSocketAddress server;
  private final Selector selector = Selector.open();
  private final Deque<Client> idle = new ArrayDeque<>();
  private final Map<Integer, Integer> statuses = new TreeMap<>();
  private final Histogram times = new Histogram(60_000_000, 3);
  private final long first = System.nanoTime() / 1_000_000 % 1_000_000;
  private int connections;
  private int waiting;
  private int unsent;
  private int broken;

  private Storm(URI address) throws IOException {
    server = new InetSocketAddress(address.getHost(), address.getPort());
  }

  /**
   * Runs.
   *
   * @param args the server's address, requests a second, seconds, slow clients, and the server's
   *     process, whose resident memory is told
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Storm storm = new Storm(URI.create(args[0]));
    storm.slowClients(Integer.parseInt(args[3]));
    storm.run(Integer.parseInt(args[1]), Integer.parseInt(args[2]), Path.of("/proc", args[4]));
  }

  /** A connection with one question on it, or none. */
  private final class Client {

    private final SelectionKey key;
    private final ByteBuffer in = ByteBuffer.allocate(1 << 18);
    private ByteBuffer out = ByteBuffer.allocate(0);
    private Histogram told = times;
    private long due;
    private boolean used;

    Client() throws IOException {
      SocketChannel channel = SocketChannel.open();
      channel.configureBlocking(false);
      channel.connect(server);
      key = channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    void ask(ByteBuffer request, long when, Histogram histogram) {
      out = request;
      in.clear();
      due = when;
      told = histogram;
      waiting++;
      if (channel().isConnected()) {
        key.interestOps(SelectionKey.OP_WRITE);
      }
    }

    private SocketChannel channel() {
      return (SocketChannel) key.channel();
    }

    void ready() {
      try {
        if (key.isConnectable()) {
          channel().finishConnect();
          key.interestOps(SelectionKey.OP_WRITE);
        } else if (key.isWritable()) {
          channel().write(out);
          key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        } else if (channel().read(in) < 0) {
          end();
        } else if (isWhole()) {
          told.recordValue(Math.max(0, System.nanoTime() - due) / 1_000);
          waiting--;
          key.interestOps(0);
          used = true;
          idle.push(this);
        }
      } catch (IOException e) {
        end();
      }
    }

    private void end() {
      waiting--;
      connections--;
      try {
        channel().close();
        // The server may close a connection on which nothing was asked for long.
        if (used && in.position() == 0) {
          out.rewind();
          again(out, due, told);
          return;
        }
      } catch (IOException e) {
        // It is gone all the same.
      }
      broken++;
    }

    /** Whether an answer of a length that it tells is there, or one in chunks. */
    private boolean isWhole() {
      String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
      int head = text.indexOf("\r\n\r\n");
      if (head < 0) {
        return false;
      }
      int length = text.indexOf("Content-Length: ");
      boolean whole =
          length >= 0 && length < head
              ? in.position() >= head + 4 + number(text, length + 16)
              : text.endsWith("\r\n0\r\n\r\n");
      if (whole && told == times) {
        statuses.merge(number(text, 9), 1, Integer::sum);
      }
      return whole;
    }
  }

  private static int number(String text, int from) {
    int to = from;
    while (Character.isDigit(text.charAt(to))) {
      to++;
    }
    return Integer.parseInt(text.substring(from, to));
  }

  private void slowClients(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      SocketChannel slow = SocketChannel.open(server);
      String start = i % 2 == 0 ? "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " : posted(9_999);
      slow.write(ByteBuffer.wrap(start.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private void run(int rate, int seconds, Path process) throws IOException, InterruptedException {
    Histogram before = new Histogram(60_000_000, 3);
    one(question(-1), before);
    System.out.printf("before: %.0f ms, %s%n", before.getMaxValue() / MICROS, memory(process));
    HealthChecks checks = HealthChecks.begin(server);
    storm(rate, seconds, process);
    Histogram health = checks.end();
    System.out.printf("answers: %s, unsent: %d, broken: %d%n", statuses, unsent, broken);
    show("estimates", times);
    show("/health", health);
    Histogram after = new Histogram(60_000_000, 3);
    one(question(-2), after);
    System.out.printf("first after: %.0f ms, %s%n", after.getMaxValue() / MICROS, memory(process));
  }

  private void storm(int rate, int seconds, Path process) throws IOException {
    long start = System.nanoTime();
    long count = (long) rate * seconds;
    long sent = 0;
    long told = 1;
    while (sent < count || waiting > 0) {
      long now = System.nanoTime() - start;
      for (; sent < count && sent * NANOS / rate <= now; sent++) {
        ask(question(sent), start + (long) (sent * NANOS / rate), times);
      }
      if (now > told * 5 * NANOS) {
        System.out.printf("%d s: %d waiting, %s%n", told * 5, waiting, memory(process));
        told++;
      }
      if (now > seconds * NANOS + PATIENCE_NANOS) {
        System.out.println(waiting + " never answered");
        return;
      }
      turn();
    }
  }

  private void one(String request, Histogram histogram) throws IOException {
    ask(request, System.nanoTime(), histogram);
    while (waiting > 0) {
      turn();
    }
  }

  private void turn() throws IOException {
    selector.select(key -> ((Client) key.attachment()).ready(), 1);
  }

  private void ask(String request, long due, Histogram histogram) throws IOException {
    Client client = idle.poll();
    if (client == null && connections == MOST_CONNECTIONS) {
      unsent++;
      return;
    }
    if (client == null) {
      client = new Client();
      connections++;
    }
    client.ask(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)), due, histogram);
  }

  private void again(ByteBuffer request, long due, Histogram histogram) throws IOException {
    Client client = new Client();
    connections++;
    client.ask(request, due, histogram);
  }

  private static void show(String what, Histogram histogram) {
    System.out.printf("%s:", what);
    for (double share : new double[] {50, 90, 99, 99.9, 100}) {
      System.out.printf(" p%s %.0f ms", share, histogram.getValueAtPercentile(share) / MICROS);
    }
    System.out.println();
  }

  private static String memory(Path process) throws IOException {
    return Files.readAllLines(process.resolve("status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .map(
            line ->
                "resident " + number(line.replaceAll("\\D+", "").concat(" "), 0) / 1024 + " MiB")
        .findFirst()
        .orElse("");
  }

  /** A job that nobody else asks for, nor did a storm before. */
  private String question(long number) {
    int n = (int) (first + number + 2);
    String body =
        ("{\"job\": {\"model\": {\"id\": \"%s\"}, \"method\": \"%s\", \"batch\": {\"micro_batch\":"
                + " %d, \"sequence_length\": %d}, \"hardware\": {\"gpu\": \"h100\"}}}")
            .formatted(MODELS[n % 4], METHODS[n / 4 % 3], 1 + n / 12 % 4, 128 + n / 48);
    return posted(body.length()) + body;
  }

  private static String posted(int length) {
    return "POST /api/v1/estimate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: "
        + length
        + "\r\n\r\n";
  }
}
