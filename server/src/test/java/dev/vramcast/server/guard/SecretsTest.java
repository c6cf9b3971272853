package dev.vramcast.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.serve.AccessToken;
import dev.vramcast.answers.serve.ServeSettings;
import dev.vramcast.server.TestServer;
import dev.vramcast.server.work.Mistakes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A marked token, and everything that is said while it is used. */
@Isolated
class SecretsTest {

  private static final String MARK = "marked-secret-0123456789";
  private static final String OTHER = "another-secret-9876543210";
  private static final String JOB = "{\"job\": {\"model\": {\"id\": \"gpt2\"}}}";

  @TempDir private Path folder;

  @Test
  void a_token_is_in_no_log_no_answer_and_no_metric() throws IOException {
    PrintStream err = System.err;
    PrintStream out = System.out;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream all = new PrintStream(said, true, StandardCharsets.UTF_8);
    System.setErr(all);
    System.setOut(all);
    try (TestServer server = TestServer.start(settings())) {
      all.print(ask(server, JOB, "Bearer " + MARK, 200));
      all.print(ask(server, JOB, null, 200));
      all.print(ask(server, "no json", "Bearer " + MARK, 400));
      all.print(ask(server, JOB, "Bearer " + OTHER, 403));
      all.print(ask(server, JOB, "Basic " + OTHER, 403));
      all.print(server.get("/metrics").body());
      all.print(settings());
      Mistakes.tell(new IllegalStateException("with " + settings()));
    } finally {
      System.setErr(err);
      System.setOut(out);
    }

    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("\"kind\":", "mistake ")
        .doesNotContain(MARK, OTHER);
  }

  private static String ask(TestServer server, String body, String authorization, int status) {
    var request =
        server
            .request("/api/v1/estimate")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    HttpResponse<String> answer = server.send(request);
    assertThat(answer.statusCode()).isEqualTo(status);
    return answer.body();
  }

  private ServeSettings settings() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), MARK + "\n");
    return ServeSettings.usual(TestServer.CLOCK).withHub(AccessToken.in(file));
  }
}
