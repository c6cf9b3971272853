package dev.vramcast.server;

import dev.vramcast.answers.Version;
import dev.vramcast.answers.fields.FieldReader;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Operation.Subject;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.operation.Parameter.Kind;
import dev.vramcast.answers.registry.Operations;
import dev.vramcast.answers.words.ProgramWords;
import dev.vramcast.core.job.document.JobKey;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The API for readers, as HTML without scripts. */
final class DocsPage {

  private static final Map<String, String> EXAMPLES =
      Map.of(
          "estimate", "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"}, \"method\": \"qlora\"}}",
          "fit",
              "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"}, \"hardware\": {\"gpu\": \"L4\"}}}",
          "max", "{\"memory\": \"24GB\"}",
          "plan",
              "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"}, \"data\": {\"tokens\": 1e8}},"
                  + " \"methods\": [\"full\", \"lora\"]}",
          "cost",
              "{\"params\": \"70B\", \"job\": {\"method\": \"full\", \"data\": {\"tokens\": 1e8}}}",
          "lint",
              "{\"files\": [{\"name\": \"axolotl.yml\", \"text\": \"base_model: gpt2\\n"
                  + "adapter: lora\\nlora_rr: 8\\n\"}]}",
          "write",
              "{\"job\": {\"model\": {\"id\": \"llama-3.1-8b\"}, \"hardware\": {\"gpu\": \"L4\"}},"
                  + " \"to\": \"axolotl\"}",
          "models", "search=qwen3",
          "gpus", "search=24GB..48GB",
          "prices", "gpu=h100:8");

  private DocsPage() {}

  static String html() {
    StringBuilder html = new StringBuilder();
    html.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Vramcast API</title>
        <link rel="stylesheet" href="docs.css">
        </head>
        <body>
        <main>
        """);
    html.append("<h1>Vramcast API <small>")
        .append(text(Version.current()))
        .append("</small></h1>\n");
    html.append(
        """
        <p>The names, the defaults and the answers are those of the command line with
        <code>--format json</code>. Programs read <a href="openapi.json">openapi.json</a>
        (OpenAPI 3.1), which has the schema of every answer.</p>
        <p>A body is one JSON object, and every field may be left out. <code>job</code> is a job
        document and wins over <code>files</code>, the texts of a job document or of a framework's
        training files. What cannot be used is answered with a problem (RFC 9457) whose
        <code>field</code> names it.</p>
        """);
    Operations.ALL.forEach(operation -> html.append(section(operation)));
    html.append(job());
    return html.append("</main>\n</body>\n</html>\n").toString();
  }

  private static String section(Operation operation) {
    boolean get = Api.isGet(operation);
    String path = Api.ROOT + operation.name();
    StringBuilder html = new StringBuilder();
    html.append("<section id=\"%s\">\n".formatted(operation.name()));
    html.append("<h2><span>%s</span> %s</h2>\n".formatted(get ? "GET" : "POST", path));
    html.append("<p>").append(text(operation.summary())).append("</p>\n<dl>\n");
    if (operation.subject() == Subject.JOB) {
      html.append(field(FieldReader.JOB, "object", "The job, with the keys below."));
    }
    if (operation.subject() != Subject.CATALOGUE) {
      html.append(field(FieldReader.FILES, "list of {name, text}", "Texts that describe the job."));
    }
    for (Parameter parameter : FieldReader.parameters(operation)) {
      String kind = parameter.kind() == Kind.FLAG ? "true | false" : parameter.label();
      html.append(field(parameter.field(), kind, parameter.description(ProgramWords.ALL)));
    }
    html.append("</dl>\n<pre>").append(text(example(operation, get, path))).append("</pre>\n");
    return html.append("</section>\n").toString();
  }

  private static String example(Operation operation, boolean get, String path) {
    String given = EXAMPLES.getOrDefault(operation.name(), "");
    return get
        ? "curl 'http://localhost:8383" + path + (given.isEmpty() ? "" : "?" + given) + "'"
        : "curl http://localhost:8383%s -H 'Content-Type: application/json' \\\n  -d '%s'"
            .formatted(path, given.replace("\n", "\\n"));
  }

  private static String job() {
    String keys = Arrays.stream(JobKey.values()).map(DocsPage::key).collect(Collectors.joining());
    return "<section id=\"job\">\n<h2>The keys of a job</h2>\n<dl>\n"
        + keys
        + "</dl>\n</section>\n";
  }

  private static String key(JobKey key) {
    String fallback = key.fallback().shown();
    return field(
        key.path(),
        key.kind().allowed(),
        key.description() + (fallback.isEmpty() ? "" : "; without it: " + fallback));
  }

  private static String field(String name, String kind, String description) {
    return "<dt><code>%s</code> <em>%s</em></dt>\n<dd>%s</dd>\n"
        .formatted(text(name), text(kind), text(description));
  }

  private static String text(String raw) {
    return raw.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
