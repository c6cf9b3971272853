package dev.vramcast.catalog.price.refresh;

import dev.vramcast.catalog.source.LimitedBody;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a source, by HTTPS alone save from this machine, within limits of bytes and of time.
 *
 * @param maxBytes of an answer
 * @param timeout of a whole answer, redirects included
 */
public record SourceClient(int maxBytes, Duration timeout) {

  /** As much as a price list in a file may have. */
  public static final SourceClient USUAL = new SourceClient(32 << 20, Duration.ofSeconds(60));

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int MAX_REDIRECTS = 5;
  private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Whether an address may be asked. */
  static boolean isSafe(URI address) {
    String host = address.getHost();
    if (host == null) {
      return false;
    }
    return "https".equals(address.getScheme())
        || "http".equals(address.getScheme()) && THIS_MACHINE.contains(host);
  }

  /**
   * What a source answers.
   *
   * @throws InputException one line that says what went wrong
   */
  byte[] fetch(PriceSource source) {
    long deadline = System.nanoTime() + timeout.toNanos();
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT.compareTo(timeout) < 0 ? CONNECT : timeout)
            .build();
    URI next = source.address();
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<byte[]> response = send(client, source, next, deadline);
      int status = response.statusCode();
      if (status == 200) {
        return response.body();
      }
      if (!REDIRECTS.contains(status)) {
        throw failure(source, "answers with HTTP " + status);
      }
      next = target(source, next, response.headers().firstValue("Location").orElse(""));
    }
    throw failure(source, "redirects more than " + MAX_REDIRECTS + " times");
  }

  private HttpResponse<byte[]> send(
      HttpClient client, PriceSource source, URI address, long deadline) {
    Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(left)
            .header("User-Agent", "vramcast")
            .header("Accept", "application/json, text/csv, text/plain");
    source
        .body()
        .ifPresent(
            body ->
                request
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body)));
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), info -> new LimitedBody(maxBytes));
    try {
      return answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw failure(source, tooSlow());
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw failure(source, "was interrupted");
    } catch (ExecutionException e) {
      throw failure(source, reason(e.getCause()));
    }
  }

  private String tooSlow() {
    return "gives no whole answer within " + timeout.toMillis() + " ms";
  }

  private String reason(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof LimitedBody.TooLargeException) {
        return "answers with more than " + maxBytes + " bytes";
      }
      if (each instanceof HttpConnectTimeoutException || each instanceof ConnectException) {
        return "cannot be reached";
      }
      if (each instanceof HttpTimeoutException) {
        return tooSlow();
      }
    }
    return "answers with what is cut off or unreadable ("
        + (cause == null ? "" : Shown.cause(cause))
        + ")";
  }

  private static URI target(PriceSource source, URI from, String location) {
    try {
      URI to = from.resolve(location);
      if (!location.isEmpty() && isSafe(to)) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      throw failure(source, "redirects to what is no address");
    }
    throw failure(source, "redirects to where no HTTPS is");
  }

  private static InputException failure(PriceSource source, String what) {
    return InputError.of(what)
        .kind(ErrorKind.UNAVAILABLE)
        .at(Place.of(source.address().toString()))
        .refusal();
  }
}
