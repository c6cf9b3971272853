package dev.tunefit.server;

import dev.tunefit.answers.Version;
import dev.tunefit.answers.fields.Elsewhere;
import dev.tunefit.answers.fields.FieldReader;
import dev.tunefit.answers.operation.Operation;
import dev.tunefit.answers.operation.Operation.Subject;
import dev.tunefit.answers.report.JsonText;
import dev.tunefit.answers.serve.ServeSettings;
import dev.tunefit.core.memory.RecentSteps;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Map;
import java.util.function.Supplier;

/** The operations under {@code /api/v1}. */
final class Api {

  /** Where the operations are. */
  static final String ROOT = "/api/v1/";

  private final ServeSettings settings;
  private final Bounds bounds;
  private final Work work;
  private final RecentSteps steps = new RecentSteps();

  Api(ServeSettings settings, Bounds bounds, Work work) {
    this.settings = settings;
    this.bounds = bounds;
    this.work = work;
  }

  /** Whether an operation is asked for by an address alone. */
  static boolean isGet(Operation operation) {
    return operation.subject() == Subject.CATALOGUE;
  }

  void addTo(RoutesConfig routes) {
    for (Operation operation : Operation.ALL) {
      String path = ROOT + operation.name();
      if (isGet(operation)) {
        routes.get(path, context -> ask(operation, context));
      } else {
        routes.post(path, context -> tell(operation, context));
        routes.get(path, context -> TunefitServer.notAllowed("POST", context));
      }
    }
  }

  private void ask(Operation operation, Context context) {
    name(operation, context);
    Map<String, Object> fields = QueryFields.of(operation, context.queryParamMap());
    compute(operation, context, () -> fields);
  }

  private void tell(Operation operation, Context context) {
    name(operation, context);
    byte[] body = RequestBody.bytes(context, settings.maxBodyBytes(), bounds.body());
    compute(operation, context, () -> RequestBody.fields(body));
  }

  private static void name(Operation operation, Context context) {
    context.attribute(Problems.OPERATION, operation);
  }

  private void compute(Operation operation, Context context, Supplier<Map<String, Object>> fields) {
    context.future(
        () ->
            work.submit(
                    progress -> {
                      Elsewhere asker =
                          new Elsewhere(
                              settings.network(), LocalDate.now(settings.clock()), progress, steps);
                      return answer(operation, fields.get(), asker);
                    })
                .thenAccept(
                    json -> {
                      context.header("Cache-Control", "no-store");
                      context.result(json).contentType(RequestBody.JSON);
                    }));
  }

  private static byte[] answer(Operation operation, Map<String, Object> fields, Elsewhere asker) {
    Map<String, Object> json =
        operation.answer(FieldReader.call(operation, fields, asker)).json(Version.current());
    return JsonText.of(json).getBytes(StandardCharsets.UTF_8);
  }
}
