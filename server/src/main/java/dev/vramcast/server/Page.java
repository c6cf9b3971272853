package dev.vramcast.server;

import dev.vramcast.server.work.Problem;
import dev.vramcast.server.work.Problems;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The files of the page, which another module puts on the class path. A build without that module
 * has none, and says so.
 */
final class Page {

  private static final String FOLDER = "dev/vramcast/web/";
  private static final String INDEX = "index.html";
  private static final Pattern PATH =
      Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*");

  /** What the bundler names by content: it never changes under the same name. */
  private static final Pattern HASHED = Pattern.compile(".*[.-][A-Za-z0-9_-]{8,}\\.[a-z0-9]+");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("webmanifest", "application/manifest+json"));

  private static final String WITHOUT_PAGE =
      "vramcast: this build has no page. The API is at /api/v1, its description at /api/v1/docs.\n";

  private final ClassLoader loader;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  Page(ClassLoader loader) {
    this.loader = loader;
  }

  /** The page itself. */
  void index(Context context) {
    if (!serve(INDEX, context)) {
      context.result(WITHOUT_PAGE).contentType("text/plain; charset=utf-8");
    }
  }

  /** One of its files, or the problem that nothing of that name is there. */
  void file(Context context) {
    boolean get =
        context.method().equals(HandlerType.GET) || context.method().equals(HandlerType.HEAD);
    if (!get || !serve(context.path().substring(1), context)) {
      Problems.write(Problem.of(404, "nothing is here; the API is at /api/v1"), context);
    }
  }

  private boolean serve(String path, Context context) {
    String ending = path.substring(path.lastIndexOf('.') + 1);
    if (!PATH.matcher(path).matches() || !TYPES.containsKey(ending)) {
      return false;
    }
    Optional<byte[]> bytes = bytes(path);
    bytes.ifPresent(
        found -> {
          boolean fixed = HASHED.matcher(path).matches();
          context.header(
              "Cache-Control", fixed ? "public, max-age=31536000, immutable" : "no-cache");
          context.status(200).result(found).contentType(TYPES.get(ending));
        });
    return bytes.isPresent();
  }

  /** Only what is there is kept, so that asking for much else takes no memory. */
  private Optional<byte[]> bytes(String path) {
    byte[] kept = files.get(path);
    if (kept != null) {
      return Optional.of(kept);
    }
    try (InputStream in = loader.getResourceAsStream(FOLDER + path)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] read = in.readAllBytes();
      files.put(path, read);
      return Optional.of(read);
    } catch (IOException e) {
      throw new IllegalStateException(path + " cannot be read", e);
    }
  }
}
