package dev.vramcast.server;

import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Subject;
import dev.vramcast.server.guard.AtOnce;
import dev.vramcast.server.guard.OpenConnections;
import dev.vramcast.server.guard.RequestQueue;
import dev.vramcast.server.guard.WholeBodies;
import dev.vramcast.server.work.Bounds;
import dev.vramcast.server.work.PlainErrors;
import dev.vramcast.server.work.PlainRequests;
import dev.vramcast.server.work.Problem;
import dev.vramcast.server.work.Problems;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.compression.Gzip;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** How connections are taken, and what one client may hold of the server. */
final class ConnectionLimits {

  private static final Subject BIND = new Subject.Flag("--bind");
  private static final Subject PORT = new Subject.Flag("--port");

  private static final int MOST_THREADS = 32;

  /** Requests that none of the threads has taken yet. */
  private static final int MOST_WAITING = 128;

  private static final int MOST_CONNECTIONS = 1_000;
  private static final int MOST_HEADER_BYTES = 8 << 10;

  /** Connections of one address that is not this machine's. */
  private static final int MOST_OF_ONE = 250;

  /** Of all bodies that are on their way. */
  private static final long MOST_BODY_BYTES = 128L << 20;

  /** Most answers are shorter, and are sent in one piece. */
  private static final int ANSWER_BYTES = 1 << 16;

  private static final Duration STOP = Duration.ofSeconds(10);

  /** Beyond the limit of an answer, by which the request has ended. */
  private static final Duration SPARE = Duration.ofSeconds(10);

  private ConnectionLimits() {}

  /**
   * Says so to Javalin.
   *
   * @param queue lets requests through
   * @param health answers what may wait for nothing
   */
  static void configure(
      JavalinConfig config,
      ServeSettings settings,
      Bounds bounds,
      RequestQueue queue,
      AtOnce health) {
    OpenConnections open = new OpenConnections(bounds.arrival(), MOST_OF_ONE);
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    config.router.javaLangErrorHandler(ConnectionLimits::error);
    config.http.maxRequestSize = settings.maxBodyBytes();
    config.http.asyncTimeout = settings.timeLimit().plus(SPARE).toMillis();
    config.http.compressionStrategy = new CompressionStrategy(null, new Gzip(1));
    config.http.responseBufferSize = ANSWER_BYTES;
    config.jetty.threadPool = new QueuedThreadPool(MOST_THREADS, 4);
    config.jetty.modifyHttpConfiguration(ConnectionLimits::restrict);
    config.jetty.addConnector((server, http) -> connector(server, http, settings, bounds, open));
    config.jetty.modifyServer(
        server -> {
          server.setStopTimeout(STOP.toMillis());
          server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
          server.setErrorHandler(new PlainErrors());
          server.insertHandler(new PlainRequests());
          server.insertHandler(queue);
          server.insertHandler(health);
          server.insertHandler(
              new WholeBodies(settings.maxBodyBytes(), bounds.arrival(), MOST_BODY_BYTES, open));
          server.insertHandler(new GracefulHandler());
        });
  }

  /**
   * Threads that read requests. They seldom wait for anything but a core; some may wait for whoever
   * does not take an answer.
   *
   * @param headers of every answer
   * @param refused runs when one is refused
   */
  static RequestQueue queue(Bounds bounds, HttpFields headers, Consumer<Request> refused) {
    int threads = Math.min(MOST_THREADS, Math.max(8, 4 * bounds.cores()));
    return new RequestQueue(threads, MOST_WAITING, headers, refused);
  }

  /** What is thrown where no handler of exceptions looks, such as an overflow of the stack. */
  private static void error(HttpServletResponse response, Error failure) {
    Problem problem = Problems.mistake(failure);
    response.setStatus(problem.told().status());
    response.setContentType(Problem.CONTENT_TYPE);
    try {
      response.getOutputStream().write(problem.json().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Whoever asked has gone.
    }
  }

  private static void restrict(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setRequestHeaderSize(MOST_HEADER_BYTES);
  }

  private static Connector connector(
      Server server,
      HttpConfiguration http,
      ServeSettings settings,
      Bounds bounds,
      OpenConnections open) {
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.bind());
    connector.setPort(settings.port());
    connector.setIdleTimeout(bounds.idle().toMillis());
    // Where more come at once than may wait here, the system has each of them try again in a
    // second.
    connector.setAcceptQueueSize(MOST_CONNECTIONS);
    connector.addBean(open);
    return connector;
  }

  /**
   * Starts to listen.
   *
   * @throws InputException when somebody else does already, or nobody may
   */
  static void start(Javalin app, ServeSettings settings) {
    try {
      app.start();
    } catch (JavalinException e) {
      if (isOfBinding(e)) {
        throw InputError.of(
                "cannot listen on ",
                BIND,
                " ",
                settings.bind(),
                " ",
                PORT,
                " ",
                settings.port(),
                ": the address is in use, not of this machine, or not allowed")
            .kind(ErrorKind.UNAVAILABLE)
            .concerning(BIND)
            .refusal(e);
      }
      throw e;
    }
  }

  private static boolean isOfBinding(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof BindException || each instanceof java.net.SocketException) {
        return true;
      }
    }
    return false;
  }
}
