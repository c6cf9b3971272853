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
 * Commands that merge or put together what a training wrote, and say of the model what a training
 * says: Axolotl's by that training's own file ({@code axolotl merge-lora job.yml}), LLaMA-Factory's
 * and ms-swift's by the keys of their trainings, LitGPT's by its folder. They are read as a
 * training that ends so, of which nothing but the end runs.
 */
final class NamedTraining {

  private static final Pattern PROGRAM = Pattern.compile("(?:.*/)?axolotl|axolotl\\.cli\\.main");

  private static final Pattern VERB =
      Pattern.compile(
          "(?:axolotl\\.cli\\.)?(?:(merge[-_]lora)|merge[-_]sharded[-_]fsdp[-_]weights)");

  /** What exports by the keys of a training, by the word with which it trains. */
  private static final Map<Pattern, String> EXPORTERS =
      Map.of(
          Pattern.compile("(?:.*/)?(?:llamafactory-cli|lmf)"),
          "train",
          Pattern.compile("(?:.*/)?swift"),
          "sft");

  private static final String EXPORT = "export";

  /** Without it {@code swift export} merges nothing (swift/llm/argument/export_args.py). */
  private static final Pattern MERGES = Pattern.compile("--merge_lora(?:=(?i:true|1))?");

  private static final Pattern QUANTIZES = Pattern.compile("--quant_(?:bits|method)(?:=.*)?");

  private static final Pattern LITGPT = Pattern.compile("(?:.*/)?litgpt");

  private static final Pattern TOLD_OF_MODEL =
      Pattern.compile("--(pretrained_checkpoint_dir|precision)(|=.*)");

  private static final Pattern FILE = Pattern.compile("(?!-).+\\.ya?ml");

  private NamedTraining() {}

  /** The training of the first such command; empty where there is none, or it names no file. */
  static Optional<ShellCommand> of(List<ShellCommand> commands) {
    return commands.stream().flatMap(command -> of(command).stream()).findFirst();
  }

  /**
   * Words of commands behind a training that tell what becomes of what it wrote: one that puts
   * shards together, and one that merges adapters: Axolotl's by the file that the training has too,
   * LLaMA-Factory's and ms-swift's whatever they are told, by the program that trains.
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
    commands.stream()
        .filter(command -> command.words().get(0).line() > last)
        .flatMap(command -> exports(command).stream())
        .filter(export -> training.words().stream().anyMatch(export::isOfProgram))
        .findFirst()
        .ifPresent(export -> behind.putIfAbsent(ShellCommand.MERGES_BEHIND, export.verb()));
    return behind;
  }

  /** A command that exports, by the word at which its program stands. */
  private record Export(int at, Word program, Word verb, String trains) {

    boolean isOfProgram(Word word) {
      return word.text().equals(program.text());
    }
  }

  private static Optional<ShellCommand> of(ShellCommand command) {
    return told(command)
        .map(told -> training(command, told))
        .or(() -> exported(command))
        .or(() -> ofFolder(command))
        .or(() -> WeightCommands.joins(command).map(word -> joining(command, word)));
  }

  /** What says of the training no more than that it wrote shards. */
  private static ShellCommand joining(ShellCommand command, Word word) {
    return new ShellCommand(
        command.words(),
        command.variables().and(ShellCommand.JOINS, word).and(ShellCommand.ALONE, word));
  }

  /**
   * {@code litgpt merge_lora}, by the folder of adapters and perhaps by that of the model, as a
   * training of that model (litgpt/scripts/merge_lora.py).
   */
  private static Optional<ShellCommand> ofFolder(ShellCommand command) {
    List<Word> words = command.words();
    for (int i = 0; i + 1 < words.size(); i++) {
      boolean merges = words.get(i + 1).text().equals("merge_lora");
      if (merges && LITGPT.matcher(words.get(i).text()).matches()) {
        Word verb = words.get(i + 1);
        List<Word> all = new ArrayList<>(words.subList(0, i + 1));
        all.add(new Word("finetune_lora", verb.mark()));
        all.addAll(ofModel(words.subList(i + 2, words.size())));
        return Optional.of(
            new ShellCommand(all, command.variables().and(ShellCommand.ALONE, verb)));
      }
    }
    return Optional.empty();
  }

  /** The options that tell of the model: where its folder is, and its precision. */
  private static List<Word> ofModel(List<Word> options) {
    List<Word> told = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      Matcher option = TOLD_OF_MODEL.matcher(options.get(i).text());
      if (option.matches()) {
        boolean folder = option.group(1).startsWith("pretrained");
        String name = folder ? "--checkpoint_dir" : "--precision";
        told.add(new Word(name + option.group(2), options.get(i).mark()));
        if (option.group(2).isEmpty() && i + 1 < options.size()) {
          told.add(options.get(i + 1));
        }
      }
    }
    return told;
  }

  /** An export as a training with the same options. */
  private static Optional<ShellCommand> exported(ShellCommand command) {
    return exports(command)
        .map(
            export -> {
              List<Word> words = command.words();
              List<Word> all = new ArrayList<>(words.subList(0, export.at() + 1));
              all.add(new Word(export.trains(), export.verb().mark()));
              all.addAll(words.subList(export.at() + 2, words.size()));
              return new ShellCommand(
                  all, command.variables().and(ShellCommand.ALONE, export.verb()));
            });
  }

  private static Optional<Export> exports(ShellCommand command) {
    List<Word> words = command.words();
    for (int i = 0; i + 2 < words.size(); i++) {
      Word program = words.get(i);
      Word verb = words.get(i + 1);
      Optional<String> trains = verb.text().equals(EXPORT) ? trains(program) : Optional.empty();
      List<Word> others = words.subList(i + 2, words.size());
      if (trains.isPresent() && (trains.get().equals("train") || merges(others))) {
        return Optional.of(new Export(i, program, verb, trains.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> trains(Word program) {
    return EXPORTERS.entrySet().stream()
        .filter(exporter -> exporter.getKey().matcher(program.text()).matches())
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static boolean merges(List<Word> options) {
    boolean quantizes = options.stream().anyMatch(word -> QUANTIZES.matcher(word.text()).matches());
    for (int i = 0; i < options.size() && !quantizes; i++) {
      boolean off = i + 1 < options.size() && options.get(i + 1).text().matches("(?i)false|0");
      if (MERGES.matcher(options.get(i).text()).matches() && !off) {
        return true;
      }
    }
    return false;
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
    return new ShellCommand(
        words, command.variables().and(what, told.tells()).and(ShellCommand.ALONE, told.tells()));
  }
}
