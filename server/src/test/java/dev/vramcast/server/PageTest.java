package dev.vramcast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of the page, whichever there are. */
class PageTest {

  @TempDir private Path folder;

  @Test
  void a_build_without_the_page_says_so_and_where_the_api_is() {
    try (TestServer server = TestServer.start()) {
      HttpResponse<String> response = server.get("/");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain");
      assertThat(response.body()).contains("no page").contains("/api/v1/docs");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html;charset=utf-8, no-cache",
    "/assets/index-BdH3x9_a.js, text/javascript;charset=utf-8, immutable",
    "/icon.svg, image/svg+xml, no-cache"
  })
  void files_have_their_type_and_are_kept_as_long_as_their_name_tells(
      String path, String type, String kept) throws IOException {
    try (URLClassLoader loader = page();
        TestServer server = TestServer.start(loader)) {
      HttpResponse<String> response = server.get(path);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type").orElseThrow().replace(" ", ""))
          .isEqualTo(type);
      assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).contains(kept);
      assertThat(server.get("/assets/other.js").statusCode()).isEqualTo(404);
      assertThat(server.get("/assets").statusCode()).isEqualTo(404);
      assertThat(server.get("/secret.key").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void long_files_are_sent_compressed_to_whoever_takes_that() throws IOException {
    try (URLClassLoader loader = page();
        TestServer server = TestServer.start(loader)) {
      HttpResponse<byte[]> response =
          server
              .client()
              .send(
                  server
                      .request("/assets/index-BdH3x9_a.js")
                      .header("Accept-Encoding", "gzip")
                      .GET()
                      .build(),
                  HttpResponse.BodyHandlers.ofByteArray());

      assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
      byte[] text =
          new GZIPInputStream(new java.io.ByteArrayInputStream(response.body())).readAllBytes();
      assertThat(new String(text)).startsWith("let x=1;");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private URLClassLoader page() throws IOException {
    Path web = folder.resolve("dev/vramcast/web");
    Files.createDirectories(web.resolve("assets"));
    Files.writeString(web.resolve("index.html"), "<!doctype html><title>t</title>");
    Files.writeString(web.resolve("icon.svg"), "<svg/>");
    Files.writeString(web.resolve("secret.key"), "key");
    Files.writeString(web.resolve("assets/index-BdH3x9_a.js"), "let x=1;".repeat(2_000));
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, PageTest.class.getClassLoader());
  }
}
