package dev.vramcast.server;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.text.Utf8;
import dev.vramcast.input.tree.Node;
import dev.vramcast.input.tree.NodeParser;
import dev.vramcast.server.work.ProblemException;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a JSON object out of a request that may be hostile. */
final class RequestBody {

  static final String JSON = "application/json";

  /** What the text as a whole is called. */
  private static final Place.Line BODY = Place.of("body");

  private RequestBody() {}

  /**
   * The bytes of a request.
   *
   * @param most bytes
   * @throws ProblemException of 413 or 415
   */
  static byte[] bytes(Context context, int most) {
    String encoding = context.header("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          415, "the body is compressed by " + Shown.given(encoding) + ", allowed: no compression");
    }
    if (!isJson(context)) {
      throw new ProblemException(
          415,
          "the body is "
              + Optional.ofNullable(context.contentType()).map(Shown::given).orElse("of no type")
              + ", allowed: "
              + JSON
              + " in UTF-8");
    }
    try {
      byte[] bytes =
          context.req().getContentLengthLong() > most
              ? new byte[most + 1]
              : context.bodyInputStream().readNBytes(most + 1);
      if (bytes.length > most) {
        context.header("Connection", "close");
        throw new ProblemException(413, "the body is longer than " + most + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      context.header("Connection", "close");
      throw new ProblemException(400, "the body ends too early");
    }
  }

  /**
   * The object in a text.
   *
   * @throws InputException when it is no JSON object, or not within bounds
   */
  static Map<String, Object> fields(String text) {
    Node root = NodeParser.json(text, BODY);
    if (!(root.value() instanceof Map<?, ?> map)) {
      throw InputError.of("is ", Shown.given(root.value()))
          .kind(ErrorKind.MALFORMED)
          .given(root.value())
          .at(BODY)
          .allowed("an object")
          .refusal();
    }
    return strings(map);
  }

  /**
   * The text that the bytes are.
   *
   * @throws InputException when they are not UTF-8
   */
  static String text(byte[] bytes) {
    return Utf8.decode(bytes, BODY);
  }

  private static boolean isJson(Context context) {
    String type = context.contentType();
    if (type == null) {
      return false;
    }
    String[] parts = type.toLowerCase(Locale.ROOT).split(";", -1);
    boolean utf8 = true;
    for (int i = 1; i < parts.length; i++) {
      String part = parts[i].strip();
      utf8 &= !part.startsWith("charset") || part.replace("\"", "").equals("charset=utf-8");
    }
    return utf8 && parts[0].strip().equals(JSON);
  }

  @SuppressWarnings("unchecked") // the keys of a JSON object are strings
  private static Map<String, Object> strings(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }
}
