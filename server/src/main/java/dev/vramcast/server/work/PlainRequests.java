package dev.vramcast.server.work;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets requests through as they are meant: by the method of their first line, which no header
 * overrides, and to an address that may be a route. The router of Javalin goes into a call for each
 * segment of a path, so one of thousands would end in an error of the stack.
 */
public final class PlainRequests extends Handler.Wrapper {

  /** More than any route and any file of the page has. */
  private static final int MOST_SEGMENTS = 16;

  private static final String OVERRIDE = "X-HTTP-Method-Override";

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    if (path != null && path.chars().filter(c -> c == '/').count() > MOST_SEGMENTS) {
      Problem problem = Problem.of(404, "nothing is at an address of so many segments");
      response.setStatus(problem.status());
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
      byte[] body = problem.json().getBytes(StandardCharsets.UTF_8);
      response.write(true, ByteBuffer.wrap(body), callback);
      return true;
    }
    return super.handle(
        request.getHeaders().contains(OVERRIDE) ? new Plain(request) : request, response, callback);
  }

  /** A request without the header that would override its method. */
  private static final class Plain extends Request.Wrapper {

    private final HttpFields headers;

    Plain(Request request) {
      super(request);
      HttpFields.Mutable kept = HttpFields.build();
      for (HttpField field : request.getHeaders()) {
        if (!field.is(OVERRIDE)) {
          kept.add(field);
        }
      }
      this.headers = kept.asImmutable();
    }

    @Override
    public HttpFields getHeaders() {
      return headers;
    }
  }
}
