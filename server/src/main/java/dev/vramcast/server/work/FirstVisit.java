package dev.vramcast.server.work;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.gpus.GpusOperation;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.text.JsonText;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the page asks on a first visit, asked once beside a server that starts: classes are loaded
 * and tables read by the time somebody comes. Its answers are not kept.
 */
public final class FirstVisit {

  /** {@code EXAMPLE} of web/src/state/state.ts. */
  private static final Map<String, Object> JOB =
      Map.of(
          "model", Map.of("id", "llama-3.1-8b"),
          "method", "qlora",
          "checkpointing", "full",
          "batch", Map.of("sequence_length", 2048),
          "hardware", Map.of("gpu", "RTX 4090"),
          "data", Map.of("tokens", 10_000_000));

  private record Question(Operation operation, Map<String, Object> fields) {}

  private static final List<Question> QUESTIONS =
      List.of(
          new Question(new GpusOperation(), Map.of()),
          new Question(new EstimateOperation(), Map.of("job", JOB, "timeline", true)),
          new Question(new FitOperation(), Map.of("job", JOB)));

  private FirstVisit() {}

  /** Asks in a thread of its own, which keeps no process alive. */
  public static void begin(Supplier<RemoteContext> asker) {
    Thread thread = new Thread(() -> answers(asker.get()), "first-visit");
    thread.setDaemon(true);
    thread.start();
  }

  /** The answers as JSON. */
  static List<String> answers(RemoteContext asker) {
    return QUESTIONS.stream().map(question -> answer(question, asker)).toList();
  }

  private static String answer(Question question, RemoteContext asker) {
    Call call = FieldReader.call(question.operation, question.fields, asker);
    return JsonText.of(question.operation.verdict(call).json(Version.current()));
  }
}
