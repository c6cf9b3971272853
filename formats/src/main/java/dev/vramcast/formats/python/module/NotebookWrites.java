package dev.vramcast.formats.python.module;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What a notebook writes into files, in order. */
public final class NotebookWrites {

  private final List<Write> all = new ArrayList<>();

  /**
   * One of them.
   *
   * @param line of the notebook's script, before which it has not happened
   * @param text empty where it is not known
   * @param made whether a program makes it, so that the text stands nowhere
   */
  private record Write(
      int line, String path, Optional<String> text, boolean appends, boolean made, Mark mark) {}

  /**
   * Files as they stand at a time.
   *
   * @param texts by their paths
   * @param made where those are written that a program makes, and those of which no text is known
   */
  public record Files(Map<String, String> texts, Map<String, Mark> made) {}

  /** A cell that is written into a file; paths with names in them are not known. */
  void cell(int line, NotebookCell cell) {
    all.add(
        new Write(
            line, cell.path(), Optional.of(cell.content()), cell.appends(), false, cell.mark()));
  }

  void made(int line, String path, String text, Mark mark) {
    all.add(new Write(line, path, Optional.of(text), false, true, mark));
  }

  void unknown(int line, String path, Mark mark) {
    all.add(new Write(line, path, Optional.empty(), false, true, mark));
  }

  /** Whether a path has parts that are filled in when its cell runs. */
  static boolean isOpen(String path) {
    return path.contains("{") || path.contains("$");
  }

  /**
   * Says which cell is written into a file whose path is not known.
   *
   * @param named whether a path is asked for
   * @throws InputException where one is
   */
  public void refuseOpen(String name, Predicate<String> named) {
    for (Write write : all) {
      if (isOpen(write.path()) && named.test(write.path())) {
        throw InputError.of("is written into ", Shown.oneLine(write.path()))
            .and(", which is not known before the notebook runs")
            .kind(ErrorKind.NOT_FOUND)
            .at(Place.of(name, write.mark().line(), write.mark().column()))
            .hint("write the path out, or give what it trains by in place of the notebook")
            .refusal();
      }
    }
  }

  /** The files as they stand when a line of the script runs. */
  public Files before(int line) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, Mark> made = new LinkedHashMap<>();
    all.stream()
        .filter(write -> write.line() < line)
        .sorted((one, other) -> Integer.compare(one.line(), other.line()))
        .forEach(write -> add(write, texts, made));
    return new Files(texts, made);
  }

  private static void add(Write write, Map<String, String> texts, Map<String, Mark> made) {
    String path = write.path();
    if (isOpen(path)) {
      // It may be any of them.
      texts.keySet().forEach(each -> made.put(each, write.mark()));
      texts.clear();
      return;
    }
    String before = write.appends() ? texts.get(path) : "";
    if (write.text().isEmpty() || before == null) {
      texts.remove(path);
      made.put(path, write.mark());
      return;
    }
    texts.put(path, before + write.text().get());
    if (write.made()) {
      made.put(path, write.mark());
    } else if (!write.appends()) {
      made.remove(path);
    }
  }
}
