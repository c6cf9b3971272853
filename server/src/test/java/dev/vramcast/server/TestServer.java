package dev.vramcast.server;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.answers.serve.ServerProgram.Running;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import dev.vramcast.server.work.Bounds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on a free port, and a client that talks to it over HTTP. */
public record TestServer(Running running, HttpClient client) implements AutoCloseable {

  /** A day after every date in the price lists. */
  public static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-25T12:00:00Z"), ZoneOffset.UTC);

  public static final ServeSettings SETTINGS = ServeSettings.usual(CLOCK);

  public static TestServer start() {
    return start(SETTINGS);
  }

  public static TestServer start(ServeSettings settings) {
    return start(settings, Bounds.usual());
  }

  static TestServer start(ClassLoader files) {
    return start(SETTINGS, Bounds.usual(), files);
  }

  public static TestServer start(ServeSettings settings, Bounds bounds) {
    return start(settings, bounds, TestServer.class.getClassLoader());
  }

  private static TestServer start(ServeSettings settings, Bounds bounds, ClassLoader files) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    return new TestServer(VramcastServer.start(settings, bounds, files), client);
  }

  /** Where commands print plainly on the day of the clock, and know the server's steps. */
  public Console console(PrintWriter out) {
    return new Console(
        out,
        new PrintWriter(new StringWriter()),
        new Terminal(Terminal.PLAIN_WIDTH, false, true),
        new Environment(CLOCK, Map.of(), ((RunningServer) running).work().steps()));
  }

  public HttpResponse<String> get(String path) {
    return send(request(path).GET());
  }

  public HttpResponse<String> post(String operation, String json) {
    return postTo(Api.ROOT + operation, json);
  }

  /** Asks as Kubernetes does. */
  public HttpResponse<String> admit(String json) {
    return postTo(Api.ADMISSION, json);
  }

  private HttpResponse<String> postTo(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(running.address() + path))
        .timeout(Duration.ofSeconds(120));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.builder().build().readTree(response.body());
  }

  @Override
  public void close() {
    running.stop();
  }
}
