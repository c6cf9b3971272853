package dev.vramcast.server;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.Shown;
import dev.vramcast.server.mcp.EventStream;
import dev.vramcast.server.mcp.Message;
import dev.vramcast.server.mcp.MessageException;
import dev.vramcast.server.mcp.Protocol;
import dev.vramcast.server.work.ProblemException;
import dev.vramcast.server.work.QueuedToolExecutor;
import dev.vramcast.server.work.Work;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The tools over streamable HTTP without sessions: each message is a request of its own, whose
 * answer is one JSON object, or a stream of events where it asks to be told how far it is.
 */
final class McpRoute {

  static final String PATH = "/mcp";

  private static final String VERSION = "MCP-Protocol-Version";
  private static final String SESSION = "Mcp-Session-Id";
  private static final String INITIALIZE = "initialize";
  private static final String EVENTS = "text/event-stream";

  private final DueRequests due = new DueRequests();

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
          network,
          Protocol.of(
              new QueuedToolExecutor(work, network, settings.clock(), settings.prices()), network));
    }
    this.mostBytes = settings.maxBodyBytes();
    this.local = local;
  }

  void addTo(RoutesConfig routes) {
    routes.post(PATH, this::take);
    // Nothing is sent unasked, and a session is no more than a name to cancel by.
  }

  private void take(Context context) {
    checkOrigin(context);
    Protocol protocol = Objects.requireNonNull(protocols.get(access.of(context)));
    checkVersion(context, protocol);
    byte[] body = RequestBody.bytes(context, mostBytes);
    context.header("Cache-Control", "no-store");
    try {
      Message message = Message.read(body);
      String asker = asker(context);
      message.cancelled().ifPresent(id -> due.cancel(new DueRequests.Key(asker, id)));
      if (message.request().isEmpty()) {
        context.status(202);
        return;
      }
      answer(protocol, message.request().get(), asker, context);
    } catch (MessageException e) {
      context.status(400);
      json(protocol.refusal(e), context);
    }
  }

  private void answer(Protocol protocol, JSONRPCRequest request, String asker, Context context) {
    if (request.method().equals(INITIALIZE)) {
      context.header(SESSION, UUID.randomUUID().toString());
    }
    if (Protocol.asksForProgress(request) && acceptsEvents(context)) {
      EventStream events = new EventStream();
      CompletableFuture<byte[]> answer = protocol.answer(request, events::send);
      due.add(new DueRequests.Key(asker, request.id()), answer);
      stream(events, finished(protocol, request, answer), context);
      return;
    }
    CompletableFuture<byte[]> answer = protocol.answer(request);
    due.add(new DueRequests.Key(asker, request.id()), answer);
    context.future(
        () -> finished(protocol, request, answer).thenAccept(json -> json(json, context)));
  }

  private static CompletableFuture<byte[]> finished(
      Protocol protocol, JSONRPCRequest request, CompletableFuture<byte[]> answer) {
    return answer.exceptionally(failure -> cancelled(protocol, request, failure));
  }

  private static boolean acceptsEvents(Context context) {
    String accepted = context.header("Accept");
    return accepted != null && accepted.contains(EVENTS);
  }

  /** Events before the answer, which is the last of them. */
  private static void stream(
      EventStream events, CompletableFuture<byte[]> answer, Context context) {
    context.contentType(EVENTS);
    context.future(
        () -> {
          events.open(output(context));
          return answer.thenAccept(events::send);
        });
  }

  private static OutputStream output(Context context) {
    try {
      return context.res().getOutputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] cancelled(Protocol protocol, JSONRPCRequest request, Throwable failure) {
    if (failure instanceof CancellationException) {
      return protocol.cancelled(request);
    }
    throw new CompletionException(failure);
  }

  /** Ids are a client's own; a name that it was given tells it from others of its address. */
  private static String asker(Context context) {
    String session = context.header(SESSION);
    return session == null ? context.ip() : session;
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
