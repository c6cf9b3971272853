package dev.vramcast.catalog.source;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Fetches small files from the Hub. Redirects are followed by hand, so that the token goes to the
 * endpoint and to nobody else; an answer has a limit in bytes and a limit in time.
 */
final class HubClient {

  static final int MAX_CONFIG_BYTES = 10 << 20;
  private static final int MAX_REDIRECTS = 5;

  /** Where the Hub keeps what it does not send itself. */
  private static final List<String> HUB = List.of("huggingface.co", "hf.co");

  private final Environment environment;
  private final HttpClient client;

  HubClient(Environment environment) {
    this.environment = environment;
    this.client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(environment.connectTimeout())
            .build();
  }

  /**
   * The {@code config.json} of a repository.
   *
   * @throws InputException one line that says which request failed and what to do about it
   */
  byte[] config(HubId id, String revision) {
    URI address =
        URI.create(
            environment.endpoint() + "/" + id.value() + "/resolve/" + revision + "/config.json");
    long deadline = System.nanoTime() + environment.answerTimeout().toNanos();
    URI next = address;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<byte[]> response = send(id, next, deadline);
      int status = response.statusCode();
      if (status == 200) {
        return response.body();
      }
      if (!isRedirect(status)) {
        throw new HubAnswer(id, revision, environment).refusal(status, response.headers());
      }
      next = target(id, next, response);
    }
    throw failure(id, "more than " + MAX_REDIRECTS + " redirects");
  }

  private HttpResponse<byte[]> send(HubId id, URI address, long deadline) {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (left.isNegative() || left.isZero()) {
      throw tooSlow(id);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).timeout(left).header("User-Agent", "vramcast");
    if (isEndpoint(address)) {
      environment.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request.build(), info -> new LimitedBody(MAX_CONFIG_BYTES));
    try {
      return answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw tooSlow(id);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw failure(id, "interrupted");
    } catch (ExecutionException e) {
      throw failure(id, reason(e.getCause()));
    }
  }

  private String reason(@Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof LimitedBody.TooLargeException) {
        return "config.json is larger than " + (MAX_CONFIG_BYTES >> 20) + " MiB";
      }
      if (each instanceof HttpConnectTimeoutException || each instanceof ConnectException) {
        return environment.endpoint() + " cannot be reached";
      }
      if (each instanceof java.net.http.HttpTimeoutException) {
        return "no whole answer within " + environment.answerTimeout().toSeconds() + " s";
      }
    }
    return cause instanceof IOException
        ? "the answer was cut off or unreadable (" + Shown.cause(cause) + ")"
        : String.valueOf(cause);
  }

  private URI target(HubId id, URI from, HttpResponse<byte[]> response) {
    String location =
        response
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> failure(id, "a redirect without an address"));
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw failure(id, "a redirect to something that is no address");
    }
    boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
    boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
    if (weaker || !web || to.getHost() == null) {
      throw failure(id, "a redirect to " + to.getScheme() + ", which is not followed");
    }
    if (!isAllowed(to.getHost())) {
      throw failure(
          id, "a redirect to " + Shown.oneLine(to.getHost()) + ", which is no host of the Hub");
    }
    return to;
  }

  /** The endpoint's host and those below it, and the Hub's own, where mirrors send to too. */
  private boolean isAllowed(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return Stream.concat(Stream.of(environment.endpoint().getHost()), HUB.stream())
        .map(allowed -> allowed.toLowerCase(Locale.ROOT))
        .anyMatch(allowed -> lower.equals(allowed) || lower.endsWith("." + allowed));
  }

  private boolean isEndpoint(URI address) {
    URI endpoint = environment.endpoint();
    return endpoint.getScheme().equals(address.getScheme())
        && endpoint.getHost().equalsIgnoreCase(address.getHost())
        && endpoint.getPort() == address.getPort();
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private InputException tooSlow(HubId id) {
    return failure(id, "no whole answer within " + environment.answerTimeout().toSeconds() + " s");
  }

  private static InputException failure(HubId id, String reason) {
    return InputError.of("model ", Shown.given(id.value()), ": not fetched from the Hub: ", reason)
        .kind(ErrorKind.UNAVAILABLE)
        .given(id.value())
        .concerning(JobKey.MODEL_ID)
        .hint("give a path to its config.json, or its size with ", HubAnswer.SIZE)
        .refusal();
  }
}
