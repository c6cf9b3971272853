package dev.vramcast.catalog.source;

import java.util.Optional;

/**
 * What a user asked for.
 *
 * @param text a path, a catalogue name or a Hub id
 * @param revision branch, tag or commit on the Hub; the embedded catalogue is left out when given
 * @param network what the Hub may be used for
 */
public record ModelRequest(String text, Optional<String> revision, Network network) {

  /** When to talk to the Hub. */
  public enum Network {
    /** Never. */
    FORBIDDEN,
    /** When nothing on this machine knows the model. */
    ALLOWED,
    /** At once: leave out the embedded catalogue and all caches. */
    PREFERRED
  }

  String revisionOrMain() {
    return revision.orElse("main");
  }
}
