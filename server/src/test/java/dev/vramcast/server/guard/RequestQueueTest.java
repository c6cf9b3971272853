package dev.vramcast.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One thread, one request that waits for it, and the answer that waits for nothing. */
@Timeout(60)
class RequestQueueTest {

  private final Semaphore begun = new Semaphore(0);
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger counted = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private final Server server = new Server(new QueuedThreadPool(4, 4));
  private final HttpClient client = HttpClient.newHttpClient();

  /** Says that it has begun, and ends when all may. */
  private final class Blocked extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws InterruptedException {
      begun.release();
      end.await();
      callback.succeeded();
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    server.addConnector(new ServerConnector(server));
    RequestQueue queue =
        new RequestQueue(
            1,
            1,
            HttpFields.from(new HttpField("X-Of-All", "yes")),
            request -> refusals.incrementAndGet());
    queue.setHandler(new Blocked());
    AtOnce atOnce =
        new AtOnce(
            "/health",
            headers -> !"elsewhere".equals(headers.get("X-From")),
            HttpFields.from(new HttpField("X-Told", "yes")),
            "well".getBytes(StandardCharsets.US_ASCII),
            request -> counted.incrementAndGet());
    atOnce.setHandler(queue);
    server.setHandler(atOnce);
    server.setDefaultHandler(null);
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    end.countDown();
    server.stop();
  }

  @Test
  void while_all_threads_are_taken_one_more_waits_the_next_is_refused_and_health_answers()
      throws Exception {
    CompletableFuture<HttpResponse<String>> taken = asked("/work");
    begun.acquire();
    List<CompletableFuture<HttpResponse<String>>> two = List.of(asked("/work"), asked("/work"));
    HttpResponse<String> refused = first(two).get();

    HttpResponse<String> health = got("/health");
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).isEqualTo("well");
    assertThat(health.headers().firstValue("X-Told")).hasValue("yes");
    assertThat(counted).hasValue(1);
    HttpResponse<String> head = head("/health");
    assertThat(head.headers().firstValue("X-Told")).hasValue("yes");
    assertThat(head.headers().firstValue("Content-Length")).hasValue("4");
    assertThat(head.body()).isEmpty();
    assertThat(counted).hasValue(2);
    assertThat(refusals).hasValue(1);
    assertThat(refused.headers().firstValue("X-Of-All")).hasValue("yes");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(refused.body()).contains("too many requests are waiting");
    end.countDown();
    assertThat(taken.get().statusCode()).isEqualTo(200);
    assertThat(List.of(two.get(0).get().statusCode(), two.get(1).get().statusCode()))
        .containsExactlyInAnyOrder(200, 503);
  }

  private static <T> CompletableFuture<T> first(List<CompletableFuture<T>> all) {
    CompletableFuture<T> first = new CompletableFuture<>();
    all.forEach(each -> each.thenAccept(first::complete));
    return first;
  }

  @Test
  void what_is_asked_by_others_or_in_another_way_takes_its_turn() throws Exception {
    CompletableFuture<HttpResponse<String>> elsewhere =
        client.sendAsync(
            request("/health").header("X-From", "elsewhere").build(), BodyHandlers.ofString());
    begun.acquire();
    end.countDown();

    assertThat(elsewhere.get().headers().firstValue("X-Told")).isEmpty();
    HttpRequest post = request("/health").POST(HttpRequest.BodyPublishers.noBody()).build();
    assertThat(client.send(post, BodyHandlers.ofString()).headers().firstValue("X-Told")).isEmpty();
    assertThat(counted).hasValue(0);
    assertThat(refusals).hasValue(0);
  }

  @Test
  void the_thread_that_reads_from_connections_hands_nothing_over_before() {
    assertThat(server.getInvocationType()).isEqualTo(InvocationType.NON_BLOCKING);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.getURI().getPort() + path));
  }

  private CompletableFuture<HttpResponse<String>> asked(String path) {
    return client.sendAsync(request(path).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> head(String path) throws IOException, InterruptedException {
    return client.send(
        request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> got(String path) throws IOException, InterruptedException {
    return client.send(request(path).build(), BodyHandlers.ofString());
  }
}
