package dev.vramcast.catalog.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on this machine that plays the Hub, and notes who asked with which token. */
final class HubServer implements AutoCloseable {

  /** How to answer one request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  HubServer(Answer answer) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String token = exchange.getRequestHeaders().getFirst("Authorization");
          tokens.put(exchange.getRequestURI().getPath(), token == null ? "none" : token);
          try {
            answer.to(exchange);
          } finally {
            exchange.close();
          }
        });
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The authorization of the last request for a path, {@code none}, or null for no request. */
  String tokenFor(String path) {
    return tokens.get(path);
  }

  int requests() {
    return tokens.size();
  }

  static Answer json(String body) {
    return exchange -> send(exchange, 200, body.getBytes(StandardCharsets.UTF_8));
  }

  static Answer status(int status) {
    return exchange -> send(exchange, status, new byte[0]);
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
