package dev.vramcast.answers.write;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Files that were written for other programs.
 *
 * @param texts by plain names
 * @param warnings what is to be known of it
 */
public record FilesAnswer(Map<String, String> texts, List<Notice> warnings) implements Answer {

  public FilesAnswer {
    warnings = List.copyOf(warnings);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    List<String> lines = new ArrayList<>();
    texts.forEach(
        (name, text) -> {
          lines.add(name + ":");
          text.lines().forEach(lines::add);
          lines.add("");
        });
    return lines;
  }

  @Override
  public Record record() {
    return FilesRecord.of(this);
  }
}
