package dev.vramcast.catalog.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

  @TempDir Path home;

  @Test
  void has_the_defaults_of_the_hub_tools() {
    Environment environment = of(Map.of());
    assertThat(environment.hubCache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(environment.ownCache()).isEqualTo(home.resolve(".cache/vramcast"));
    assertThat(environment.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
    assertThat(environment.token()).isEmpty();
    assertThat(environment.offline()).isFalse();
  }

  @Test
  void follows_each_variable() {
    assertThat(of(Map.of("HF_HOME", "/a")).hubCache()).isEqualTo(Path.of("/a/hub"));
    assertThat(of(Map.of("HF_HOME", "/a", "HF_HUB_CACHE", "/b")).hubCache())
        .isEqualTo(Path.of("/b"));
    assertThat(of(Map.of("XDG_CACHE_HOME", "/x")).ownCache()).isEqualTo(Path.of("/x/vramcast"));
    assertThat(of(Map.of("VRAMCAST_CACHE", "/t")).ownCache()).isEqualTo(Path.of("/t"));
    assertThat(of(Map.of("HF_ENDPOINT", "https://hub.example/")).endpoint())
        .isEqualTo(URI.create("https://hub.example"));
    assertThat(of(Map.of("HF_TOKEN", " abc ")).token()).contains("abc");
    assertThat(of(Map.of("HF_HUB_OFFLINE", "1")).offline()).isTrue();
    assertThat(of(Map.of("HF_HUB_OFFLINE", "0")).offline()).isFalse();
  }

  @Test
  void reads_the_token_that_a_login_left() throws IOException {
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "stored\n");
    assertThat(of(Map.of()).token()).contains("stored");
    assertThat(of(Map.of("HF_TOKEN", "given")).token()).contains("given");
  }

  @Test
  void leaves_out_a_token_that_would_break_a_header() {
    assertThat(of(Map.of("HF_TOKEN", "a\r\nX: y")).token()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub.example", "ftp://hub.example", "https:///x", "http://a b"})
  void refuses_an_endpoint_that_is_no_web_address(String endpoint) {
    assertThatThrownBy(() -> of(Map.of("HF_ENDPOINT", endpoint)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("HF_ENDPOINT")
        .hasMessageContaining(endpoint);
  }

  private Environment of(Map<String, String> variables) {
    return Environment.of(variables, home);
  }
}
