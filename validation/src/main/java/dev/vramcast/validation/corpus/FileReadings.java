package dev.vramcast.validation.corpus;

import dev.vramcast.input.text.BoundedText;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** What becomes of each of many training files, as lines of JSON. */
public final class FileReadings {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Paths of a hundred characters, a hundred thousand of them. */
  private static final BoundedText LISTS = new BoundedText(10 << 20);

  private FileReadings() {}

  /**
   * Asks about each file that a list names, without the network.
   *
   * @param list has on each line the path of a file, and behind a tab the folder that it stands for
   *     where it lies in another one
   */
  public static String text(Path list) {
    return LISTS.of(list).lines().filter(line -> !line.isBlank()).toList().parallelStream()
        .map(FileReadings::line)
        .collect(Collectors.joining());
  }

  private static String line(String listed) {
    String[] cells = listed.split("\t", 2);
    Path file = Path.of(cells[0]).toAbsolutePath();
    Path folder =
        cells.length > 1
            ? Path.of(cells[1])
            : Optional.ofNullable(file.getParent()).orElse(Path.of(""));
    return MAPPER.writeValueAsString(FileReading.of(file, folder).fields()) + "\n";
  }
}
