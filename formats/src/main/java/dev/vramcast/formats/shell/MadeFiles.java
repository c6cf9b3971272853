package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a script has put into files when a command of it runs.
 *
 * @param texts what they hold
 * @param copies those that hold what another one does, which the script does not write
 * @param unknown those of which nothing is known but where they are written
 */
public record MadeFiles(
    Map<String, String> texts, Map<String, Copy> copies, Map<String, Mark> unknown) {

  private static final Pattern VARIABLE =
      Pattern.compile("\\$(?:(\\w{1,100})|\\{(\\w{1,100})(:?[-=][^}$]*)?\\})");

  /**
   * A copy of a file.
   *
   * @param path of the other file
   * @param filled variables whose names in it become their values ({@code envsubst})
   * @param mark where it is made
   */
  public record Copy(String path, Map<String, Word> filled, Mark mark) {}

  /** What commands write into files before another one of them runs; the last of each holds. */
  public static MadeFiles of(List<ShellCommand> commands, ShellCommand training) {
    MadeFiles files =
        new MadeFiles(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    Order order = new Order(commands);
    Word started = training.words().get(0);
    boolean inner = commands.stream().noneMatch(other -> other.words().get(0).equals(started));
    List<Integer> until = order.place(training).orElse(List.of(Integer.MAX_VALUE, started.line()));
    commands.stream()
        .filter(Outputs::isOne)
        .filter(
            command ->
                isProgram(command)
                    || inner && Outputs.isText(command)
                    || order.place(command).filter(at -> Order.compare(at, until) <= 0).isPresent())
        .sorted(
            Comparator.comparing(
                (ShellCommand command) -> order.place(command).orElse(List.of()),
                Comparator.comparing((List<Integer> at) -> at, Order::compare)
                    .thenComparing(List::size)))
        .forEach(files::take);
    return files;
  }

  /** A program that Python reads from lines is there where it is run. */
  private static boolean isProgram(ShellCommand command) {
    return command.words().get(1).text().startsWith(ShellCommand.STDIN);
  }

  private void take(ShellCommand command) {
    List<Word> words = command.words();
    Mark mark = words.get(0).mark();
    String path = plain(words.get(1).text());
    if (Outputs.isText(command)) {
      put(path, filled(words.get(2).text(), command.environment(), true));
    } else if (words.size() == 2) {
      forget(path);
      unknown.put(path, mark);
    } else {
      Map<String, Word> fills =
          words.size() > 3 ? exported(command, words.get(3).text()) : Map.of();
      copy(path, plain(words.get(2).text()), fills, mark);
    }
  }

  private void copy(String path, String source, Map<String, Word> fills, Mark mark) {
    String text = texts.get(source);
    Copy first = copies.get(source);
    if (text != null) {
      put(path, filled(text, fills, false));
    } else if (unknown.containsKey(source)) {
      forget(path);
      unknown.put(path, mark);
    } else {
      Map<String, Word> all = new HashMap<>(fills);
      all.putAll(first == null ? Map.of() : first.filled());
      forget(path);
      copies.put(path, new Copy(first == null ? source : first.path(), Map.copyOf(all), mark));
    }
  }

  private void put(String path, String text) {
    forget(path);
    texts.put(path, text);
  }

  private void forget(String path) {
    texts.remove(path);
    copies.remove(path);
    unknown.remove(path);
  }

  /** A path without the dot that it may begin by, as files are known here. */
  public static String plain(String path) {
    return path.startsWith("./") ? path.substring(2) : path;
  }

  /** What {@code envsubst} fills in: of the names that it is told, or else all. */
  private static Map<String, Word> exported(ShellCommand command, String told) {
    Map<String, Word> known = new LinkedHashMap<>();
    List<String> names =
        VARIABLE
            .matcher(told)
            .results()
            .map(found -> found.group(found.group(1) == null ? 2 : 1))
            .toList();
    command
        .environment()
        .forEach(
            (name, value) -> {
              String plain =
                  name.substring(Math.min(name.length(), ShellCommand.EXPORTED.length()));
              if (name.startsWith(ShellCommand.EXPORTED)
                  && (told.isEmpty() || names.contains(plain))) {
                known.put(plain, value);
              }
            });
    return known;
  }

  /**
   * A text with values in the place of the variables that it names.
   *
   * @param defaults whether {@code ${X:-text}} names one too, as to a shell
   */
  public static String filled(String text, Map<String, Word> values, boolean defaults) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            found -> {
              Word value = values.get(found.group(1) == null ? found.group(2) : found.group(1));
              boolean names = defaults || found.group(3) == null;
              return Matcher.quoteReplacement(
                  value != null && names ? value.text() : found.group());
            });
  }

  /** These files with their places in the file that the script stands in. */
  public MadeFiles at(UnaryOperator<Mark> places) {
    return new MadeFiles(
        texts,
        copies.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    copy ->
                        new Copy(
                            copy.getValue().path(),
                            copy.getValue().filled(),
                            places.apply(copy.getValue().mark())))),
        unknown.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, made -> places.apply(made.getValue()))));
  }

  /** When commands run: those of a function where that is called first. */
  private static final class Order {

    /** Functions that call one another. */
    private static final int DEEPEST = 100;

    private final Map<String, ShellCommand> calls = new HashMap<>();
    private final Map<String, Optional<List<Integer>>> known = new HashMap<>();
    private int depth;

    Order(List<ShellCommand> commands) {
      commands.forEach(command -> known.put(function(command), Optional.empty()));
      for (ShellCommand command : commands) {
        if (!Outputs.isOne(command)) {
          command.words().stream()
              .map(Word::text)
              .filter(known::containsKey)
              .filter(name -> !name.equals(function(command)))
              .forEach(name -> calls.putIfAbsent(name, command));
        }
      }
      known.clear();
    }

    private static String function(ShellCommand command) {
      Word name = command.variables().get(ShellCommand.FUNCTION);
      return name == null ? "" : name.text();
    }

    /** Lines of the calls behind which one runs, and its own; empty where nobody calls it. */
    Optional<List<Integer>> place(ShellCommand command) {
      return called(function(command))
          .map(
              lines -> {
                List<Integer> all = new ArrayList<>(lines);
                all.add(command.words().get(0).line());
                return all;
              });
    }

    private Optional<List<Integer>> called(String function) {
      if (function.isEmpty()) {
        return Optional.of(List.of());
      }
      if (!known.containsKey(function)) {
        known.put(function, Optional.empty());
        depth++;
        ShellCommand call = depth < DEEPEST ? calls.get(function) : null;
        known.put(function, Optional.ofNullable(call).flatMap(this::place));
        depth--;
      }
      return known.get(function);
    }

    static int compare(List<Integer> one, List<Integer> other) {
      for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
        int order = one.get(i).compareTo(other.get(i));
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
  }
}
