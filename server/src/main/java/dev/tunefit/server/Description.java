package dev.tunefit.server;

import io.javalin.config.RoutesConfig;

/** The description of the API, for programs and for people. */
final class Description {

  void addTo(RoutesConfig routes) {}
}
