package dev.vramcast.server.guard;

import dev.vramcast.server.work.Problem;
import dev.vramcast.server.work.Problems;
import dev.vramcast.server.work.Work;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Lets requests through in threads of its own, few enough that the one that reads from connections
 * gets its share of the cores; it never waits for them. Of requests that wait for such a thread
 * there is a number at most, and one more is refused: a server whose code has not been compiled yet
 * is asked for more than it can even read.
 */
public final class RequestQueue extends Handler.Wrapper {

  private static final long IDLE_SECONDS = 60;

  private static final byte[] REFUSAL =
      Problem.of(503, Work.CROWDED).json().getBytes(StandardCharsets.UTF_8);

  private final ThreadPoolExecutor pool;
  private final HttpFields headers;
  private final Consumer<Request> counter;

  /**
   * A handler before others.
   *
   * @param threads at most
   * @param waiting requests that no thread has taken yet, at most
   * @param headers of every answer
   * @param counter runs at each refusal
   */
  public RequestQueue(int threads, int waiting, HttpFields headers, Consumer<Request> counter) {
    this.pool = pool(threads, waiting);
    this.headers = headers;
    this.counter = counter;
  }

  private static ThreadPoolExecutor pool(int threads, int waiting) {
    ThreadPoolExecutor made =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            task -> {
              Thread thread = new Thread(task, "vramcast-request");
              thread.setDaemon(true);
              return thread;
            });
    made.allowCoreThreadTimeOut(true);
    return made;
  }

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    pool.shutdown();
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      pool.execute(() -> pass(request, response, callback));
    } catch (RejectedExecutionException e) {
      counter.accept(request);
      refuse(response, callback);
    }
    return true;
  }

  private void pass(Request request, Response response, Callback callback) {
    Passed.on(super::handle, request, response, callback);
  }

  private void refuse(Response response, Callback callback) {
    response.setStatus(HttpStatus.SERVICE_UNAVAILABLE_503);
    response.getHeaders().add(headers);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.CONTENT_TYPE);
    response.getHeaders().put(HttpHeader.RETRY_AFTER, Problems.RETRY_AFTER_SECONDS);
    response.write(true, ByteBuffer.wrap(REFUSAL), callback);
  }
}
