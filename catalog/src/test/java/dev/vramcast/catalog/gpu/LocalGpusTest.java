package dev.vramcast.catalog.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs scripts that stand in for {@code nvidia-smi}. */
@DisabledOnOs(OS.WINDOWS)
class LocalGpusTest {

  private static final String ARGUMENTS =
      "--query-gpu=name,memory.total --format=csv,noheader,nounits";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NVIDIA GeForce RTX 4090, 24564 | RTX 4090 | 24564",
        "NVIDIA H100 80GB HBM3, 81559 | H100 SXM5 80GB | 81559",
        "NVIDIA A100-SXM4-40GB, 40960 | A100 40GB SXM4 | 40960",
        "Tesla V100-SXM2-16GB, 16160 | V100 16GB (SXM2) | 16160",
        "Quadro RTX 6000, 24220 | Quadro RTX 6000 24GB | 24220",
        "NVIDIA RTX A6000, 46068 | RTX A6000 | 46068",
        "NVIDIA RTX 6000 Ada Generation, 46068 | RTX 6000 Ada | 46068",
        "NVIDIA GeForce RTX 5060 Ti, 16311 MiB | RTX 5060 Ti 16GB | 16311",
      })
  void the_card_is_the_one_the_driver_names_with_the_memory_it_reports(
      String line, String name, long mebibytes) throws IOException {
    GpuMatch match = answering(line).find("local");

    assertThat(match.gpu().name()).isEqualTo(name);
    assertThat(match.gpu().memory().mebibytes()).isEqualTo(mebibytes);
    assertThat(match.gpu().memory().reported()).isTrue();
    assertThat(match.count()).isEmpty();
    assertThat(match.assumption()).isEmpty();
  }

  @Test
  void of_several_equal_cards_one_is_meant_unless_more_are_asked_for() throws IOException {
    LocalGpus gpus = answering("NVIDIA L4, 23034", "NVIDIA L4, 23034");

    assertThat(gpus.find("local").count()).isEmpty();
    assertThat(gpus.find("Local").assumption().map(Notice::toString))
        .contains("this machine has 2 of 'L4'; 'local:2' asks about all of them");
    assertThat(gpus.find("local:2").count()).hasValue(2);
    assertThat(gpus.find("local:2").assumption()).isEmpty();
    assertThat(gpus.find("local:1").count()).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local:0", "local:3", "local:9999"})
  void more_cards_than_there_are_are_refused(String text) throws IOException {
    refused(answering("NVIDIA L4, 23034", "NVIDIA L4, 23034"), text, "this machine has 2");
  }

  @Test
  void different_cards_are_refused_with_their_names() throws IOException {
    LocalGpus gpus = answering("NVIDIA L4, 23034", "NVIDIA GeForce RTX 3090, 24576");

    refused(gpus, "local", "differ: 'NVIDIA L4', 'NVIDIA GeForce RTX 3090'; say which");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NVIDIA Future X1, 99999", "NVIDIA GeForce RTX 3060, 8192"})
  void a_card_that_is_not_in_the_catalogue_is_refused(String line) throws IOException {
    refused(answering(line), "local", "is not in the catalogue");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NVIDIA GB10, [N/A]",
        "NVIDIA L4, 0",
        "NVIDIA L4, -5",
        "NVIDIA L4, 1e5",
        "NVIDIA L4",
        "NVIDIA L4, 99999999999",
        "name, memory.total [MiB]",
      })
  void an_answer_of_another_form_is_refused(String line) throws IOException {
    refused(answering(line), "local", "allowed: a name and its MiB of memory");
  }

  @Test
  void a_driver_without_gpus_is_refused() throws IOException {
    refused(answering(), "local", "nvidia-smi lists no GPU");
  }

  @Test
  void a_failing_driver_is_quoted() throws IOException {
    refused(
        script("echo 'NVIDIA-SMI has failed'; exit 9"), "local", "fails: NVIDIA-SMI has failed");
    refused(script("exit 9"), "local", "fails: without a word");
  }

  @Test
  void warnings_beside_the_answer_do_no_harm() throws IOException {
    LocalGpus gpus = script("echo 'a warning' >&2; echo 'NVIDIA L4, 23034'");

    assertThat(gpus.find("local").gpu().name()).isEqualTo("L4");
  }

  @Test
  void a_driver_that_hangs_is_stopped() throws IOException {
    write("sleep 30; echo 'NVIDIA L4, 23034'");
    NvidiaSmi driver = new NvidiaSmi(folder.toString(), Duration.ofMillis(200));

    refused(new LocalGpus(driver), "local", "does not answer within 200 milliseconds");
  }

  @Test
  void a_machine_without_a_driver_is_refused() throws IOException {
    Files.writeString(folder.resolve("nvidia-smi"), "not executable");
    refused(LocalGpus.of(Map.of("PATH", folder.toString())), "local", "no nvidia-smi in PATH");
    refused(LocalGpus.of(Map.of()), "local", "no nvidia-smi in PATH");
  }

  @Test
  void other_names_are_those_of_the_catalogue_and_need_no_driver() {
    GpuMatch match = LocalGpus.of(Map.of()).find("H100:8");

    assertThat(match).isEqualTo(GpuCatalog.embedded().find("H100:8"));
  }

  private static void refused(LocalGpus gpus, String text, String hint) {
    assertThatThrownBy(() -> gpus.find(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(hint)
        .hasMessageNotContaining("\n");
  }

  private LocalGpus answering(String... lines) throws IOException {
    StringBuilder echo = new StringBuilder("[ \"$*\" = \"" + ARGUMENTS + "\" ] || exit 1\n");
    for (String line : lines) {
      echo.append("echo '").append(line).append("'\n");
    }
    return script(echo.toString());
  }

  private LocalGpus script(String body) throws IOException {
    write(body);
    return LocalGpus.of(Map.of("PATH", "/no-such-folder:" + folder));
  }

  private void write(String body) throws IOException {
    Path file = Files.writeString(folder.resolve("nvidia-smi"), "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
