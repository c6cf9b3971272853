package dev.vramcast.catalog.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Tag("slow")
class HubClientTest {

  private static final HubId ID = new HubId("owner/model");
  private static final String PATH = "/owner/model/resolve/main/config.json";

  @TempDir Path folder;

  @Test
  void fetches_a_config_and_sends_the_token_to_the_endpoint() throws IOException {
    try (HubServer hub = new HubServer(HubServer.json("{\"a\": 1}"))) {
      assertThat(fetch(hub, Optional.of("secret"))).isEqualTo("{\"a\": 1}");
      assertThat(hub.tokenFor(PATH)).isEqualTo("Bearer secret");
    }
  }

  @Test
  void follows_redirects_within_the_endpoint_with_the_token() throws IOException {
    try (HubServer hub = new HubServer(redirectOnce("/renamed"))) {
      assertThat(fetch(hub, Optional.of("secret"))).isEqualTo("{}");
      assertThat(hub.tokenFor("/renamed")).isEqualTo("Bearer secret");
    }
  }

  @Test
  void follows_redirects_to_other_hosts_without_the_token() throws IOException {
    try (HubServer store = new HubServer(HubServer.json("{\"from\": \"store\"}"));
        HubServer hub = new HubServer(redirectOnce(store.address() + "/blob"))) {
      assertThat(fetch(hub, Optional.of("secret"))).isEqualTo("{\"from\": \"store\"}");
      assertThat(hub.tokenFor(PATH)).isEqualTo("Bearer secret");
      assertThat(store.tokenFor("/blob")).isEqualTo("none");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "jar:x", "::"})
  void does_not_follow_redirects_out_of_the_web(String target) throws IOException {
    try (HubServer hub = new HubServer(redirectOnce(target))) {
      assertRefused(hub, "a redirect to");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost.evil.example/x",
        "http://evil.example/huggingface.co",
        "http://169.254.169.254/latest/meta-data",
        "http://xhuggingface.co/x",
        "http://127.0.0.1@evil.example/x",
      })
  void does_not_follow_redirects_to_strangers(String target) throws IOException {
    try (HubServer hub = new HubServer(redirectOnce(target))) {
      assertRefused(hub, "which is no host of the Hub");
    }
  }

  @Test
  void gives_up_on_endless_redirects() throws IOException {
    try (HubServer hub = new HubServer(exchange -> redirect(exchange, "/again"))) {
      assertRefused(hub, "more than 5 redirects");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | HF_TOKEN has to be set",
        "403 | gated model, for which HF_TOKEN has to be set",
        "404 | no config.json in revision 'main'",
        "429 | too many requests",
        "500 | fault at the moment",
        "503 | fault at the moment",
        "418 | unexpected answer",
      })
  void explains_each_refusal_in_one_line(int status, String meaning) throws IOException {
    try (HubServer hub = new HubServer(HubServer.status(status))) {
      assertRefused(hub, meaning);
      assertRefused(hub, "HTTP " + status);
    }
  }

  @Test
  void tells_a_wrong_token_from_a_missing_one() throws IOException {
    try (HubServer hub = new HubServer(HubServer.status(401))) {
      assertThatThrownBy(() -> fetch(hub, Optional.of("secret")))
          .hasMessageContaining("the token in HF_TOKEN is not valid")
          .hasMessageNotContaining("secret");
    }
  }

  /** Wherever an answer may come from, and whatever it repeats. */
  @ParameterizedTest
  @ValueSource(ints = {200, 307, 400, 401, 403, 404, 429, 500})
  void the_token_is_in_nothing_that_is_said_or_kept(int status) throws IOException {
    String mark = "hf_marked-secret-0123456789";
    HubServer.Answer answer =
        exchange -> {
          exchange.getResponseHeaders().add("Location", "http://evil.example/x");
          HubServer.send(exchange, status, "{}".getBytes(StandardCharsets.UTF_8));
        };
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream all = new PrintStream(said, true, StandardCharsets.UTF_8);
    System.setErr(all);
    try (HubServer hub = new HubServer(answer)) {
      Environment environment = environment(hub, Optional.of(mark), Duration.ofSeconds(10));
      all.print(environment);
      try {
        all.write(new HubClient(environment).config(ID, "main"));
      } catch (InputException e) {
        e.printStackTrace(all);
      }
      assertThat(hub.tokenFor(PATH)).isEqualTo("Bearer " + mark);
    } finally {
      System.setErr(err);
    }

    assertThat(said.toString(StandardCharsets.UTF_8)).isNotEmpty().doesNotContain(mark);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(file).content().doesNotContain(mark);
      }
    }
  }

  @Test
  void passes_on_how_long_to_wait() throws IOException {
    HubServer.Answer answer =
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "120");
          HubServer.send(exchange, 429, new byte[0]);
        };
    try (HubServer hub = new HubServer(answer)) {
      assertRefused(hub, "wait 120 s");
    }
  }

  @Test
  void breaks_off_when_the_answer_is_too_large() throws IOException {
    HubServer.Answer endless =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[1 << 16];
          for (int i = 0; i < 400; i++) {
            exchange.getResponseBody().write(block);
          }
        };
    try (HubServer hub = new HubServer(endless)) {
      assertRefused(hub, "larger than 10 MiB");
    }
  }

  @Test
  void notices_an_answer_that_was_cut_off() throws IOException {
    HubServer.Answer cut =
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write("{\"a\":".getBytes(StandardCharsets.UTF_8));
          exchange.getResponseBody().flush();
        };
    try (HubServer hub = new HubServer(cut)) {
      assertRefused(hub, "cut off");
    }
  }

  @Test
  void does_not_wait_for_an_answer_that_drips() throws IOException {
    HubServer.Answer slow =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          // Until whoever asks has gone.
          while (true) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            pause();
          }
        };
    try (HubServer hub = new HubServer(slow)) {
      assertThatThrownBy(() -> fetch(hub, Optional.empty(), Duration.ofSeconds(1)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("no whole answer within 1 s");
    }
  }

  @Test
  void says_when_the_endpoint_cannot_be_reached() throws IOException {
    HubServer hub = new HubServer(HubServer.status(200));
    hub.close();
    assertRefused(hub, "cannot be reached");
  }

  private void assertRefused(HubServer hub, String meaning) {
    assertThatThrownBy(() -> fetch(hub, Optional.empty()))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("model 'owner/model': ")
        .hasMessageContaining(meaning)
        .hasMessageContaining("path to its config.json")
        .hasMessageNotContaining("\n");
  }

  private String fetch(HubServer hub, Optional<String> token) {
    return fetch(hub, token, Duration.ofSeconds(10));
  }

  private String fetch(HubServer hub, Optional<String> token, Duration limit) {
    Environment environment = environment(hub, token, limit);
    return new String(new HubClient(environment).config(ID, "main"), StandardCharsets.UTF_8);
  }

  private Environment environment(HubServer hub, Optional<String> token, Duration limit) {
    return new Environment(
        folder, folder, URI.create(hub.address()), token, false, Duration.ofSeconds(5), limit);
  }

  private static HubServer.Answer redirectOnce(String target) {
    return exchange -> {
      if (exchange.getRequestURI().getPath().equals(PATH)) {
        redirect(exchange, target);
      } else {
        HubServer.send(exchange, 200, "{}".getBytes(StandardCharsets.UTF_8));
      }
    };
  }

  private static void redirect(com.sun.net.httpserver.HttpExchange exchange, String target)
      throws IOException {
    exchange.getResponseHeaders().add("Location", target);
    HubServer.send(exchange, 307, new byte[0]);
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
