package dev.vramcast.server.work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Problems of requests that are so broken that they reach no route. */
public final class PlainErrors extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Object failure = request.getAttribute(ERROR_EXCEPTION);
    Problem problem =
        response.getStatus() == 500
                && failure instanceof Throwable thrown
                && !(thrown instanceof IOException)
            ? Problems.mistake(thrown)
            : Problem.of(response.getStatus(), "the request is not readable as HTTP");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.write(true, bytes(problem), callback);
    return true;
  }

  private static ByteBuffer bytes(Problem problem) {
    return ByteBuffer.wrap(problem.json().getBytes(StandardCharsets.UTF_8));
  }
}
