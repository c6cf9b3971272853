package dev.vramcast.answers.text;

import dev.vramcast.answers.record.RecordJson;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.Notice;
import java.util.List;
import java.util.Map;

/** What a command found, for people and for programs. */
public interface Answer {

  /** For people. */
  List<String> lines(Terminal terminal);

  /** As {@link #lines}, without what only explains. */
  default List<String> brief(Terminal terminal) {
    return lines(terminal);
  }

  /** For programs: what they are told, component by component. */
  Record record();

  /** {@link #record()} as nested maps and lists with snake_case keys. */
  default Map<String, Object> json(String version) {
    return RecordJson.answer(record(), version);
  }

  /** The warnings that are not among {@link #lines}. */
  default List<Notice> asides() {
    return warnings().stream().filter(warning -> !warning.leads()).toList();
  }

  /** What is told people beside the answer; nothing where it does not say otherwise. */
  default List<Notice> warnings() {
    return List.of();
  }
}
