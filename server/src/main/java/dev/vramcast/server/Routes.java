package dev.vramcast.server;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;

/** How resources are served. */
final class Routes {

  private Routes() {}

  /** Serves what is got, and its headers alone to whoever asks for those (RFC 9110, 9.3.2). */
  static void get(RoutesConfig routes, String path, Handler handler) {
    routes.get(path, handler);
    routes.head(path, handler);
  }
}
