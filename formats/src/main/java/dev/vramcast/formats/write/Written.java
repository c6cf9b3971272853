package dev.vramcast.formats.write;

import java.util.List;

/**
 * What a writer made.
 *
 * @param warnings one line for each thing that the format cannot say, with key and value
 */
public record Written(List<WrittenFile> files, List<String> warnings) {

  public Written {
    files = List.copyOf(files);
    warnings = List.copyOf(warnings);
  }

  public static Written of(WrittenFile file, List<String> warnings) {
    return new Written(List.of(file), warnings);
  }
}
