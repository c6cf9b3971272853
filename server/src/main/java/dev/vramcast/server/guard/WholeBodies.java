package dev.vramcast.server.guard;

import dev.vramcast.server.work.Problem;
import dev.vramcast.server.work.Problems;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Lets a request through when its body is there. While it arrives no thread waits for it, and it
 * has so much time in all; bodies that are on their way take so much memory together.
 */
public final class WholeBodies extends Handler.Wrapper {

  private final int most;
  private final Duration patience;
  private final OpenConnections connections;
  private final AtomicLong room;

  /**
   * A handler before others.
   *
   * @param most bytes of a body; of a longer one no more is read
   * @param patience how long a whole body may take to arrive
   * @param room bytes of all bodies that are on their way
   * @param connections are told of each request
   */
  public WholeBodies(int most, Duration patience, long room, OpenConnections connections) {
    this.most = most;
    this.patience = patience;
    this.room = new AtomicLong(room);
    this.connections = connections;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    connections.handles(request);
    boolean chunked = request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    long length = request.getLength();
    // One that says itself that it is too long is refused before it is read.
    if (length > most || length <= 0 && !chunked) {
      return super.handle(request, response, callback);
    }
    new Arrival(request, response, callback).begin();
    return true;
  }

  private void pass(Request request, Response response, Callback callback) {
    Passed.on(super::handle, request, response, callback);
  }

  /** Refuses, and closes the connection, in which the rest of the body may still come. */
  private static void refuse(int status, String why, Response response, Callback callback) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    byte[] json = Problem.of(status, why).json().getBytes(StandardCharsets.UTF_8);
    response.write(true, ByteBuffer.wrap(json), callback);
  }

  /** A body that arrives. */
  private final class Arrival {

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Runnable more = Invocable.from(InvocationType.NON_BLOCKING, this::read);

    Arrival(Request request, Response response, Callback callback) {
      this.request = request;
      this.response = response;
      this.callback = callback;
    }

    void begin() {
      Scheduler.Task late =
          request
              .getComponents()
              .getScheduler()
              .schedule(this::tooSlow, patience.toMillis(), TimeUnit.MILLISECONDS);
      Request.addCompletionListener(request, failure -> late.cancel());
      read();
    }

    private void read() {
      while (!over.get()) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(more);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          end(() -> refuse(400, "the body ends too early", response, callback));
          return;
        }
        boolean whole = take(chunk);
        if (room.get() < 0) {
          end(this::busy);
        } else if (whole) {
          end(() -> pass(new StoredRequest(request, bytes.toByteArray()), response, callback));
        }
      }
    }

    /** Keeps what has come; of one that is too long enough to see that. */
    private synchronized boolean take(Content.Chunk chunk) {
      if (over.get()) {
        chunk.release();
        return false;
      }
      byte[] some = new byte[Math.min(chunk.remaining(), most + 1 - bytes.size())];
      chunk.getByteBuffer().get(some);
      bytes.write(some, 0, some.length);
      room.addAndGet(-some.length);
      boolean last = chunk.isLast() || bytes.size() > most;
      chunk.release();
      return last;
    }

    private void busy() {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, Problems.RETRY_AFTER_SECONDS);
      refuse(503, "too many bodies are on their way, try again in a second", response, callback);
    }

    private void tooSlow() {
      end(() -> refuse(400, "the body comes too slowly", response, callback));
    }

    private void end(Runnable how) {
      synchronized (this) {
        if (!over.compareAndSet(false, true)) {
          return;
        }
        room.addAndGet(bytes.size());
      }
      how.run();
    }
  }
}
