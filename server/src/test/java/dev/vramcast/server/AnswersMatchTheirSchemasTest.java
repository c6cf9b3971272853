package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.vramcast.answers.text.JsonText;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is asked and answered is what the OpenAPI document says, whose schemas are closed. */
@Tag("slow")
class AnswersMatchTheirSchemasTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonNode DOCUMENT = JSON.readTree(JsonText.of(OpenApi.document()));
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvFileSource(resources = "asked.txt", delimiter = '|', quoteCharacter = '"')
  void about_jobs_and_files(String operation, String fields) {
    String body = "{" + fields.replace('\'', '"') + "}";

    assertThat(schema(request(operation)).validate(JSON.readTree(body))).isEmpty();
    matches(server.post(operation, body), operation, "post", 200);
  }

  @ParameterizedTest
  @CsvSource({
    "models",
    "models?search=qwen",
    "gpus",
    "prices",
    "prices?spot=true",
    "prices?list=guide-2026-07",
    "guide"
  })
  void about_what_is_known(String address) {
    String operation = address.replaceFirst("\\?.*", "");

    matches(server.get(Api.ROOT + address), operation, "get", 200);
  }

  @Test
  void problems() {
    matches(server.post("estimate", "{}"), "estimate", "post", 422);
    matches(server.post("estimate", "{"), "estimate", "post", 400);
    matches(server.get("/api/v1/gpus?serch=x"), "gpus", "get", 400);
  }

  /** What the description does not forbid is never refused as not being as described. */
  @ParameterizedTest
  @CsvFileSource(resources = "refused.txt", delimiter = '|', quoteCharacter = '"')
  void refusals_of_what_is_as_described(String operation, String fields) {
    String body = "{" + fields.replace('\'', '"') + "}";

    if (schema(request(operation)).validate(JSON.readTree(body)).isEmpty()) {
      matches(server.post(operation, body), operation, "post", 422);
    } else {
      assertThat(server.post(operation, body).statusCode()).isIn(400, 422);
    }
  }

  private static JsonNode request(String operation) {
    return DOCUMENT
        .get("paths")
        .get(Api.ROOT + operation)
        .at("/post/requestBody/content")
        .get("application/json")
        .get("schema");
  }

  private static void matches(
      HttpResponse<String> response, String operation, String method, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    String type = response.headers().firstValue("Content-Type").orElseThrow();
    JsonNode schema =
        DOCUMENT
            .get("paths")
            .get(Api.ROOT + operation)
            .get(method)
            .get("responses")
            .get(String.valueOf(status))
            .get("content")
            .get(type)
            .get("schema");
    assertThat(schema(schema).validate(TestServer.json(response))).isEmpty();
  }

  /** A schema of the document, which refers to the document's own. */
  private static Schema schema(JsonNode part) {
    Map<String, Object> whole = new LinkedHashMap<>();
    whole.put("allOf", new Object[] {part});
    whole.put("components", DOCUMENT.get("components"));
    return REGISTRY.getSchema(JSON.valueToTree(whole));
  }
}
