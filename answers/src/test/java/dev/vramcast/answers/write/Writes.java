package dev.vramcast.answers.write;

import dev.vramcast.answers.operation.Asked;
import java.util.List;
import java.util.Map;

/** What {@code write} makes of a file of another framework. */
final class Writes {

  private Writes() {}

  static FilesAnswer write(String name, String text, String to) {
    return write(name, text, to, Map.of());
  }

  /** The same, of a file over which a job states this. */
  static FilesAnswer write(String name, String text, String to, Map<String, Object> stated) {
    return (FilesAnswer)
        Asked.answer(
            new WriteOperation(),
            Map.of("job", stated, "files", List.of(Map.of("name", name, "text", text)), "to", to));
  }

  /** All that is written. */
  static String text(FilesAnswer answer) {
    return String.join("\n", answer.texts().values());
  }
}
