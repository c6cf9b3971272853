package dev.vramcast.catalog.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.file.Path;
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

  private static final long MIB = 1L << 20;

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
    GpuMatch match = answering("0, " + line + ", 0").find("local");

    assertThat(match.gpu().name()).isEqualTo(name);
    assertThat(match.gpu().memory().mebibytes()).isEqualTo(mebibytes);
    assertThat(match.gpu().memory().reported()).isTrue();
    assertThat(match.count()).isEmpty();
    assertThat(said(match)).isEqualTo("this machine has 1 × " + name);
  }

  @Test
  void of_several_equal_cards_one_is_meant_unless_more_are_asked_for() throws IOException {
    LocalGpus gpus = answering("0, NVIDIA L4, 23034, 1", "1, NVIDIA L4, 23034, 1");

    assertThat(gpus.find("local").count()).isEmpty();
    assertThat(said(gpus.find("Local")))
        .isEqualTo(
            "this machine has 2 × L4; this is about number 0, which has most free; 'local:2' asks"
                + " about all of them");
    assertThat(gpus.find("local:2").count()).hasValue(2);
    assertThat(gpus.find("local:1").count()).hasValue(1);
  }

  @Test
  void what_other_programs_have_is_no_more_there_for_the_job() throws IOException {
    Gpu empty = answering("0, NVIDIA L4, 23034, 0").find("local").gpu();
    GpuMatch match = answering("0, NVIDIA L4, 23034, 3000").find("local");

    assertThat(match.gpu().allocatableBytes()).isEqualTo(empty.allocatableBytes() - 3000 * MIB);
    assertThat(said(match)).contains("3000 MiB of it are in use, which the job cannot have");
    assertThat(answering("0, NVIDIA L4, 23034, 23034").find("local").gpu().allocatableBytes())
        .isZero();
  }

  @Test
  void of_equal_cards_the_emptiest_is_meant_and_of_several_the_fullest_decides()
      throws IOException {
    LocalGpus gpus =
        answering(
            "0, NVIDIA L4, 23034, 9000", "1, NVIDIA L4, 23034, 100", "2, NVIDIA L4, 23034, 5000");

    assertThat(said(gpus.find("local"))).contains("about number 1", "100 MiB of it are in use");
    assertThat(said(gpus.find("local:2"))).contains("of 2 of them number 2 decides");
    assertThat(said(gpus.find("local:3"))).contains("of 3 of them number 0 decides");
  }

  @Test
  void of_cards_that_differ_the_largest_is_meant_and_of_several_the_smallest_decides()
      throws IOException {
    LocalGpus gpus = answering("0, NVIDIA L4, 23034, 1", "1, NVIDIA A100-SXM4-80GB, 81920, 1");

    assertThat(gpus.find("local").gpu().name()).isEqualTo("A100 80GB SXM4");
    assertThat(said(gpus.find("local"))).startsWith("this machine has 1 × A100 80GB SXM4, 1 × L4");
    assertThat(gpus.find("local:2").gpu().name()).isEqualTo("L4");
    assertThat(gpus.find("local:2").count()).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"local:0", "local:3", "local:9999"})
  void more_cards_than_there_are_are_refused(String text) throws IOException {
    refused(
        answering("0, NVIDIA L4, 23034, 1", "1, NVIDIA L4, 23034, 1"), text, "this machine has 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0, NVIDIA Future X1, 99999, 1", "0, NVIDIA GeForce RTX 3060, 8192, 1"})
  void a_card_that_is_not_in_the_catalogue_is_refused(String line) throws IOException {
    refused(answering(line), "local", "MiB, is not in the catalogue");
  }

  @Test
  void a_card_that_is_not_in_the_catalogue_is_passed_over_beside_one_that_is() throws IOException {
    LocalGpus gpus = answering("0, NVIDIA T400 4GB, 4096, 1", "1, NVIDIA L4, 23034, 1");

    assertThat(said(gpus.find("local"))).isEqualTo("this machine has 1 × L4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0, NVIDIA L4, 0, 0",
        "0, NVIDIA L4, -5, 0",
        "0, NVIDIA L4, 1e5, 0",
        "0, NVIDIA L4",
        "NVIDIA L4, 23034",
        "0, NVIDIA L4, 99999999999, 0",
        "index, name, memory.total [MiB], memory.used [MiB]",
      })
  void an_answer_of_another_form_is_refused(String line) throws IOException {
    refused(
        answering(line),
        "local",
        "allowed: a number, a name, and the MiB of its memory and of what is in use");
  }

  @Test
  void memory_that_the_driver_does_not_tell_is_that_of_the_catalogue() throws IOException {
    Gpu known = GpuCatalog.embedded().find("L4").gpu();
    GpuMatch match = answering("0, NVIDIA L4, [N/A], [Not Supported]").find("local");

    assertThat(match.gpu().allocatableBytes()).isEqualTo(known.allocatableBytes());
  }

  @Test
  void under_wsl_the_driver_of_windows_keeps_nearly_nothing_to_itself() throws IOException {
    FakeDriver.answering(folder, "0, NVIDIA GeForce RTX 4090, 24564, 0");
    Map<String, String> wsl = Map.of("PATH", folder.toString(), "WSL_DISTRO_NAME", "Ubuntu");
    GpuMatch match = LocalGpus.of(wsl).find("local");
    Gpu linux = GpuCatalog.embedded().find("RTX 4090").gpu();

    assertThat(match.gpu().allocatableBytes()).isGreaterThan(linux.allocatableBytes());
    assertThat(said(match)).isEqualTo("this machine has 1 × RTX 4090, seen from WSL");
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
    LocalGpus gpus = script("echo 'a warning' >&2; echo '0, NVIDIA L4, 23034, 1'");

    assertThat(gpus.find("local").gpu().name()).isEqualTo("L4");
  }

  @Test
  void a_driver_that_hangs_is_stopped() throws IOException {
    FakeDriver.script(folder, "nvidia-smi", "sleep 30; echo '0, NVIDIA L4, 23034, 1'");
    Machine machine = Machine.of(Map.of("PATH", folder.toString()), Duration.ofMillis(200));

    refused(new LocalGpus(machine), "local", "does not answer within 200 milliseconds");
  }

  @Test
  void a_machine_without_a_driver_is_refused() throws IOException {
    java.nio.file.Files.writeString(folder.resolve("nvidia-smi"), "not executable");
    refused(LocalGpus.of(Map.of("PATH", folder.toString())), "local", "no nvidia-smi and no rocm");
    refused(LocalGpus.of(Map.of()), "local", "no nvidia-smi and no rocm-smi in PATH");
  }

  @Test
  void other_names_are_those_of_the_catalogue_and_need_no_driver() {
    GpuMatch match = LocalGpus.of(Map.of()).find("H100:8");

    assertThat(match).isEqualTo(GpuCatalog.embedded().find("H100:8"));
  }

  private static String said(GpuMatch match) {
    return match.assumption().orElseThrow().toString();
  }

  private static void refused(LocalGpus gpus, String text, String hint) {
    assertThatThrownBy(() -> gpus.find(text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(hint)
        .hasMessageNotContaining("\n");
  }

  private LocalGpus answering(String... lines) throws IOException {
    FakeDriver.answering(folder, lines);
    return LocalGpus.of(Map.of("PATH", "/no-such-folder:" + folder));
  }

  private LocalGpus script(String body) throws IOException {
    FakeDriver.script(folder, "nvidia-smi", body);
    return LocalGpus.of(Map.of("PATH", folder.toString()));
  }
}
