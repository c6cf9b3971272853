package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import com.sun.net.httpserver.HttpServer;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.JsonText;
import dev.vramcast.cli.Vramcast;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing that a client sends is opened: a file that the command line reads under the same name
 * stays closed, and a host that is named is not asked.
 */
@Tag("slow")
class NoFileIsOpenedTest {

  /** Found in answers about the file, and nowhere else. */
  private static final String CANARY = "7919";

  private static final String CONFIG =
      "{\"model_type\": \"llama\", \"hidden_size\": 64, \"num_hidden_layers\": 2,"
          + " \"num_attention_heads\": 2, \"intermediate_size\": 128, \"vocab_size\": 7919}";

  @TempDir private static Path folder;

  private static TestServer server;
  private static HttpServer host;
  private static final AtomicInteger ASKED = new AtomicInteger();

  @BeforeAll
  static void start() throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG);
    server = TestServer.start();
    host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    host.createContext(
        "/",
        exchange -> {
          ASKED.incrementAndGet();
          exchange.sendResponseHeaders(200, CONFIG.length());
          exchange.getResponseBody().write(CONFIG.getBytes());
          exchange.close();
        });
    host.start();
  }

  @AfterAll
  static void stop() {
    server.close();
    host.stop(0);
  }

  @Test
  void the_command_line_opens_the_file_that_the_server_does_not() {
    StringWriter out = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out),
            new PrintWriter(out),
            new Terminal(Terminal.PLAIN_WIDTH, false, true),
            new Environment(TestServer.CLOCK, Map.of()));
    Vramcast.run(
        List.of("estimate", "--offline", "--model", folder.toString(), "--format", "json"),
        console);
    assertThat(out.toString()).contains("\"vocabulary_size\": " + CANARY);

    assertThat(refused(Map.of("job", Map.of("model", Map.of("id", folder.toString())))))
        .contains("unknown model");
  }

  @Test
  void hostile_names_of_models_open_nothing() {
    for (String name : hostile()) {
      refused(Map.of("job", Map.of("model", Map.of("id", name))));
      refused(Map.of("job", Map.of("model", Map.of("id", name)), "revision", "main"));
    }
    assertThat(ASKED).hasValue(0);
  }

  @Test
  void paths_in_a_job_open_nothing() {
    for (String path : hostile()) {
      assertThat(refused(Map.of("job", Map.of("model", Map.of("config", path)))))
          .contains("no files are opened here");
      refused(job(Map.of("file", path)));
      refused(job(Map.of("file", path, "tokenizer", path)));
    }
    assertThat(ASKED).hasValue(0);
  }

  @Test
  void paths_in_a_file_open_nothing() {
    for (String path : hostile()) {
      String quoted = "'" + path.replace("'", "") + "'";
      refused(file("job.yaml", "model: {config: " + quoted + "}\nmethod: full\n"));
      refused(file("job.yaml", "model: {id: gpt2}\ndata: {file: " + quoted + "}\n"));
      refused(file("axolotl.yml", "base_model: " + quoted + "\nadapter: lora\n"));
      HttpResponse<String> read =
          server.post(
              "estimate",
              JsonText.of(
                  file(
                      "axolotl.yml",
                      "base_model: gpt2\nadapter: lora\nsequence_len: 512\ndeepspeed: "
                          + quoted
                          + "\n")));
      assertThat(read.body()).doesNotContain(CANARY);
    }
    assertThat(ASKED).hasValue(0);
  }

  @Test
  void names_of_files_open_nothing() {
    for (String name : hostile()) {
      assertThat(server.post("lint", JsonText.of(file(name, "a: 1\n"))).body())
          .doesNotContain(CANARY);
      assertThat(server.post("cost", JsonText.of(Map.of("list", name))).body())
          .doesNotContain(CANARY);
    }
    assertThat(ASKED).hasValue(0);
  }

  @Test
  void no_name_made_of_such_pieces_opens_anything() {
    List<String> pieces = new ArrayList<>(hostile());
    pieces.addAll(List.of("/", "..", "\\", "%2e%2e%2f", "\u0000", " ", "config.json", "~", ":"));
    qt().withExamples(300)
        .forAll(lists().of(integers().between(0, pieces.size() - 1)).ofSizeBetween(1, 5))
        .checkAssert(
            picks -> {
              StringBuilder name = new StringBuilder();
              picks.forEach(pick -> name.append(pieces.get(pick)));
              refused(Map.of("job", Map.of("model", Map.of("id", name.toString()))));
            });
    assertThat(ASKED).hasValue(0);
  }

  private static List<String> hostile() {
    String here = folder.toString();
    Path relative = Path.of("").toAbsolutePath().relativize(folder);
    return List.of(
        here,
        here + "/config.json",
        here + "/",
        relative.toString(),
        "file://" + here + "/config.json",
        "http://127.0.0.1:" + host.getAddress().getPort() + "/config.json",
        "//127.0.0.1:" + host.getAddress().getPort() + "/config.json",
        "127.0.0.1:" + host.getAddress().getPort(),
        "../../etc/passwd",
        "/etc/passwd",
        "/proc/self/environ",
        "~/config.json",
        "C:\\windows\\win.ini",
        "\\\\host\\share",
        "http://169.254.169.254/latest/meta-data");
  }

  private static Map<String, Object> job(Map<String, String> data) {
    return Map.of("job", Map.of("model", Map.of("id", "gpt2"), "data", data));
  }

  private static Map<String, Object> file(String name, String text) {
    return Map.of("files", List.of(Map.of("name", name, "text", text)));
  }

  /** The detail of the problem, which tells nothing of what a file holds. */
  private static String refused(Map<String, Object> fields) {
    HttpResponse<String> response = server.post("estimate", JsonText.of(fields));
    assertThat(response.body()).doesNotContain(CANARY);
    return ErrorsTest.refused(response).get("detail").asString();
  }
}
