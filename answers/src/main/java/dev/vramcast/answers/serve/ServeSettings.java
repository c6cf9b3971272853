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

  /** This machine alone. */
  public static final String LOOPBACK = "127.0.0.1";

  public static final int USUAL_PORT = 8383;
  public static final int USUAL_BODY_BYTES = 1 << 20;
  public static final Duration USUAL_TIME_LIMIT = Duration.ofSeconds(30);

  /** On this machine alone, on any free port, with the usual limits and nothing of the Hub. */
  public static ServeSettings usual(Clock clock) {
    return new ServeSettings(
        LOOPBACK,
        0,
        USUAL_BODY_BYTES,
        USUAL_TIME_LIMIT,
        Network.FORBIDDEN,
        clock,
        Optional.empty(),
        KeptPrices.NONE);
  }

  /** The same on another interface. */
  public ServeSettings withBind(String other) {
    return new ServeSettings(other, port, maxBodyBytes, timeLimit, network, clock, token, prices);
  }

  /** The same with other limits of a request and its answer. */
  public ServeSettings withLimits(int bodyBytes, Duration time) {
    return new ServeSettings(bind, port, bodyBytes, time, network, clock, token, prices);
  }

  /** The same where requests with a token have the Hub asked. */
  public ServeSettings withHub(AccessToken required) {
    return new ServeSettings(
        bind, port, maxBodyBytes, timeLimit, Network.ALLOWED, clock, Optional.of(required), prices);
  }
}
