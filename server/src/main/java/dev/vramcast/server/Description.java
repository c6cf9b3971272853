package dev.vramcast.server;

import dev.vramcast.answers.text.JsonText;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The description of the API, for programs and for people. */
final class Description {

  private static final String STYLE = "docs.css";

  private final byte[] openApi = bytes(JsonText.of(OpenApi.document()));
  private final byte[] page = bytes(DocsPage.html());

  void addTo(RoutesConfig routes) {
    byte[] style = style();
    Routes.get(
        routes,
        Api.ROOT + "openapi.json",
        context -> context.result(openApi).contentType(RequestBody.JSON));
    Routes.get(
        routes,
        Api.ROOT + "docs",
        context -> context.result(page).contentType("text/html; charset=utf-8"));
    Routes.get(
        routes,
        Api.ROOT + STYLE,
        context -> context.result(style).contentType("text/css; charset=utf-8"));
  }

  private static byte[] style() {
    try (InputStream in = Description.class.getResourceAsStream(STYLE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(STYLE + " cannot be read", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
