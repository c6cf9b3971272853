package dev.vramcast.server.work;

import dev.vramcast.answers.text.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A refusal as RFC 9457 has it, whose type is {@code about:blank}: the status says what it is.
 *
 * @param title the usual words for the status
 * @param detail one line about this case
 * @param field the key of the job or the field that it is about; empty when it is about none
 */
public record Problem(int status, String title, String detail, Optional<String> field) {

  public static final String CONTENT_TYPE = "application/problem+json";

  /** The statuses that are answered, with the usual words for them. */
  public static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(413, "Content Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(421, "Misdirected Request"),
          Map.entry(414, "URI Too Long"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  public static Problem of(int status, String detail) {
    return new Problem(status, TITLES.getOrDefault(status, "Error"), detail, Optional.empty());
  }

  Problem about(Optional<String> what) {
    return new Problem(status, title, detail, what);
  }

  String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "about:blank");
    json.put("title", title);
    json.put("status", status);
    json.put("detail", detail);
    field.ifPresent(name -> json.put("field", name));
    return JsonText.of(json);
  }
}
