package dev.vramcast.server.guard;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Gives the one answer that may not wait, whatever else is asked for: in the thread that reads from
 * connections, before anything that {@link RequestQueue} keeps waiting.
 */
public final class AtOnce extends Handler.Wrapper {

  private final String path;
  private final Predicate<HttpFields> takes;
  private final HttpFields headers;
  private final byte[] body;
  private final Consumer<Request> counter;

  /**
   * A handler before others.
   *
   * @param path what is got there is answered
   * @param takes whether a request with such headers is; others are passed on
   * @param headers of the answer
   * @param counter runs before each answer is written
   */
  public AtOnce(
      String path,
      Predicate<HttpFields> takes,
      HttpFields headers,
      byte[] body,
      Consumer<Request> counter) {
    this.path = path;
    this.takes = takes;
    this.headers = headers;
    this.body = body.clone();
    this.counter = counter;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!reads(request.getMethod())
        || !path.equals(request.getHttpURI().getPath())
        || !takes.test(request.getHeaders())) {
      return super.handle(request, response, callback);
    }
    response.getHeaders().add(headers);
    // Before it is written: whoever has the answer finds it counted.
    counter.accept(request);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }

  /** With {@code HEAD} the headers alone are sent. */
  private static boolean reads(String method) {
    return HttpMethod.GET.is(method) || HttpMethod.HEAD.is(method);
  }
}
