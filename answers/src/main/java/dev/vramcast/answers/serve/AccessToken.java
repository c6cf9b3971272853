package dev.vramcast.answers.serve;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.input.text.BoundedFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A secret that requests bring to be allowed more than others. It is never shown. */
public final class AccessToken {

  private static final int LONGEST = 1 << 10;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/=-]{16,500}");
  private static final String SCHEME = "Bearer ";

  private final byte[] secret;

  private AccessToken(String text) {
    this.secret = text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * The one in a file, alone in its first line.
   *
   * @throws dev.vramcast.core.input.InputException when there is none
   */
  public static AccessToken in(Path file) {
    byte[] bytes = BoundedFile.bytes(file, LONGEST);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (!FORM.matcher(text).matches()) {
      throw InputError.of("holds no token")
          .kind(ErrorKind.MISSING)
          .at(Place.of(file.toString()))
          .allowed("16 to 500 letters, digits and signs of . _ ~ + / = -")
          .refusal();
    }
    return new AccessToken(text);
  }

  /** Whether a request's {@code Authorization} brings it; how much of it is right takes no time. */
  public boolean isIn(@Nullable String authorization) {
    return authorization != null
        && authorization.startsWith(SCHEME)
        && MessageDigest.isEqual(
            secret,
            authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public String toString() {
    return "a token";
  }
}
