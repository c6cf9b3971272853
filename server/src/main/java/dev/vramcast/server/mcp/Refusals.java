package dev.vramcast.server.mcp;

import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.Words;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is said of requests that the protocol has no answer to. Whatever is quoted is one short line
 * without control characters.
 */
final class Refusals {

  private static final int METHOD_NOT_FOUND = -32_601;
  private static final int INVALID_PARAMS = -32_602;
  private static final int RESOURCE_NOT_FOUND = -32_002;

  /** The status that the API would answer such a request with. */
  private static final int BAD_REQUEST = 400;

  private static final String CALL = "tools/call";
  private static final String ARGUMENTS = "arguments";

  private Refusals() {}

  /** In place of the SDK's refusal with a code. */
  static JSONRPCResponse of(JSONRPCRequest request, int code) {
    if (code == METHOD_NOT_FOUND) {
      return refused(
          request, code, InputError.of("unknown method ", shown(request)).kind(ErrorKind.UNKNOWN));
    }
    if (code == RESOURCE_NOT_FOUND) {
      return unknown(request, code, "resource", "uri", List.of(Guidance.JOB_SCHEMA));
    }
    return switch (request.method()) {
      case CALL -> call(request);
      case "prompts/get" ->
          unknown(request, INVALID_PARAMS, "prompt", "name", List.of(Guidance.PROMPT));
      case "resources/read" ->
          unknown(request, INVALID_PARAMS, "resource", "uri", List.of(Guidance.JOB_SCHEMA));
      default -> badParams(request);
    };
  }

  /** Tools never throw, so what was thrown came from params that the SDK could not read. */
  static JSONRPCResponse badParams(JSONRPCRequest request) {
    return refused(
        request,
        INVALID_PARAMS,
        InputError.of("the params of ", shown(request), " are not those of the protocol"));
  }

  private static JSONRPCResponse call(JSONRPCRequest request) {
    List<String> names = Tools.names();
    return param(request, "name").filter(names::contains).isPresent()
        ? badArguments(request)
        : unknown(request, INVALID_PARAMS, "tool", "name", names);
  }

  private static JSONRPCResponse badArguments(JSONRPCRequest request) {
    Object given = request.params() instanceof Map<?, ?> all ? all.get(ARGUMENTS) : null;
    return given == null || given instanceof Map
        ? badParams(request)
        : refused(
            request,
            INVALID_PARAMS,
            InputError.about(new Subject.Item(ARGUMENTS)).is(given).allowed("an object"));
  }

  private static JSONRPCResponse unknown(
      JSONRPCRequest request, int code, String what, String key, List<String> known) {
    Optional<String> name = param(request, key);
    return name.filter(known::contains).isPresent() || name.isEmpty()
        ? badParams(request)
        : refused(
            request,
            code,
            InputError.unknown(what, name.get(), known).allowed(String.join(", ", known)));
  }

  private static Optional<String> param(JSONRPCRequest request, String key) {
    return request.params() instanceof Map<?, ?> params && params.get(key) instanceof String text
        ? Optional.of(text)
        : Optional.empty();
  }

  private static String shown(JSONRPCRequest request) {
    return Shown.given(request.method());
  }

  private static JSONRPCResponse refused(JSONRPCRequest request, int code, InputError error) {
    Map<String, Object> parts =
        RecordJson.of(ProblemRecord.of(BAD_REQUEST, "Bad Request", error, Optional.empty()));
    return JSONRPCResponse.error(
        request.id(),
        new JSONRPCError(code, error.sentence(Words.DOCUMENT), Map.of(ToolAnswer.PROBLEM, parts)));
  }
}
