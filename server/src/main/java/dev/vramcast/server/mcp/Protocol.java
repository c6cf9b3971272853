package dev.vramcast.server.mcp;

import dev.vramcast.answers.Version;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.NearestName;
import dev.vramcast.core.input.Shown;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The protocol without what carries it: a request goes in, its answer comes out. Nothing is kept
 * between requests.
 */
public final class Protocol implements McpStatelessServerTransport {

  private static final int INVALID_PARAMS = -32_602;
  private static final int INTERNAL_ERROR = -32_603;

  /** RequestCancelled of the Language Server Protocol, as JSON-RPC itself has none. */
  private static final int CANCELLED = -32_800;

  private static final String CALL = "tools/call";

  private final McpJsonMapper mapper = new JacksonMcpJsonMapper(JsonMapper.shared());

  /** Null until the SDK gives it, which it does while {@link #of} builds the server. */
  private @Nullable McpStatelessServerHandler handler;

  private Protocol() {}

  /** The tools, with what helps to use them. */
  public static Protocol of(ToolExecutor executor, Network network) {
    Protocol protocol = new Protocol();
    McpServer.async(protocol)
        .serverInfo("vramcast", Version.current())
        .instructions(Guidance.instructions())
        .capabilities(
            ServerCapabilities.builder()
                .tools(false)
                .resources(false, false)
                .prompts(false)
                .build())
        .jsonMapper(protocol.mapper)
        // What is given is checked where it is read, which names field, value and nearest name.
        .validateToolInputs(false)
        .jsonSchemaValidator(new NoSchemaValidation())
        .tools(new Tools(executor, network).all())
        .resources(Guidance.jobSchema(protocol.mapper))
        .prompts(Guidance.willItFit())
        .build();
    return protocol;
  }

  /** Whether a request asks to be told how far it is. */
  public static boolean asksForProgress(JSONRPCRequest request) {
    return Message.progressToken(request).isPresent();
  }

  /** As {@link #answer(JSONRPCRequest, Consumer)}, for those who are not told how far it is. */
  public CompletableFuture<byte[]> answer(JSONRPCRequest request) {
    return answered(request, McpTransportContext.EMPTY);
  }

  /**
   * The answer to a request; to cancel it ends what is being computed.
   *
   * @param told gets the notifications of progress that the request asks for
   */
  public CompletableFuture<byte[]> answer(JSONRPCRequest request, Consumer<byte[]> told) {
    Optional<Object> token = Message.progressToken(request);
    return answered(
        request,
        token
            .map(known -> CallProgress.context(share -> told.accept(progress(known, share))))
            .orElse(McpTransportContext.EMPTY));
  }

  private CompletableFuture<byte[]> answered(JSONRPCRequest request, McpTransportContext context) {
    McpStatelessServerHandler built = Objects.requireNonNull(handler);
    return Mono.defer(() -> built.handleRequest(context, request))
        .onErrorReturn(badParams(request))
        .map(response -> json(plain(response, request)))
        .toFuture();
  }

  /** The answer to what is no request. */
  public byte[] refusal(MessageException refused) {
    Map<String, Object> error = Map.of("code", refused.code(), "message", refused.getMessage());
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("jsonrpc", "2.0");
    response.put("id", refused.id());
    response.put("error", error);
    return json(response);
  }

  /** The answer to a request that was cancelled. */
  public byte[] cancelled(JSONRPCRequest request) {
    return json(
        JSONRPCResponse.error(
            request.id(), new JSONRPCError(CANCELLED, "the request was cancelled")));
  }

  private byte[] progress(Object token, double share) {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("progressToken", token);
    params.put("progress", share);
    params.put("total", 1);
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("jsonrpc", "2.0");
    message.put("method", "notifications/progress");
    message.put("params", params);
    return json(message);
  }

  /** Tools never throw, so what was thrown came from params that the SDK could not read. */
  private static JSONRPCResponse plain(JSONRPCResponse response, JSONRPCRequest request) {
    JSONRPCError error = response.error();
    if (error == null) {
      return response;
    }
    if (error.code() == INTERNAL_ERROR) {
      return badParams(request);
    }
    return error.code() == INVALID_PARAMS && request.method().equals(CALL)
        ? unknownTool(request)
        : response;
  }

  private static JSONRPCResponse badParams(JSONRPCRequest request) {
    return invalid(
        request,
        "the params of " + Shown.given(request.method()) + " are not those of the protocol");
  }

  private static JSONRPCResponse unknownTool(JSONRPCRequest request) {
    Object name = request.params() instanceof Map<?, ?> params ? params.get("name") : null;
    if (!(name instanceof String text)) {
      return badParams(request);
    }
    List<String> names = Tools.names();
    return invalid(
        request,
        "unknown tool "
            + Shown.given(text)
            + ", allowed: "
            + String.join(", ", names)
            + NearestName.hint(text, names));
  }

  private static JSONRPCResponse invalid(JSONRPCRequest request, String message) {
    return JSONRPCResponse.error(request.id(), new JSONRPCError(INVALID_PARAMS, message));
  }

  private byte[] json(Object message) {
    try {
      return mapper.writeValueAsString(message).getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void setMcpHandler(McpStatelessServerHandler made) {
    handler = made;
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }
}
