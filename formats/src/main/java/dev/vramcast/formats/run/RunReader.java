package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.pickle.PickleBounds;
import dev.vramcast.formats.snapshot.SnapshotReader;
import dev.vramcast.input.text.BoundedFile;
import dev.vramcast.input.text.Unreadable;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a file that a run left behind.
 *
 * @param mostText bytes of a file of text; a longer one is refused
 * @param pickles how much a memory snapshot may hold
 */
public record RunReader(int mostText, PickleBounds pickles) {

  private static final int MOST_TEXT = 64 << 20;
  private static final int PICKLE = 0x80;
  private static final int ZIP = 'P';

  /** Bounds that runs stay below: 64 MiB of text, 512 MiB of a snapshot. */
  public RunReader() {
    this(MOST_TEXT, PickleBounds.forHeap(Runtime.getRuntime().maxMemory()));
  }

  /**
   * What the file reports.
   *
   * @throws InputException in one line, when it is of no known kind, cut off or contradicts itself
   */
  public Run read(Path file) {
    String source = Shown.oneLine(String.valueOf(file.getFileName()));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.mark(2);
      int first = in.read();
      int second = in.read();
      in.reset();
      if (first == PICKLE) {
        return SnapshotReader.read(in, source, pickles);
      }
      if (first == ZIP && second == 'K') {
        throw InputError.of("a zip archive, as torch.save writes checkpoints")
            .kind(ErrorKind.MALFORMED)
            .at(Place.of(source))
            .allowed(expected())
            .refusal();
      }
      return ofText(in, source);
    } catch (IOException e) {
      throw Unreadable.refusal(file, e);
    }
  }

  private Run ofText(InputStream in, String source) throws IOException {
    byte[] bytes = BoundedFile.bytes(in, mostText, Place.of(source));
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0) {
      throw InputError.of("is no text, and no pickle")
          .at(Place.of(source))
          .allowed(expected())
          .kind(ErrorKind.MALFORMED)
          .refusal();
    }
    return read(text.startsWith("\uFEFF") ? text.substring(1) : text, source);
  }

  /**
   * As {@link #read(Path)}.
   *
   * @param source names the text in messages
   */
  public Run read(String text, String source) {
    if (text.isBlank()) {
      throw InputError.of("is empty").at(Place.of(source)).kind(ErrorKind.MALFORMED).refusal();
    }
    if (RunJson.isJson(text)) {
      return RunJson.read(text, source);
    }
    if (MemorySummary.isSummary(text)) {
      return MemorySummary.read(text, source);
    }
    if (SmiTable.isTable(text)) {
      return SmiTable.read(text, source);
    }
    if (SmiCsv.isCsv(text)) {
      return SmiCsv.read(text, source);
    }
    Run run = ConsoleLog.read(text, source);
    if (run.isEmpty()) {
      throw InputError.of("reports no memory and no speed")
          .kind(ErrorKind.MISSING)
          .at(Place.of(source))
          .allowed(expected())
          .refusal();
    }
    return run;
  }

  private static String expected() {
    return "trainer_state.json, the console of a trainer, nvidia-smi, torch.cuda.memory_summary(),"
        + " memory_stats() as JSON, or a pickled memory snapshot";
  }
}
