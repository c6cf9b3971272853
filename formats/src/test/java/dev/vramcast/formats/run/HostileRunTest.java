package dev.vramcast.formats.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no run leaves behind is refused in one line that says why. */
@Tag("slow")
class HostileRunTest {

  @TempDir private Path folder;

  private static String memory(String peaked) {
    return "{\"log_history\": [{\"train_mem_gpu_alloc_delta\": 5,"
        + " \"train_mem_gpu_peaked_delta\": "
        + peaked
        + "}]}";
  }

  /** A text and what its refusal must say. */
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("", "run.txt: is empty"),
        Arguments.of(" \n ", "run.txt: is empty"),
        Arguments.of("no figures here", "reports no memory and no speed, allowed: trainer_state"),
        Arguments.of("{\"log_history\": [{\"loss\": 1", "run.txt:1:28: not readable as JSON"),
        Arguments.of("{\"log_history\": 5}", "log_history is no list"),
        Arguments.of("{\"log_history\": [5]}", "an entry of log_history holds no JSON object"),
        Arguments.of("{\"log_history\": []}", "skip_memory_metrics=False"),
        Arguments.of("{\"a\": " + "[".repeat(100_000), "not readable as JSON"),
        Arguments.of("{\"a\": 1, \"a\": 2}", "not readable as JSON"),
        Arguments.of("[1]", "reports no memory and no speed"),
        Arguments.of("{\"model_type\": \"llama\"}", "JSON of another kind"),
        Arguments.of(memory("NaN"), "train_mem_gpu_peaked_delta is NaN, allowed"),
        Arguments.of(memory("-50"), "is '-45', allowed"),
        Arguments.of(memory("9223372036854775807"), "9223372036854775807, allowed"),
        Arguments.of(memory("1e400"), "train_mem_gpu_peaked_delta is"),
        Arguments.of(memory("\"Not available\""), "'Not available', allowed"),
        Arguments.of("{\"train_tokens_per_second\": -3.5}", "is '-3.5', allowed"),
        Arguments.of("{\"train_tokens_per_second\": NaN}", "is 'NaN', allowed"),
        Arguments.of("{\"allocated_bytes.all.peak\": 5}", "reserved_bytes.all.peak is missing"),
        Arguments.of(
            "{'memory/max_allocated (GiB)': nan}", "run.txt:1: memory/max_allocated is 'nan'"),
        Arguments.of(
            "x\n{'memory/max_allocated (GiB)': -2}", "run.txt:2: memory/max_allocated is '-2'"),
        Arguments.of("{'memory/max_allocated (GiB)': 1e30}", "is '1e30', allowed"),
        Arguments.of(
            "{'memory/max_allocated (MB)': 12}", "has the unit '(MB)', which is not known"),
        Arguments.of("{'memory/max_allocated': 12}", "has the unit '', which is not known"),
        Arguments.of(
            "{'memory/max_allocated (GiB)': 12}\n{'loss': 1, 'memory/max_all", "cut off within"),
        Arguments.of("Peak reserved memory = 7.1 XB.", "has the unit 'XB'"),
        Arguments.of("Peak reserved memory = much GB.", "is 'much', allowed"),
        Arguments.of("PyTorch CUDA memory summary, device ID 0", "so it is cut off"),
        Arguments.of(
            "PyTorch CUDA memory summary\n| Allocated memory | 1 MiB | 5 XiB |", "unit 'XiB'"),
        Arguments.of(
            "| NVIDIA-SMI 580.95.05 |\n| 1%  20C  5W", "the table of nvidia-smi is cut off"),
        Arguments.of("NVIDIA-SMI 580\n| 500MiB / 100MiB |", "has 500 MiB in use of 100 MiB"),
        Arguments.of("memory.used [MiB]\n", "a header of nvidia-smi without rows"),
        Arguments.of("memory.used [MiB]\n[N/A]", "is '[N/A]', which is no amount"),
        Arguments.of("memory.used [GB]\n12", ":2: memory.used has the unit 'GB', allowed: MiB"),
        Arguments.of("12 GB", "has the unit 'GB', allowed: MiB"),
        Arguments.of("-12", "is '-12', allowed"),
        Arguments.of("index, memory.used [MiB]\n1", "run.txt:2: 1 cells, allowed: 2"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void a_wrong_text_is_refused_with_its_reason(String text, String reason) {
    assertThatThrownBy(() -> new RunReader().read(text, "run.txt"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(reason)
        .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
  }

  @Test
  void files_that_are_no_text_are_refused() throws IOException {
    refused(new byte[] {'P', 'K', 3, 4}, "a zip archive, as torch.save writes checkpoints");
    refused(new byte[] {1, 0, 2}, "is no text, and no pickle");
    refused("\u0080\u0004cos\nsystem\n".getBytes(StandardCharsets.ISO_8859_1), "'os.system'");
  }

  private void refused(byte[] content, String reason) throws IOException {
    Path file = Files.write(folder.resolve("run"), content);

    assertThatThrownBy(() -> new RunReader().read(file))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void a_file_that_is_not_there_is_refused() {
    Path gone = folder.resolve("gone.log");

    assertThatThrownBy(() -> new RunReader().read(gone)).hasMessage(gone + ": no such file");
    assertThatThrownBy(() -> new RunReader().read(folder)).hasMessageEndingWith("is a directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" ", "x", "memory/max_allocated (", "| Allocated memory | ", "C 1MiB ", "9"})
  void long_lines_take_no_time(String piece) {
    String text = "NVIDIA\n" + piece.repeat(3_000_000 / piece.length());

    Assertions.assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () ->
            assertThatThrownBy(() -> new RunReader().read(text, "run.txt"))
                .isInstanceOf(InputException.class));
  }
}
