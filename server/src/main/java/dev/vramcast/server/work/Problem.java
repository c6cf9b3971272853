package dev.vramcast.server.work;

import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.schema.JobSchema;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import java.util.Map;
import java.util.Optional;

/** A refusal with the words for its status. */
public record Problem(ProblemRecord told) {

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
          Map.entry(422, "Unprocessable Content"),
          Map.entry(414, "URI Too Long"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"));

  public static Problem of(int status, String detail) {
    return new Problem(ProblemRecord.of(status, title(status), detail));
  }

  /** What is wrong with fields as such, of an operation or of none. */
  static Problem of(InputError error, Optional<Operation> operation) {
    return of(breaksTheDescription(error) ? 400 : 422, error, operation);
  }

  /** Whether a schema says that such a value is not allowed. */
  private static boolean breaksTheDescription(InputError error) {
    return !(error.subject().orElse(null) instanceof JobKey key) || JobSchema.describes(key.kind());
  }

  /** A request that is as the description says, but holds something that cannot be used. */
  public static Problem unusable(InputError error, Operation operation) {
    return of(422, error, Optional.of(operation));
  }

  private static Problem of(int status, InputError error, Optional<Operation> operation) {
    return new Problem(ProblemRecord.of(status, title(status), error, operation));
  }

  int status() {
    return told.status();
  }

  String detail() {
    return told.detail();
  }

  /** As it is sent. */
  public String json() {
    return JsonText.of(RecordJson.of(told));
  }

  private static String title(int status) {
    return TITLES.getOrDefault(status, "Error");
  }
}
