package dev.vramcast.formats.training.text;

import dev.vramcast.formats.shell.ShellCommand;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.formats.shell.WeightCommands;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands of Axolotl that merge or put together what a training wrote, and are told by that
 * training's own file: {@code axolotl merge-lora job.yml}. They are read as that training.
 */
final class NamedTraining {

  private static final Pattern PROGRAM = Pattern.compile("(?:.*/)?axolotl|axolotl\\.cli\\.main");

  private static final Pattern VERB =
      Pattern.compile(
          "(?:axolotl\\.cli\\.)?(?:(merge[-_]lora)|merge[-_]sharded[-_]fsdp[-_]weights)");

  private static final Pattern FILE = Pattern.compile("(?!-).+\\.ya?ml");

  private NamedTraining() {}

  /** The training of the first such command; empty where there is none, or it names no file. */
  static Optional<ShellCommand> of(List<ShellCommand> commands) {
    return commands.stream().flatMap(command -> of(command).stream()).findFirst();
  }

  /**
   * Words of commands behind a training that tell what becomes of what it wrote: one that puts
   * shards together, and one that merges adapters by the file that the training has too.
   */
  static Map<String, Word> behind(List<ShellCommand> commands, ShellCommand training) {
    Map<String, Word> behind = new LinkedHashMap<>();
    WeightCommands.joins(commands, training)
        .ifPresent(word -> behind.put(ShellCommand.JOINS, word));
    int last = training.words().get(0).line();
    commands.stream()
        .flatMap(command -> told(command).stream())
        .filter(told -> told.merges() && told.tells().line() > last)
        .filter(told -> training.words().stream().anyMatch(told::isOf))
        .findFirst()
        .ifPresent(told -> behind.put(ShellCommand.MERGES_BEHIND, told.tells()));
    return behind;
  }

  private static Optional<ShellCommand> of(ShellCommand command) {
    return told(command).map(told -> training(command, told));
  }

  /** What stands in a command of those. */
  private record Told(boolean merges, Word tells, Word file, List<Word> others) {

    boolean isOf(Word word) {
      return word.text().equals(file.text());
    }
  }

  private static Optional<Told> told(ShellCommand command) {
    List<Word> words = command.words();
    for (int i = 1; i + 1 < words.size(); i++) {
      Matcher verb = VERB.matcher(words.get(i).text());
      String before = words.get(i - 1).text();
      if (verb.matches() && (PROGRAM.matcher(before).matches() || before.equals("-m"))) {
        List<Word> behind = words.subList(i + 1, words.size());
        boolean merges = verb.group(1) != null;
        Word tells = words.get(i);
        return file(behind).map(file -> new Told(merges, tells, file, without(file, behind)));
      }
    }
    return Optional.empty();
  }

  /** The first file that is no option's value. */
  private static Optional<Word> file(List<Word> words) {
    for (int i = 0; i < words.size(); i++) {
      String before = i == 0 ? "" : words.get(i - 1).text();
      boolean isValue = before.startsWith("-") && before.indexOf('=') < 0;
      if (!isValue && FILE.matcher(words.get(i).text()).matches()) {
        return Optional.of(words.get(i));
      }
    }
    return Optional.empty();
  }

  private static List<Word> without(Word file, List<Word> words) {
    return words.stream().filter(word -> !word.equals(file)).toList();
  }

  private static ShellCommand training(ShellCommand command, Told told) {
    List<Word> words = new ArrayList<>();
    words.add(new Word("axolotl", command.words().get(0).mark()));
    words.add(new Word("train", told.tells().mark()));
    words.add(told.file());
    words.addAll(told.others());
    String what = told.merges() ? ShellCommand.MERGES : ShellCommand.JOINS;
    return new ShellCommand(words, command.variables().and(what, told.tells()));
  }
}
