package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.Condition.Holds;
import dev.vramcast.formats.shell.ShellCommand.Word;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which branches of {@code if} and {@code case}, and commands behind {@code &&} and {@code ||}, a
 * script runs, where texts and numbers that it sets itself decide.
 */
final class Branches {

  private static final int DEEPEST = 100;

  private final Deque<Level> open = new ArrayDeque<>();
  private Holds guard = Holds.YES;
  private @Nullable String guarded;
  private boolean tested;
  private boolean matched;

  /** One {@code if} or {@code case}: its branch now, and whether an earlier one was taken. */
  private static final class Level {
    private final boolean chooses;
    private final String word;
    private Holds earlier = Holds.NO;
    private Holds branch = Holds.NO;
    private Holds asked = Holds.YES;
    private boolean asking;
    private boolean either;
    private boolean pattern;

    /** Files that are not there in this branch, and in the ones behind it. */
    private @Nullable String absent;

    private @Nullable String otherwise;

    Level(boolean chooses, String word) {
      this.chooses = chooses;
      this.word = word;
      this.pattern = chooses;
    }

    /** A branch begins whose own condition is this. */
    void begins(Holds condition) {
      earlier = earlier.or(branch);
      branch = earlier.not().and(condition);
      absent = otherwise;
    }
  }

  /** Whether what stands here runs. */
  Holds now() {
    Holds all = guard;
    for (Level level : open) {
      all = all.and(level.branch);
    }
    return all;
  }

  /** Files for which what stands here only runs where they are not there. */
  Set<String> absent() {
    return Stream.concat(
            Stream.ofNullable(guarded),
            open.stream().flatMap(level -> Stream.ofNullable(level.absent)))
        .collect(Collectors.toSet());
  }

  /** Whether the last bracket was the one behind a pattern of {@code case}, or before it. */
  boolean isPattern(char bracket) {
    Level level = open.peek();
    return bracket == ')' ? matched : level != null && level.pattern;
  }

  /**
   * Takes the words that steer, and leaves those of a command.
   *
   * @param words of a command, as the script has them
   * @param end the character that ended it
   * @param twice the same character stands before or behind it
   */
  List<Word> command(List<Word> words, char end, boolean twice) {
    matched = false;
    List<Word> rest = words.isEmpty() ? words : steered(words, end, twice);
    if (end == '\n' || end == ';') {
      guard = Holds.YES;
      guarded = null;
      tested = false;
    }
    Level level = open.peek();
    if (level != null && level.chooses && end == ';' && twice) {
      level.earlier = level.earlier.or(level.branch);
      level.branch = Holds.NO;
      level.pattern = true;
    }
    return rest;
  }

  private List<Word> steered(List<Word> words, char end, boolean twice) {
    String first = words.get(0).text();
    Level level = open.peek();
    if (level != null && level.pattern && !first.equals("esac")) {
      return matched(level, words, end);
    }
    if (level != null && level.asking && !first.equals("then")) {
      return asked(words, end, twice);
    }
    List<Word> rest = words.subList(1, words.size());
    switch (first) {
      case "if" -> {
        push(new Level(false, ""));
        return asked(rest, end, twice);
      }
      case "elif" -> {
        elif();
        return asked(rest, end, twice);
      }
      case "else" -> {
        begins(Holds.YES);
        return rest;
      }
      case "then", "do" -> {
        then();
        return rest.isEmpty() ? rest : steered(rest, end, twice);
      }
      case "fi", "esac" -> {
        open.poll();
        return List.of();
      }
      case "case" -> {
        return chosen(rest, end);
      }
      default -> {
        return guarded(words, end, twice);
      }
    }
  }

  private void push(Level level) {
    if (open.size() < DEEPEST) {
      open.push(level);
    }
  }

  private void begins(Holds condition) {
    Level level = open.peek();
    if (level != null) {
      level.begins(condition);
    }
  }

  private void elif() {
    Level level = open.peek();
    if (level != null) {
      level.earlier = level.earlier.or(level.branch);
      level.asked = Holds.YES;
    }
  }

  private void then() {
    Level level = open.peek();
    if (level != null && level.asking) {
      level.asking = false;
      level.either = false;
      level.branch = level.earlier.not().and(level.asked);
    }
  }

  /** Tests that {@code &&} and {@code ||} join are all asked before a branch begins. */
  private List<Word> asked(List<Word> words, char end, boolean twice) {
    Level level = open.peek();
    Holds holds = Condition.of(words);
    if (level != null) {
      level.asked = level.either ? level.asked.or(holds) : level.asked.and(holds);
      level.either = twice && end == '|';
      level.asking = true;
      level.absent = Condition.file(words, false);
      level.otherwise = Condition.file(words, true);
      // What runs to be asked runs in the branch around it.
      level.branch = Holds.UNKNOWN;
    }
    return Condition.isTest(words) ? List.of() : words;
  }

  /**
   * A test by itself decides about the command behind it; what stands behind {@code ||} runs where
   * what is before it does not.
   */
  private List<Word> guarded(List<Word> words, char end, boolean twice) {
    boolean tests = Condition.isTest(words);
    if (twice && tests) {
      guarded = Condition.file(words, end == '|');
    }
    if (twice && tests && end == '&') {
      guard = guard.and(Condition.of(words));
      tested = true;
    } else if (twice && tests && end == '|') {
      guard = guard.and(Condition.of(words).not());
      tested = true;
    } else if (twice && end == '|') {
      guard = tested ? guard.not() : Holds.UNKNOWN;
    }
    return tests ? List.of() : words;
  }

  private List<Word> chosen(List<Word> rest, char end) {
    Level level = new Level(true, rest.isEmpty() ? "$" : rest.get(0).text());
    push(level);
    return rest.size() > 2 ? matched(level, rest.subList(2, rest.size()), end) : List.of();
  }

  /** Patterns up to the bracket behind them. */
  private List<Word> matched(Level level, List<Word> words, char end) {
    Holds found = Condition.matches(level.word, words.get(0).text());
    level.branch = level.branch.or(level.earlier.not().and(found));
    level.pattern = end != ')';
    matched = end == ')';
    return List.of();
  }
}
