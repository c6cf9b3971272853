package dev.vramcast.formats.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.formats.correction.CorrectionFile;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.formats.pickle.PickleBounds;
import dev.vramcast.formats.run.RunReader;
import dev.vramcast.formats.snapshot.SnapshotReader;
import dev.vramcast.formats.training.ConfigReader;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.SiblingFiles;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingText;
import dev.vramcast.input.fuzz.Fuzz;
import dev.vramcast.input.fuzz.FuzzTarget;
import dev.vramcast.input.fuzz.RefusesInOneLine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever comes is read, or refused in one line, and in time. */
@Tag("slow")
@Order(1)
class ReadersFuzzTest {

  private static final int INPUTS = 400;

  private static final Path FILES = Path.of("src/test/resources/dev/vramcast/formats");

  private static final List<String> LOGS =
      List.of(
          "{'loss': 1.0, 'epoch': 0.1}\n{'train_runtime': 10.0, 'train_samples_per_second': 1}\n",
          "index, name, memory.used [MiB], memory.total [MiB]\n0, NVIDIA L4, 1 MiB, 23034 MiB\n",
          "| N/A   30C    P0    30W / 300W |   1234MiB / 81559MiB |      0%      Default |\n",
          "{\"log_history\": [{\"loss\": 1, \"step\": 1}], \"global_step\": 1, \"max_steps\": 2}",
          "{\"allocated_bytes.all.peak\": 1024, \"reserved_bytes.all.peak\": 2048}",
          "| Allocated memory      |   1024 MiB |   2048 MiB |   4096 MiB |   1024 MiB |\n",
          "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.\n");

  private static final String CORRECTION =
      "[mine]\nrun = x\ndate = 2026-11-26\nversion = 0.1.0\ntensors = 1.04\nspeed = 0.9\n"
          + "parameters = 8030261248\ntokens = 2048\nframework = transformers\nmethod = lora\n";

  /** A reader, whatever it takes a file for, and all of them on the same file. */
  static final class Training extends RefusesInOneLine {

    private final ConfigReader reader;
    private final String name;

    Training(String told) {
      int space = told.indexOf(' ');
      this.name = told.substring(0, space);
      String format = told.substring(space + 1);
      this.reader =
          TrainingFiles.readers().stream()
              .filter(each -> each.name().toString().equals(format))
              .findFirst()
              .orElseThrow();
    }

    @Override
    protected void read(byte[] bytes) {
      TrainingFile file = TrainingText.of(text(bytes), name);
      reader.recognises(file);
      try {
        resolve(reader.read(file, SiblingFiles.NONE));
      } catch (InputException | UnsupportedJobException e) {
        isOneLine(e);
      }
      resolve(TrainingFiles.read(List.of(file), Optional.empty(), path -> Optional.empty()));
    }

    private static void resolve(Reading reading) {
      JobResolver.resolve(reading.under(JobDocument.empty()));
    }
  }

  static final class Job extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      JobDocument job = new JobDocumentReader().read(text(bytes), "job.yaml");
      JobResolver.resolve(job);
    }
  }

  static final class Log extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      new RunReader().read(text(bytes), "log.txt");
    }
  }

  static final class Snapshot extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      try {
        SnapshotReader.read(
            new ByteArrayInputStream(bytes), "x.pickle", PickleBounds.forHeap(1L << 28));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static final class Correction extends RefusesInOneLine {
    @Override
    protected void read(byte[] bytes) {
      CorrectionFile.parse(text(bytes), "corrections.ini");
    }
  }

  /** Each reader with each kind of file that there is a sample of, under the usual name. */
  static Map<String, List<byte[]>> training() throws IOException {
    Map<String, List<byte[]>> samples = new TreeMap<>();
    try (Stream<Path> files = Files.walk(FILES.resolve("training"))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = Files.readAllBytes(file);
        String name = usual(file.getFileName().toString());
        TrainingFile sample = TrainingText.of(RefusesInOneLine.text(bytes), name);
        TrainingFiles.readers().stream()
            .filter(reader -> reader.recognises(sample).score() > 0)
            .map(reader -> name + " " + reader.name())
            .forEach(told -> samples.computeIfAbsent(told, k -> new ArrayList<>()).add(bytes));
      }
    }
    return samples;
  }

  private static String usual(String file) {
    int ending = file.lastIndexOf('.');
    return ending < 0 ? file : "job" + file.substring(ending);
  }

  @Test
  void there_is_a_sample_for_every_reader() throws IOException {
    String all = String.join("\n", training().keySet());

    assertThat(TrainingFiles.readers()).allMatch(reader -> all.contains(" " + reader.name()));
  }

  @Test
  void whatever_comes_is_read_or_refused() throws IOException {
    List<FuzzTarget> targets = new ArrayList<>();
    training()
        .forEach((told, samples) -> targets.add(FuzzTarget.of(Training.class, told, samples)));
    targets.add(FuzzTarget.of(Job.class, Fuzz.files(FILES.resolve("jobdocument"))));
    targets.add(FuzzTarget.of(Log.class, LOGS.stream().map(ReadersFuzzTest::bytes).toList()));
    targets.add(FuzzTarget.of(Snapshot.class, snapshots()));
    targets.add(FuzzTarget.of(Correction.class, CORRECTION));
    assertThat(targets).noneMatch(target -> target.seeds().isEmpty());

    Fuzz.holds(targets, INPUTS);
  }

  private static List<byte[]> snapshots() {
    return Fuzz.files(Path.of("src/test/resources/run")).stream()
        .filter(file -> file.length > 0 && file[0] == (byte) 0x80 && file.length < 1 << 14)
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
