package dev.vramcast.server.work;

import dev.vramcast.answers.fields.FieldWords;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Phrase.Piece;
import dev.vramcast.core.input.Words;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A refusal as RFC 9457 has it, whose type is {@code about:blank}: the status says what it is.
 *
 * @param title the usual words for the status
 * @param detail one line about this case
 * @param parts what an error in what was given consists of, by names; empty for another refusal
 */
public record Problem(int status, String title, String detail, Map<String, Object> parts) {

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
    return new Problem(status, TITLES.getOrDefault(status, "Error"), detail, Map.of());
  }

  /** What is wrong with what an operation was given, or with what names none. */
  static Problem of(InputError error, Optional<Operation> operation) {
    Optional<FieldWords> fields = operation.map(FieldWords::new);
    Words words = fields.map(Words.class::cast).orElse(Words.DOCUMENT);
    Map<String, Object> parts = new LinkedHashMap<>();
    fields.flatMap(known -> known.field(error)).ifPresent(field -> parts.put("field", field));
    error.place().flatMap(words::place).ifPresent(place -> parts.put("place", place));
    error.given().ifPresent(given -> parts.put("given", given));
    error.nearest().ifPresent(nearest -> parts.put("nearest", nearest));
    parts.put(
        "sentence", error.sentence().pieces().stream().map(piece -> piece(piece, words)).toList());
    return new Problem(400, "Bad Request", error.line(words), parts);
  }

  String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("type", "about:blank");
    json.put("title", title);
    json.put("status", status);
    json.put("detail", detail);
    json.putAll(parts);
    return JsonText.of(json);
  }

  private static Map<String, String> piece(Piece piece, Words words) {
    return piece instanceof Piece.Mention mention
        ? Map.of("field", words.name(mention.subject(), Optional.empty()))
        : Map.of("text", ((Piece.Text) piece).text());
  }
}
