package dev.vramcast.answers.write;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.words.WarningsRecord;
import java.util.List;

/** {@link FilesAnswer} for programs. */
@Describes("Files that run the job, or rent its machine.")
public record FilesRecord(@Describes("What to write.") List<Text> files, WarningsRecord warnings) {

  public static final String KIND = "files";

  /** A file. */
  record Text(
      @Describes("Plain name, in a folder of the user's.") String path,
      @Describes("All of it.") String text) {}

  static FilesRecord of(FilesAnswer answer) {
    List<Text> texts =
        answer.texts().entrySet().stream()
            .map(file -> new Text(file.getKey(), file.getValue()))
            .toList();
    return new FilesRecord(texts, WarningsRecord.of(answer.warnings()));
  }
}
