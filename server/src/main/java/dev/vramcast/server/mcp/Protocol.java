package dev.vramcast.server.mcp;

import dev.vramcast.answers.Version;
import dev.vramcast.catalog.source.ModelRequest.Network;
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

  /** RequestCancelled of the Language Server Protocol, as JSON-RPC itself has none. */
  private static final int CANCELLED = -32_800;

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
        .onErrorReturn(Refusals.badParams(request))
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

  /** What the SDK says of a request holds what was asked, however long and with whatever in it. */
  private static JSONRPCResponse plain(JSONRPCResponse response, JSONRPCRequest request) {
    JSONRPCError error = response.error();
    return error == null ? response : Refusals.of(request, error.code());
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
