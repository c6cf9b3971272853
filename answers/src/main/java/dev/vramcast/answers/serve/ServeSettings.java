package dev.vramcast.answers.serve;

import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.catalog.source.ModelRequest.Network;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server runs.
 *
 * @param bind address or name of the interface to listen on
 * @param port 0 for any that is free
 * @param maxBodyBytes requests with a longer body are refused
 * @param timeLimit of one answer, without the time that it waits for its turn
 * @param network what the Hub may be used for
 * @param clock tells how old prices are
 * @param token without which a request has the Hub not asked; empty where everybody's has
 * @param prices that were fetched on this machine
 */
public record ServeSettings(
    String bind,
    int port,
    int maxBodyBytes,
    Duration timeLimit,
    Network network,
    Clock clock,
    Optional<AccessToken> token,
    KeptPrices prices) {

  /** Settings without prices that were fetched. */
  public ServeSettings(
      String bind,
      int port,
      int maxBodyBytes,
      Duration timeLimit,
      Network network,
      Clock clock,
      Optional<AccessToken> token) {
    this(bind, port, maxBodyBytes, timeLimit, network, clock, token, KeptPrices.NONE);
  }

  /** This machine alone. */
  public static final String LOOPBACK = "127.0.0.1";

  public static final int USUAL_PORT = 8383;
  public static final int USUAL_BODY_BYTES = 1 << 20;
  public static final Duration USUAL_TIME_LIMIT = Duration.ofSeconds(30);

  /** As it runs without a token. */
  public ServeSettings(
      String bind, int port, int maxBodyBytes, Duration timeLimit, Network network, Clock clock) {
    this(bind, port, maxBodyBytes, timeLimit, network, clock, Optional.empty());
  }
}
