package dev.vramcast.formats.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.data.CharactersPerToken;
import dev.vramcast.formats.dataset.DatasetReader;
import dev.vramcast.input.disk.FailingReads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs and data sets leave, of which each step of reading fails once. */
@Tag("slow")
class UnreadableRunTest {

  private static final String LOG =
      "{'loss': 1.5, 'memory/max_allocated (GiB)': 21.25, 'memory/max_active (GiB)': 21.5}\n";

  @TempDir private Path folder;

  @Test
  void a_log_is_read_whole_or_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("log.txt"), LOG.repeat(2_000));

    assertThat(FailingReads.hold(file, new RunReader()::read)).isGreaterThan(2);
  }

  @Test
  void a_snapshot_is_read_whole_or_refused() throws IOException {
    Path file = folder.resolve("step.pickle");
    try (InputStream sample =
        Objects.requireNonNull(getClass().getResourceAsStream("/run/step.pickle"))) {
      Files.copy(sample, file);
    }

    assertThat(FailingReads.hold(file, new RunReader()::read)).isGreaterThan(1);
  }

  @Test
  void a_data_set_is_read_whole_or_refused() throws IOException {
    byte[] rows = "{\"text\": \"some words\"}\n".repeat(5_000).getBytes(StandardCharsets.UTF_8);
    Path plain = Files.write(folder.resolve("train.jsonl"), rows);
    Path packed = folder.resolve("train.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(rows);
    }
    for (Path file : new Path[] {plain, packed}) {
      int steps =
          FailingReads.hold(
              file, path -> new DatasetReader().read(path, new CharactersPerToken(4)));
      assertThat(steps).isGreaterThan(1);
    }
  }
}
