package dev.vramcast.catalog.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs scripts that stand in for {@code rocm-smi}. */
@DisabledOnOs(OS.WINDOWS)
class RocmSmiTest {

  private static final String ARGUMENTS = "--showproductname --showmeminfo vram --json";

  private static final String MI300X =
      """
      {"Card Series": "AMD Instinct MI300X OAM", "Card Model": "0x74a1", "GFX Version": "gfx942",
       "VRAM Total Memory (B)": "206141652992", "VRAM Total Used Memory (B)": "%s"}""";

  @TempDir private Path folder;

  @Test
  void a_card_is_the_one_that_the_driver_names_less_what_is_in_use() throws IOException {
    GpuMatch match = answering("{\"card0\": " + MI300X.formatted("10737418240") + "}");

    assertThat(match.gpu().name()).isEqualTo("MI300X");
    assertThat(match.gpu().allocatableBytes())
        .isEqualTo(GpuCatalog.embedded().find("MI300X").gpu().allocatableBytes() - 10737418240L);
    assertThat(match.assumption().orElseThrow().toString())
        .startsWith("this machine has 1 × MI300X; 10240 MiB of it are in use");
  }

  @Test
  void of_two_cards_the_emptier_is_meant_and_what_is_no_card_is_passed_over() throws IOException {
    GpuMatch match =
        answering(
            "{\"card0\": %s, \"card1\": %s, \"system\": {\"Driver version\": \"6.10.5\"}}"
                .formatted(MI300X.formatted("900000000"), MI300X.formatted("300000000")));

    assertThat(match.assumption().orElseThrow().toString())
        .startsWith("this machine has 2 × MI300X; this is about number 1");
  }

  @Test
  void keys_of_older_releases_and_warnings_before_the_answer_are_read() throws IOException {
    String old = MI300X.formatted("0").replace("Card Series", "Card series");

    assertThat(answering("WARNING: a device is in a low-power state.\n\n{\"card0\": " + old + "}"))
        .extracting(match -> match.gpu().name())
        .isEqualTo("MI300X");
  }

  @Test
  void a_processor_s_graphics_is_passed_over_beside_a_card() throws IOException {
    String graphics =
        """
        {"Card Series": "Radeon 8060S Graphics", "VRAM Total Memory (B)": "2147483648"}""";

    assertThat(answering("{\"card0\": " + graphics + ", \"card1\": " + MI300X.formatted("0") + "}"))
        .extracting(match -> match.gpu().name())
        .isEqualTo("MI300X");
  }

  @Test
  void it_is_asked_where_nvidia_s_program_fails() throws IOException {
    FakeDriver.script(folder, "nvidia-smi", "exit 9");

    assertThat(answering("{\"card0\": " + MI300X.formatted("0") + "}").gpu().name())
        .isEqualTo("MI300X");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no device",
        "{\"card0\": {\"Card Series\": \"N/A\"}}",
        "{\"card0\": {\"Card Series\": \"AMD Instinct MI300X\"}}",
        "{\"card0\": {\"Card Series\": \"AMD Instinct MI300X\", \"VRAM Total Memory (B)\": \"x\"}}",
        "{\"system\": {}}",
        "{\"card0\": ",
      })
  void what_is_no_answer_is_refused_in_a_line(String text) {
    assertThatThrownBy(() -> answering(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("rocm-smi")
        .hasMessageNotContaining("\n");
  }

  private GpuMatch answering(String text) throws IOException {
    FakeDriver.script(
        folder,
        "rocm-smi",
        "[ \"$*\" = \"" + ARGUMENTS + "\" ] || exit 1\ncat <<'END'\n" + text + "\nEND");
    return LocalGpus.of(Map.of("PATH", folder + ":/bin:/usr/bin")).find("local");
  }
}
