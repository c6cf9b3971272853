package dev.vramcast.catalog.source;

import dev.vramcast.catalog.source.ModelRequest.Network;
import java.util.Optional;

/** Requests without a revision. */
final class ModelRequests {

  private ModelRequests() {}

  /** Anything on this machine first, then the Hub. */
  static ModelRequest of(String text) {
    return new ModelRequest(text, Optional.empty(), Network.ALLOWED);
  }

  /** As {@link #of}, without the Hub. */
  static ModelRequest offline(String text) {
    return new ModelRequest(text, Optional.empty(), Network.FORBIDDEN);
  }
}
