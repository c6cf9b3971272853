package dev.vramcast.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.server.TestServer;
import dev.vramcast.server.work.Bounds;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send a byte now and then, and the others. */
@Timeout(300)
@Tag("slow")
class SlowClientsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Bounds PATIENT = new Bounds(1, 8, LONG, LONG);
  private static final Bounds HASTY = new Bounds(1, 8, LONG, Duration.ofMillis(400));

  private static final String HEADERS = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Drop: ";
  private static final String BODY =
      "POST /api/v1/estimate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: 10000\r\n\r\n{";
  private static final String CHUNKS =
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n";

  @Test
  void five_hundred_of_them_keep_nobody_waiting() throws IOException {
    try (TestServer server = TestServer.start(TestServer.SETTINGS, PATIENT)) {
      List<Socket> slow = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        slow.add(connected(server, i % 3 == 0 ? HEADERS : i % 3 == 1 ? BODY : CHUNKS));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
        slow.removeIf(each -> !drips(each));
        assertThat(slow).as("those that are slow still").isNotEmpty();
      }
      assertThat(server.post("estimate", "{}").statusCode()).isEqualTo(422);
      for (Socket each : slow) {
        each.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {HEADERS, BODY, CHUNKS})
  void what_comes_without_a_pause_but_without_an_end_is_cut_off(String start)
      throws IOException, InterruptedException {
    try (TestServer server = TestServer.start(TestServer.SETTINGS, HASTY);
        Socket socket = connected(server, start)) {
      boolean open = true;
      for (int i = 0; i < 100 && open; i++) {
        Thread.sleep(50);
        open = goesOn(socket);
      }
      assertThat(open).isFalse();
    }
  }

  @Test
  void a_connection_that_waits_for_its_next_request_is_left_alone()
      throws IOException, InterruptedException {
    try (TestServer server = TestServer.start(TestServer.SETTINGS, HASTY);
        Socket socket = connected(server, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      Thread.sleep(1_500);
      socket
          .getOutputStream()
          .write(
              "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.ISO_8859_1));
      String both = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(both.split("HTTP/1.1 200 OK", -1)).hasSize(3);
    }
  }

  @Test
  void what_is_asked_when_the_server_stops_is_answered_or_refused()
      throws InterruptedException, ExecutionException {
    TestServer server = TestServer.start(TestServer.SETTINGS, PATIENT);
    String heavy =
        "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"}, \"data\": {\"tokens\": 1e8}},"
            + " \"methods\": \"full,lora\", \"all\": true, \"by\": \"cost\"}";
    List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      asked.add(
          server
              .client()
              .sendAsync(
                  server
                      .request("/api/v1/plan")
                      .header("Content-Type", "application/json")
                      .POST(BodyPublishers.ofString(heavy))
                      .build(),
                  BodyHandlers.ofString()));
    }
    TimeUnit.MILLISECONDS.sleep(300);
    server.close();

    for (CompletableFuture<HttpResponse<String>> each : asked) {
      assertThat(each.get().statusCode()).isIn(200, 503);
    }
  }

  private static Socket connected(TestServer server, String start) throws IOException {
    URI address = URI.create(server.running().address());
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", address.getPort()));
    socket.setSoTimeout(15_000);
    socket.getOutputStream().write(start.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return socket;
  }

  private static boolean drips(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return true;
    } catch (IOException e) {
      // What drips is no chunk, and is refused.
      return false;
    }
  }

  /** Sends one byte more; false when the server has ended the connection. */
  private static boolean goesOn(Socket socket) throws IOException {
    try {
      socket.getOutputStream().write('x');
      InputStream in = socket.getInputStream();
      return in.available() == 0 || in.read() >= 0 && in.available() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
