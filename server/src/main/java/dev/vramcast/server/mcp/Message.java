package dev.vramcast.server.mcp;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Words;
import dev.vramcast.input.text.Utf8;
import dev.vramcast.input.tree.NodeParser;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message of JSON-RPC as it came.
 *
 * @param request empty for notifications and responses, which nobody answers
 * @param cancelled the request that is not to be answered any more
 */
public record Message(Optional<JSONRPCRequest> request, Optional<Object> cancelled) {

  private static final Place.Line MESSAGE = Place.of("message");
  private static final String CANCELLED = "notifications/cancelled";
  private static final String REQUEST_ID = "requestId";
  private static final int LONGEST_ID = 200;

  /**
   * Reads it; depth, numbers and names are bounded.
   *
   * @throws MessageException when it is none
   */
  public static Message read(byte[] bytes) {
    Object value = value(bytes);
    if (!(value instanceof Map<?, ?> fields)) {
      throw invalid(null, "is " + Shown.given(value) + ", allowed: one object");
    }
    Object id = id(fields.get("id"));
    if (fields.containsKey("id") && id == null) {
      throw invalid(
          null,
          "has the id "
              + Shown.given(fields.get("id"))
              + ", allowed: a whole"
              + " number, or a text of at most "
              + LONGEST_ID
              + " characters");
    }
    if (!"2.0".equals(fields.get("jsonrpc"))) {
      throw invalid(id, "does not say jsonrpc 2.0");
    }
    if (fields.containsKey("result") || fields.containsKey("error")) {
      return new Message(Optional.empty(), Optional.empty());
    }
    if (!(fields.get("method") instanceof String method)) {
      throw invalid(id, "has no method");
    }
    if (id != null) {
      JSONRPCRequest request = new JSONRPCRequest(method, id, fields.get("params"));
      return new Message(Optional.of(request), Optional.empty());
    }
    return new Message(
        Optional.empty(),
        Optional.of(method)
            .filter(CANCELLED::equals)
            .flatMap(name -> Optional.ofNullable(fields.get("params")))
            .flatMap(
                params -> params instanceof Map<?, ?> map ? requestId(map) : Optional.empty()));
  }

  /** By which a request asks to be told how far it is. */
  static Optional<Object> progressToken(JSONRPCRequest request) {
    return request.params() instanceof Map<?, ?> params
            && params.get("_meta") instanceof Map<?, ?> meta
        ? Optional.ofNullable(id(meta.get("progressToken")))
        : Optional.empty();
  }

  private static Optional<Object> requestId(Map<?, ?> params) {
    return Optional.ofNullable(id(params.get(REQUEST_ID)));
  }

  private static @Nullable Object value(byte[] bytes) {
    try {
      return NodeParser.json(Utf8.decode(bytes, MESSAGE), MESSAGE).value();
    } catch (InputException e) {
      throw new MessageException(
          MessageException.PARSE_ERROR, null, e.error().sentence(Words.DOCUMENT));
    }
  }

  /** Null for what is no id. */
  private static @Nullable Object id(@Nullable Object raw) {
    if (raw instanceof String text && text.length() <= LONGEST_ID) {
      return text;
    }
    try {
      return raw instanceof BigDecimal number ? (Object) number.longValueExact() : null;
    } catch (ArithmeticException e) {
      return null;
    }
  }

  private static MessageException invalid(@Nullable Object id, String what) {
    return new MessageException(MessageException.INVALID_REQUEST, id, "the message " + what);
  }
}
