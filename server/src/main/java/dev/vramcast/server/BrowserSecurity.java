package dev.vramcast.server;

import dev.vramcast.core.input.Shown;
import dev.vramcast.server.work.ProblemException;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What every answer tells a browser, and which requests a browser was tricked into.
 *
 * @param local whether only this machine is listened to
 */
record BrowserSecurity(boolean local) {

  /** Nothing but what this server itself sends may run, be shown, or be asked. */
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy", CONTENT_SECURITY_POLICY,
          "X-Content-Type-Options", "nosniff",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cross-Origin-Opener-Policy", "same-origin");

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  void before(Context context) {
    HEADERS.forEach(context::header);
    String host = context.header("Host");
    if (!allows(host)) {
      throw new ProblemException(
          421,
          "the Host is "
              + Shown.given(host == null ? "" : host)
              + ", allowed: "
              + "localhost, 127.0.0.1 and [::1], since only this machine is listened to");
    }
  }

  /** Whether a request is for this server, by its header {@code Host}. */
  boolean allows(@Nullable String host) {
    return !local || host != null && isThisMachine(host);
  }

  /** A page of another host whose name leads here, or was made to, sends that host's name. */
  static boolean isThisMachine(String host) {
    return THIS_MACHINE.contains(host.toLowerCase(Locale.ROOT).replaceFirst(":\\d{1,5}$", ""));
  }
}
