package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.core.job.document.JobKey;
import io.swagger.parser.OpenAPIParser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The description of the API is valid, whole, and the one in docs. */
class DescriptionTest {

  private static final Path KEPT = Path.of("../docs/openapi.json");

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void the_document_in_docs_is_the_one_that_is_served() throws IOException {
    HttpResponse<String> served = server.get("/api/v1/openapi.json");
    if (Boolean.getBoolean("vramcast.golden.rewrite")) {
      Files.writeString(KEPT, served.body());
    }

    assertThat(served.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(served.body()).isEqualTo(Files.readString(KEPT));
  }

  @Test
  void a_parser_of_such_documents_finds_no_fault() {
    SwaggerParseResult parsed =
        new OpenAPIParser().readContents(JsonText.of(OpenApi.document()), null, null);

    assertThat(parsed.getMessages()).isNullOrEmpty();
    assertThat(parsed.getOpenAPI().getPaths()).hasSize(Operations.ALL.size() + 1);
  }

  @Test
  void the_page_for_readers_has_every_operation_and_every_key() {
    HttpResponse<String> page = server.get("/api/v1/docs");

    assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
    for (Operation operation : Operations.ALL) {
      assertThat(page.body()).contains("id=\"" + operation.name() + "\"");
    }
    for (JobKey key : JobKey.values()) {
      assertThat(page.body()).contains("<code>" + key.path() + "</code>");
    }
  }

  @Test
  void the_page_for_readers_asks_nobody_else_and_runs_nothing() {
    String page = server.get("/api/v1/docs").body();

    assertThat(page).doesNotContain("<script").doesNotContain("style=");
    assertThat(page).doesNotContainPattern("(src|href)=\"(https?:)?//");
    assertThat(server.get("/api/v1/docs.css").statusCode()).isEqualTo(200);
  }

  @Test
  void descriptions_name_fields_and_no_options() {
    assertThat(server.get("/api/v1/openapi.json").body().replace("--format json", ""))
        .doesNotContainPattern("--[a-z]");
  }
}
