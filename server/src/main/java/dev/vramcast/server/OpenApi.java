package dev.vramcast.server;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.fields.ProblemRecord;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.schema.AnswerSchemas;
import dev.vramcast.answers.schema.JobSchema;
import dev.vramcast.answers.schema.RequestSchema;
import dev.vramcast.server.work.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The OpenAPI 3.1 document, read off the operations, the keys of a job and the answers' schemas.
 */
final class OpenApi {

  private static final String SCHEMAS = "#/components/schemas/";
  private static final String PROBLEM = AnswerSchemas.name(ProblemRecord.class);
  private static final String HEALTH = AnswerSchemas.name(HealthRecord.class);
  private static final String JOB = "Job";

  private OpenApi() {}

  static Map<String, Object> document() {
    Map<String, Object> paths = new LinkedHashMap<>();
    Operations.ALL.forEach(operation -> paths.put(Api.ROOT + operation.name(), path(operation)));
    paths.put(VramcastServer.HEALTH, health());
    Map<String, Object> schemas = new LinkedHashMap<>();
    schemas.put(JOB, JobSchema.create());
    schemas.putAll(AnswerSchemas.all(List.of(HealthRecord.class)));
    return map(
        "openapi",
        "3.1.0",
        "info",
        map(
            "title",
            "Vramcast",
            "version",
            Version.current(),
            "description",
            "Tells whether an LLM fine-tune fits a GPU, before the GPU is rented. The names, the"
                + " defaults and the answers are those of the command line with --format json.",
            "license",
            map("name", "Apache-2.0", "identifier", "Apache-2.0")),
        "servers",
        List.of(map("url", "/")),
        "paths",
        paths,
        "components",
        map("schemas", schemas));
  }

  private static Map<String, Object> path(Operation operation) {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("operationId", operation.name());
    asked.put("summary", operation.summary());
    boolean get = Api.isGet(operation);
    if (get) {
      asked.put("parameters", parameters(operation));
    } else {
      Map<String, Object> schema = RequestSchema.of(operation, ref(JOB));
      asked.put("requestBody", map("required", true, "content", json(schema)));
    }
    asked.put("responses", responses(operation, get));
    return map(get ? "get" : "post", asked);
  }

  private static List<Object> parameters(Operation operation) {
    List<Object> parameters = new ArrayList<>();
    for (Parameter parameter : FieldReader.parameters(operation)) {
      Map<String, Object> schema = new LinkedHashMap<>(RequestSchema.parameter(parameter));
      Object description = Objects.requireNonNull(schema.remove("description"));
      if (parameter.kind() != Parameter.Kind.FLAG) {
        schema = RequestSchema.inAddress(parameter);
      }
      parameters.add(
          map(
              "name",
              parameter.field(),
              "in",
              "query",
              "description",
              description,
              "schema",
              schema));
    }
    return parameters;
  }

  private static Map<String, Object> responses(Operation operation, boolean get) {
    List<Object> schemas = new ArrayList<>();
    AnswerSchemas.of(operation).forEach(name -> schemas.add(ref(name)));
    Map<String, Object> schema =
        schemas.size() == 1 ? ref(AnswerSchemas.of(operation).get(0)) : map("oneOf", schemas);
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("200", map("description", "The answer.", "content", json(schema)));
    problem(responses, 400, "The request is not as described here; field names what is not.");
    if (get) {
      problem(responses, 414, "The address is too long.");
    } else {
      problem(responses, 413, "The body is too long.");
      problem(responses, 415, "The body is not application/json in UTF-8.");
    }
    problem(responses, 421, "The Host is not this machine, where only this machine is served.");
    problem(
        responses,
        422,
        "The request is as described here, but something in it cannot be used, such as a name that"
            + " nobody knows or two keys that contradict each other; field names it.");
    problem(responses, 500, "A mistake of the program.");
    problem(
        responses,
        503,
        "Too much is asked at once, or there is no answer in time; Retry-After says when to ask"
            + " again.");
    return responses;
  }

  private static void problem(Map<String, Object> responses, int status, String description) {
    responses.put(
        String.valueOf(status),
        map(
            "description",
            description,
            "content",
            map(Problem.CONTENT_TYPE, map("schema", ref(PROBLEM)))));
  }

  /** What those ask who watch over the server. */
  private static Map<String, Object> health() {
    return map(
        "get",
        map(
            "operationId",
            "health",
            "summary",
            "Say that the server answers.",
            "responses",
            map("200", map("description", "It does.", "content", json(ref(HEALTH))))));
  }

  private static Map<String, Object> json(Map<String, Object> schema) {
    return map(RequestBody.JSON, map("schema", schema));
  }

  private static Map<String, Object> ref(String name) {
    return map("$ref", SCHEMAS + name);
  }

  private static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
