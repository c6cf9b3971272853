package dev.vramcast.server.guard;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Passes a request on from a thread that did not take it, so that nobody else answers for it. */
final class Passed {

  private Passed() {}

  /** What comes behind; says whether it answers. */
  @FunctionalInterface
  interface Behind {
    boolean handle(Request request, Response response, Callback callback) throws Exception;
  }

  /** Lets what comes behind answer; 404 where nothing does, an error where it fails. */
  static void on(Behind behind, Request request, Response response, Callback callback) {
    try {
      if (!behind.handle(request, response, callback)) {
        Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
      }
    } catch (Throwable e) {
      Response.writeError(request, response, callback, e);
    }
  }
}
