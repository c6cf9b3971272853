package dev.vramcast.server;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.Shown;
import dev.vramcast.server.mcp.Message;
import dev.vramcast.server.mcp.MessageException;
import dev.vramcast.server.mcp.Protocol;
import dev.vramcast.server.work.ProblemException;
import dev.vramcast.server.work.QueuedToolExecutor;
import dev.vramcast.server.work.Work;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The tools over streamable HTTP without sessions: each message is a request of its own, whose
 * answer is one JSON object.
 */
final class McpRoute {

  static final String PATH = "/mcp";

  private static final String VERSION = "MCP-Protocol-Version";

  private final Map<Network, Protocol> protocols = new EnumMap<>(Network.class);
  private final HubAccess access;
  private final int mostBytes;
  private final boolean local;

  /**
   * Answers nobody yet.
   *
   * @param local whether only this machine is listened to
   */
  McpRoute(ServeSettings settings, Work work, boolean local) {
    this.access = new HubAccess(settings);
    Set<Network> allowed =
        settings.token().isEmpty()
            ? EnumSet.of(settings.network())
            : EnumSet.of(settings.network(), Network.FORBIDDEN);
    for (Network network : allowed) {
      protocols.put(
          network, Protocol.of(new QueuedToolExecutor(work, network, settings.clock()), network));
    }
    this.mostBytes = settings.maxBodyBytes();
    this.local = local;
  }

  void addTo(RoutesConfig routes) {
    routes.post(PATH, this::take);
    // Nothing is sent unasked, and there is no session to end.
  }

  private void take(Context context) {
    checkOrigin(context);
    Protocol protocol = Objects.requireNonNull(protocols.get(access.of(context)));
    checkVersion(context, protocol);
    byte[] body = RequestBody.bytes(context, mostBytes);
    context.header("Cache-Control", "no-store");
    try {
      Message message = Message.read(body);
      if (message.request().isEmpty()) {
        context.status(202);
        return;
      }
      context.future(
          () -> protocol.answer(message.request().get()).thenAccept(json -> json(json, context)));
    } catch (MessageException e) {
      context.status(400);
      json(protocol.refusal(e), context);
    }
  }

  private static void json(byte[] message, Context context) {
    context.result(message).contentType(RequestBody.JSON);
  }

  /** A page of another site that a browser shows names that site, whatever host it asked. */
  private void checkOrigin(Context context) {
    String origin = context.header("Origin");
    if (origin == null) {
      return;
    }
    Optional<String> authority = authority(origin);
    boolean own = authority.isPresent() && authority.get().equalsIgnoreCase(context.header("Host"));
    if (!own && !(local && authority.filter(BrowserSecurity::isThisMachine).isPresent())) {
      throw new ProblemException(
          403, "the Origin is " + Shown.given(origin) + ", allowed: this server, or none");
    }
  }

  private static Optional<String> authority(String origin) {
    try {
      return Optional.ofNullable(URI.create(origin).getAuthority())
          .map(text -> text.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void checkVersion(Context context, Protocol protocol) {
    String version = context.header(VERSION);
    List<String> known = protocol.protocolVersions();
    if (version != null && !known.contains(version)) {
      throw new ProblemException(
          400, VERSION + " is " + Shown.given(version) + ", allowed: " + String.join(", ", known));
    }
  }
}
