package dev.vramcast.server;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.fields.RemoteContext;
import dev.vramcast.answers.fit.FitOperation;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.catalog.source.ModelRequest.Network;
import dev.vramcast.core.input.Helpers;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import dev.vramcast.server.admission.AdmissionReview;
import dev.vramcast.server.work.FirstVisit;
import dev.vramcast.server.work.Problem;
import dev.vramcast.server.work.ProblemException;
import dev.vramcast.server.work.Problems;
import dev.vramcast.server.work.Turn;
import dev.vramcast.server.work.Work;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The operations under {@code /api/v1}. */
final class Api {

  /** Where the operations are. */
  static final String ROOT = "/api/v1/";

  /** Where Kubernetes asks. */
  static final String ADMISSION = "/admission";

  private static final Operation FIT = new FitOperation();

  private static final String VERSION = Version.current();

  private final ServeSettings settings;
  private final Work work;
  private final HubAccess access;
  private final RecentAnswers recent = new RecentAnswers();

  Api(ServeSettings settings, Work work) {
    this.settings = settings;
    this.access = new HubAccess(settings);
    this.work = work;
  }

  /** Whether an operation is asked for by an address alone. */
  static boolean isGet(Operation operation) {
    return operation.subject() == Subject.CATALOGUE;
  }

  void addTo(RoutesConfig routes) {
    for (Operation operation : Operations.ALL) {
      String path = ROOT + operation.name();
      if (isGet(operation)) {
        Routes.get(routes, path, context -> ask(operation, context));
      } else {
        routes.post(path, context -> tell(operation, context));
      }
    }
    routes.post(ADMISSION, this::admit);
  }

  /** Readies what a first visit takes; needs no network. */
  void expectVisit() {
    LocalDate today = LocalDate.now(settings.clock());
    Turn alone = new Turn(Progress.NONE, Helpers.NONE);
    FirstVisit.begin(() -> asker(Network.FORBIDDEN, today, alone));
  }

  /** What Kubernetes asks before it makes something that trains. */
  private void admit(Context context) {
    byte[] bytes = RequestBody.bytes(context, settings.maxBodyBytes());
    AdmissionReview review = AdmissionReview.of(RequestBody.fields(RequestBody.text(bytes)));
    Network network = access.of(context);
    LocalDate today = LocalDate.now(settings.clock());
    context.future(
        () ->
            work.submit(turn -> admitted(review, asker(network, today, turn)))
                .thenAccept(json -> send(json, context)));
  }

  private static byte[] admitted(AdmissionReview review, RemoteContext asker) {
    Map<String, Object> told =
        review
            .question()
            .map(question -> fit(review, question, asker))
            .orElseGet(() -> review.unread("no card is named, by " + AdmissionReview.GPU));
    return JsonText.of(told).getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> fit(
      AdmissionReview review, Map<String, Object> question, RemoteContext asker) {
    try {
      return review.answered(json(FIT, FieldReader.call(FIT, question, asker)));
    } catch (InputException e) {
      return review.unread(Problem.unusable(e.error(), FIT).told().detail());
    } catch (ProblemException e) {
      return review.unread(e.problem().told().detail());
    }
  }

  private void ask(Operation operation, Context context) {
    context.attribute(Problems.OPERATION, operation);
    String query = Objects.requireNonNullElse(context.queryString(), "");
    Map<String, List<String>> parameters = context.queryParamMap();
    answer(operation, query, () -> QueryFields.of(operation, parameters), context);
  }

  private void tell(Operation operation, Context context) {
    context.attribute(Problems.OPERATION, operation);
    String query = Objects.requireNonNullElse(context.queryString(), "");
    if (!query.isEmpty()) {
      throw new ProblemException(
          400,
          "the address asks "
              + Shown.given(query)
              + ", allowed: no query; fields stand in the body");
    }
    byte[] bytes = RequestBody.bytes(context, settings.maxBodyBytes());
    String body = RequestBody.text(bytes);
    answer(operation, body, () -> RequestBody.fields(body), context);
  }

  /** Answers what was answered a moment ago at once, and anything else when its turn comes. */
  private void answer(
      Operation operation, String text, Supplier<Map<String, Object>> fields, Context context) {
    LocalDate today = LocalDate.now(settings.clock());
    RecentAnswers.Question question =
        new RecentAnswers.Question(operation, text, today, access.of(context));
    Optional<byte[]> known = recent.find(question);
    if (known.isPresent()) {
      send(known.get(), context);
      return;
    }
    context.future(
        () ->
            work.submit(turn -> compute(question, fields.get(), turn))
                .thenAccept(json -> send(json, context)));
  }

  private byte[] compute(RecentAnswers.Question question, Map<String, Object> fields, Turn turn) {
    Operation operation = question.operation();
    RemoteContext asker = asker(question.network(), question.day(), turn);
    byte[] answer =
        JsonText.of(json(operation, FieldReader.call(operation, fields, asker)))
            .getBytes(StandardCharsets.UTF_8);
    recent.keep(question, answer);
    return answer;
  }

  private RemoteContext asker(Network network, LocalDate day, Turn turn) {
    RecentSteps steps = work.steps().helpedBy(turn.helpers());
    return new RemoteContext(network, day, settings.prices(), turn.progress(), steps);
  }

  /** The call is as the description says; what of it cannot be used is another matter. */
  private static Map<String, Object> json(Operation operation, Call call) {
    try {
      return operation.verdict(call).json(VERSION);
    } catch (InputException e) {
      throw new ProblemException(Problem.unusable(e.error(), operation));
    }
  }

  private static void send(byte[] json, Context context) {
    context.header("Cache-Control", "no-store");
    context.result(json).contentType(RequestBody.JSON);
  }
}
