package dev.vramcast.formats.write;

import dev.vramcast.core.input.Notice;
import java.util.List;

/**
 * What a writer made.
 *
 * @param warnings one for each thing that the format cannot say, with key and value
 */
public record Written(List<WrittenFile> files, List<Notice> warnings) {

  public Written {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }

  public static Written of(WrittenFile file, List<Notice> warnings) {
    return new Written(List.of(file), warnings);
  }
}
