package dev.vramcast.validation.cases;

import dev.vramcast.core.input.Place;
import dev.vramcast.input.json.Json;
import dev.vramcast.input.text.TextLines;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A run whose checkpoint was written, and whose process was watched.
 *
 * @param files bytes of each file that grows with the model, by its name in the checkpoint
 * @param host anonymous bytes that a part of the run adds to its process, by the episode's name
 */
public record SavedCase(Case subject, Map<String, Long> files, Map<String, Long> host) {

  private static final String SAVED = "saved.jsonl";

  private static final String CONSOLIDATED = "consolidated.jsonl";

  public SavedCase {
    files = Map.copyOf(files);
    host = Map.copyOf(host);
  }

  /** The cases that this program carries. */
  public static List<SavedCase> shipped() {
    return shipped(SAVED);
  }

  /** Shards that were put together, with the files that were made of them. */
  public static List<SavedCase> consolidated() {
    return shipped(CONSOLIDATED);
  }

  private static List<SavedCase> shipped(String name) {
    List<SavedCase> cases = new ArrayList<>();
    try (InputStream in = SavedCase.class.getResourceAsStream(name)) {
      TextLines lines =
          new TextLines(new BufferedInputStream(in), name, CaseReader.LONGEST_LINE, Long.MAX_VALUE);
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        cases.add(read(line, lines.place()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  private static SavedCase read(byte[] line, Place.Line place) {
    CaseFields fields = new CaseFields(new CaseLine(place, line), "", Json.object(place, line));
    CaseFields measured = fields.object("measured");
    return new SavedCase(
        CaseReader.parse(fields), measured.wholes("files"), measured.wholes("host"));
  }
}
