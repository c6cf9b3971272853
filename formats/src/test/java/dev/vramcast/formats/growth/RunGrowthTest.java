package dev.vramcast.formats.growth;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.formats.correction.CorrectionFile;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.formats.pickle.PickleBounds;
import dev.vramcast.formats.run.RunReader;
import dev.vramcast.formats.snapshot.SnapshotReader;
import dev.vramcast.input.growth.Growth;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs leave behind, corrections and job documents, whatever is in them again and again. */
@Tag("slow")
class RunGrowthTest {

  private static final int SIZE = 400;

  static final class Run implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        new RunReader().read(text, "log.txt");
      } catch (InputException e) {
        // Refused in one line, which other tests hold.
      }
    }
  }

  static final class Snapshot implements Consumer<String> {
    @Override
    public void accept(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      try {
        SnapshotReader.read(
            new ByteArrayInputStream(bytes), "x.pickle", PickleBounds.forHeap(1L << 30));
      } catch (InputException e) {
        // As above.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static final class Correction implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        CorrectionFile.parse(text, "corrections.ini");
      } catch (InputException e) {
        // As above.
      }
    }
  }

  static final class Job implements Consumer<String> {
    @Override
    public void accept(String text) {
      try {
        new JobDocumentReader().read(text, "job.yaml");
      } catch (InputException | UnsupportedJobException e) {
        // As above.
      }
    }
  }

  static Stream<String> runs() {
    return Stream.of(
        "@{'loss': 1.0, 'epoch': #}\n",
        "@{",
        "@{'loss': ",
        "@'",
        "@| ",
        "@|---",
        "@1%|x| 1/2 [00:01<00:02, 1.0it/s]\r",
        "@12345MiB / 24564MiB\n",
        "index, name, memory.used [MiB]\n@0, x, 1 MiB\n",
        "index, name, memory.used [MiB]\n@\"",
        "{\"log_history\": [@{\"loss\": 1, \"step\": #},",
        "{\"log_history\": [{@\"a#\": 1,",
        "{\"allocated_bytes.all.peak\": 1, @\"a#\": 1,",
        "|  PyTorch CUDA memory summary\n@| Allocated memory      |   1 MiB |\n",
        "@torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. ",
        "@1 ",
        "@ ",
        "@\n",
        "@=",
        "@x=1 ",
        "@step # ",
        "@\u001b[31m",
        "@GiB ",
        "@.");
  }

  static Stream<String> pickles() {
    return Stream.of(
        "\u0080\u0004@]",
        "\u0080\u0004@(",
        "\u0080\u0004]@(a",
        "\u0080\u0004@}",
        "\u0080\u0004@N",
        "\u0080\u0004@N0",
        "\u0080\u0004]@2",
        "\u0080\u0004]@\u0094",
        "\u0080\u0004](@K\u0001",
        "\u0080\u0004}(@K\u0001K\u0001",
        "\u0080\u0004@\u008c\u0001a",
        "\u0080\u0004@I1\n",
        "\u0080\u0004@\u0085",
        "\u0080\u0004N@\u0085",
        "\u0080\u0004]@\u0086");
  }

  static Stream<String> corrections() {
    return Stream.of(
        "@[a#]\n",
        "@[a]\n",
        "@a = 1\n",
        "[a]\n@b# = 1\n",
        "[a]\n@b = ",
        "@[",
        "@#\n",
        "@=",
        "@\n",
        "@[a#]\ndate = 2026-11-26\nversion = 0.1.0\ntensors = 1.0\nmethod = qlora\n");
  }

  static Stream<String> jobs() {
    return Stream.of(
        "@a#: 1\n",
        "batch:\n@  a#: 1\n",
        "lora:\n  targets:\n@  - q#\n",
        "lora: {targets: [@q#, ",
        "model: {id: '@a",
        "@- a\n",
        "model.id: gpt2\n@data.lengths.p#: 1\n");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void logs_take_as_long_as_they_are(String shape) {
    Growth.of(Run.class).isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("pickles")
  void snapshots_take_as_long_as_they_are(String shape) {
    Growth.of(Snapshot.class).isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("corrections")
  void corrections_take_as_long_as_they_are(String shape) {
    Growth.of(Correction.class).isLinear(shape, SIZE);
  }

  @ParameterizedTest
  @MethodSource("jobs")
  void job_documents_take_as_long_as_they_are(String shape) {
    Growth.of(Job.class).isLinear(shape, SIZE);
  }
}
