package dev.vramcast.catalog.source;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What of the user's surroundings decides where models are looked for.
 *
 * @param hubCache folder in which Hugging Face's own tools keep models
 * @param ownCache folder for configs that were fetched from the Hub
 * @param endpoint the Hub
 * @param token sent to the endpoint and to no other host
 * @param offline whether the Hub must not be used
 * @param connectTimeout for reaching a host
 * @param answerTimeout for one whole answer, redirects included
 */
public record Environment(
    Path hubCache,
    Path ownCache,
    URI endpoint,
    Optional<String> token,
    boolean offline,
    Duration connectTimeout,
    Duration answerTimeout) {

  private static final Subject ENDPOINT = new Subject.Item("HF_ENDPOINT");

  private static final String OWN_CACHE = "VRAMCAST_CACHE";
  private static final String PUBLIC_HUB = "https://huggingface.co";
  private static final int MAX_TOKEN = 4096;

  /**
   * Reads {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code
   * HF_TOKEN_PATH}, {@code HF_HUB_OFFLINE}, {@code VRAMCAST_CACHE} and {@code XDG_CACHE_HOME} with
   * the meaning and the defaults they have for Hugging Face's own tools.
   */
  public static Environment of(Map<String, String> variables, Path home) {
    Path caches = path(variables, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
    Path hubHome = path(variables, "HF_HOME").orElse(caches.resolve("huggingface"));
    Path hubCache =
        path(variables, "HF_HUB_CACHE")
            .or(() -> path(variables, "HUGGINGFACE_HUB_CACHE"))
            .orElse(hubHome.resolve("hub"));
    Path ownCache = ownCache(variables, caches);
    return new Environment(
        hubCache,
        ownCache,
        endpoint(text(variables, "HF_ENDPOINT").orElse(PUBLIC_HUB)),
        token(variables, hubHome),
        text(variables, "HF_HUB_OFFLINE").map(Environment::isYes).orElse(false),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }

  /** The folder for what was fetched; empty where the variables name no home. */
  public static Optional<Path> ownCache(Map<String, String> variables) {
    Optional<Path> caches =
        path(variables, "XDG_CACHE_HOME")
            .or(() -> path(variables, "HOME").map(home -> home.resolve(".cache")));
    Optional<Path> named = path(variables, OWN_CACHE);
    return named.or(() -> caches.map(folder -> ownCache(variables, folder)));
  }

  private static Path ownCache(Map<String, String> variables, Path caches) {
    return path(variables, OWN_CACHE).orElse(caches.resolve("vramcast"));
  }

  private static URI endpoint(String text) {
    try {
      URI uri = URI.create(text.replaceAll("/+$", ""));
      if (uri.getHost() != null
          && (uri.getScheme().equals("https") || uri.getScheme().equals("http"))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw InputError.about(ENDPOINT).is(text).allowed("an http or https address").refusal(e);
    }
    throw InputError.about(ENDPOINT).is(text).allowed("an http or https address").refusal();
  }

  private static Optional<String> token(Map<String, String> variables, Path hubHome) {
    return Stream.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
        .flatMap(name -> text(variables, name).stream())
        .findFirst()
        .or(() -> stored(path(variables, "HF_TOKEN_PATH").orElse(hubHome.resolve("token"))))
        .filter(token -> token.chars().allMatch(c -> c > ' ' && c < 127));
  }

  private static Optional<String> stored(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) <= MAX_TOKEN
          ? Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whatever it gets into, the token is not told. */
  @Override
  public String toString() {
    return "Environment[hubCache="
        + hubCache
        + ", ownCache="
        + ownCache
        + ", endpoint="
        + endpoint
        + ", token="
        + (token.isPresent() ? "set" : "none")
        + ", offline="
        + offline
        + "]";
  }

  private static boolean isYes(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "1", "true", "yes", "on" -> true;
      default -> false;
    };
  }

  private static Optional<Path> path(Map<String, String> variables, String name) {
    return text(variables, name).map(Path::of);
  }

  private static Optional<String> text(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
