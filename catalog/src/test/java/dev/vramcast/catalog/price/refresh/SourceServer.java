package dev.vramcast.catalog.price.refresh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that answers as publishers of prices do. */
final class SourceServer implements AutoCloseable {

  /** How to answer a request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, String> requests = new ConcurrentHashMap<>();

  SourceServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.put(path, exchange.getRequestMethod() + " " + body);
          try {
            answers.getOrDefault(path, each -> each.sendResponseHeaders(404, -1)).to(exchange);
          } finally {
            exchange.close();
          }
        });
    server.start();
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Answers a path with a text. */
  void gives(String path, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    answers(
        path,
        exchange -> {
          exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
        });
  }

  void answers(String path, Answer answer) {
    answers.put(path, answer);
  }

  /** Method and body of the last request for a path. */
  Optional<String> request(String path) {
    return Optional.ofNullable(requests.get(path));
  }

  /** A file of answers of the real shape. */
  static String real(String name) throws IOException {
    try (InputStream in = SourceServer.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
