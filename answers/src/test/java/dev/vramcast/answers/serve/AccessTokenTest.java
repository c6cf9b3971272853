package dev.vramcast.answers.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTokenTest {

  private static final String SECRET = "marked-token-0123456789";

  @TempDir private Path folder;

  @Test
  void it_is_what_a_request_has_to_bring_and_is_never_shown() throws IOException {
    AccessToken token = AccessToken.in(Files.writeString(folder.resolve("t"), SECRET + "\n"));

    assertThat(token.isIn("Bearer " + SECRET)).isTrue();
    assertThat(token.isIn("Bearer " + SECRET + "x")).isFalse();
    assertThat(token.isIn("Basic " + SECRET)).isFalse();
    assertThat(token.isIn(SECRET)).isFalse();
    assertThat(token.isIn("Bearer ")).isFalse();
    assertThat(token.isIn(null)).isFalse();
    assertThat(token.toString()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "short", "two words of a token", "token\u0000token\u0000token"})
  void a_file_without_one_is_refused_and_not_quoted(String content) throws IOException {
    Path file = Files.writeString(folder.resolve("t"), content);

    assertThatThrownBy(() -> AccessToken.in(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("holds no token, allowed: 16 to 500");
  }
}
