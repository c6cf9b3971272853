package dev.vramcast.server;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.answers.serve.ServerProgram;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.server.guard.AtOnce;
import dev.vramcast.server.guard.RequestQueue;
import dev.vramcast.server.work.Bounds;
import dev.vramcast.server.work.Problem;
import dev.vramcast.server.work.Problems;
import dev.vramcast.server.work.Rehearsal;
import dev.vramcast.server.work.ServerLog;
import dev.vramcast.server.work.Work;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpFields;

/** The HTTP server: the API, its description, the page, and what operators look at. */
public final class VramcastServer implements ServerProgram {

  /** What is counted as none of the operations. */
  private static final String OTHER = "other";

  /** Where it says that it answers. */
  static final String HEALTH = "/health";

  @Override
  public Running start(ServeSettings settings) {
    ClassLoader files = VramcastServer.class.getClassLoader();
    // A crowd comes from other machines; whoever works on this one would rather not wait.
    if (!address(settings.bind()).isLoopbackAddress()) {
      rehearse(ServeSettings.usual(settings.clock()), files);
    }
    return start(settings, Bounds.usual(), files);
  }

  /** Ends when a server like it, which nobody else knows of, has borne a crowd. */
  private static void rehearse(ServeSettings settings, ClassLoader files) {
    Bounds bounds = Bounds.usual().narrow();
    Work work = new Work(bounds, settings.timeLimit());
    try {
      RunningServer other = listen(settings, bounds, files, work, new Api(settings, work));
      Rehearsal.ask(other.app().port());
      other.stop();
    } catch (InputException e) {
      // There is nothing to listen on.
      work.close();
    }
  }

  /**
   * As {@link #start(ServeSettings)}.
   *
   * @param files has those of the page, where there are any
   */
  static RunningServer start(ServeSettings settings, Bounds bounds, ClassLoader files) {
    Work work = new Work(bounds, settings.timeLimit());
    Api api = new Api(settings, work);
    RunningServer running = listen(settings, bounds, files, work, api);
    api.expectVisit();
    return running;
  }

  private static RunningServer listen(
      ServeSettings settings, Bounds bounds, ClassLoader files, Work work, Api api) {
    InetAddress address = address(settings.bind());
    ServerLog.begin();
    Metrics metrics = new Metrics(work);
    BrowserSecurity security = new BrowserSecurity(address.isLoopbackAddress());
    Javalin app =
        Javalin.create(
            config -> {
              ConnectionLimits.configure(
                  config, settings, bounds, queue(bounds, metrics), health(security, metrics));
              config.routes.before(security::before);
              api.addTo(config.routes);
              new McpRoute(settings, work, security.local()).addTo(config.routes);
              route(config, work, metrics, new Page(files));
            });
    ConnectionLimits.start(app, settings);
    return new RunningServer(app, work, settings.bind());
  }

  private static InetAddress address(String bind) {
    try {
      return InetAddress.getByName(bind);
    } catch (UnknownHostException e) {
      throw InputError.about(Subject.option("--bind"))
          .is(bind)
          .and(", which is no address of an interface")
          .refusal(e);
    }
  }

  private static void route(JavalinConfig config, Work work, Metrics metrics, Page page) {
    Problems problems = new Problems(work);
    new Description().addTo(config.routes);
    Routes.get(config.routes, HEALTH, VramcastServer::health);
    Routes.get(
        config.routes,
        "/metrics",
        context -> context.result(metrics.text()).contentType(Metrics.contentType()));
    Routes.get(config.routes, "/", page::index);
    config.routes.exception(
        MethodNotAllowedResponse.class,
        (failure, context) ->
            notAllowed(failure.getDetails().getOrDefault("availableMethods", ""), context));
    config.routes.exception(NotFoundResponse.class, (failure, context) -> page.file(context));
    config.routes.exception(HttpResponseException.class, problems::answer);
    config.routes.exception(Exception.class, problems::answer);
    config.requestLogger.http(
        (context, milliseconds) ->
            metrics.count(
                operation(context),
                context.statusCode(),
                ServletContextRequest.getServletContextRequest(context.req())));
  }

  /**
   * Answers that there is something, but for other methods.
   *
   * @param allowed those methods
   */
  static void notAllowed(String allowed, Context context) {
    context.header("Allow", allowed);
    Problems.write(Problem.of(405, "allowed here: " + allowed), context);
  }

  private static String operation(Context context) {
    Operation operation = context.attribute(Problems.OPERATION);
    return operation == null ? OTHER : operation.name();
  }

  private static void health(Context context) {
    context.result(JsonText.of(RecordJson.of(HealthRecord.now()))).contentType(RequestBody.JSON);
  }

  /** What answers as the route does, but at once. */
  private static AtOnce health(BrowserSecurity security, Metrics metrics) {
    return new AtOnce(
        HEALTH,
        asked -> security.allows(asked.get("Host")),
        headers().put("Content-Type", RequestBody.JSON).asImmutable(),
        JsonText.of(RecordJson.of(HealthRecord.now())).getBytes(StandardCharsets.UTF_8),
        request -> metrics.count(OTHER, 200, request));
  }

  private static RequestQueue queue(Bounds bounds, Metrics metrics) {
    return ConnectionLimits.queue(
        bounds, headers().asImmutable(), request -> metrics.count(OTHER, 503, request));
  }

  /** Of every answer. */
  private static HttpFields.Mutable headers() {
    HttpFields.Mutable headers = HttpFields.build();
    BrowserSecurity.HEADERS.forEach(headers::put);
    return headers;
  }
}
