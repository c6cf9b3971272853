package dev.vramcast.cli;

import dev.vramcast.cli.console.CommandWords;
import dev.vramcast.cli.console.Console;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks somebody at a terminal which of several is meant by a name. */
final class Choice {

  /** Names that are read at a glance. */
  private static final int MOST = 20;

  private static final int TRIES = 3;

  private Choice() {}

  /**
   * The command line with the name that was chosen, in place of the one that means several; empty
   * where nobody can be asked, there is nothing to choose from, or nothing was chosen.
   */
  static Optional<List<String>> of(InputError error, List<String> args, Console console) {
    Optional<String> flag =
        error
            .subject()
            .filter(Subject.Key.class::isInstance)
            .filter(JobKey.class::isInstance)
            .map(subject -> ((JobKey) subject).flag());
    List<String> names = error.choices();
    if (flag.isEmpty() || names.isEmpty() || console.keyboard().isEmpty()) {
      return Optional.empty();
    }
    List<String> shown = names.subList(0, Math.min(MOST, names.size()));
    console.err().print(error.line(CommandWords.ALL));
    console.err().print("\n");
    show(shown, console);
    return chosen(shown, console).map(name -> with(args, flag.get(), name));
  }

  private static void show(List<String> names, Console console) {
    for (int i = 0; i < names.size(); i++) {
      console.err().print("  %2d  %s%n".formatted(i + 1, names.get(i)));
    }
  }

  private static Optional<String> chosen(List<String> names, Console console) {
    BufferedReader keyboard = console.keyboard().orElseThrow();
    for (int i = 0; i < TRIES; i++) {
      console.err().print("Which, 1 to " + names.size() + " (Enter for none)? ");
      console.flush();
      Optional<String> line = line(keyboard);
      if (line.isEmpty()) {
        return Optional.empty();
      }
      Optional<String> name =
          names.stream().filter(each -> each.equalsIgnoreCase(line.get())).findFirst();
      boolean number = line.get().matches("\\d{1,4}");
      int at = number ? Integer.parseInt(line.get()) : 0;
      if (name.isPresent() || at >= 1 && at <= names.size()) {
        return name.or(() -> Optional.of(names.get(at - 1)));
      }
    }
    return Optional.empty();
  }

  /** Empty when nothing is typed, or no more can be. */
  private static Optional<String> line(BufferedReader keyboard) {
    try {
      return Optional.ofNullable(keyboard.readLine())
          .map(String::strip)
          .filter(text -> !text.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A flag that is given gets the name; one that is not stands over what a file says. */
  private static List<String> with(List<String> args, String flag, String name) {
    List<String> changed = new ArrayList<>();
    boolean found = false;
    for (int i = 0; i < args.size(); i++) {
      String each = args.get(i);
      if (each.equals(flag) && i + 1 < args.size()) {
        changed.add(flag);
        changed.add(count(args.get(++i), name));
        found = true;
      } else if (each.startsWith(flag + "=")) {
        changed.add(flag + "=" + count(each.substring(flag.length() + 1), name));
        found = true;
      } else {
        changed.add(each);
      }
    }
    if (!found) {
      changed.addAll(List.of(flag, name));
    }
    return changed;
  }

  /** A count that stood beside the name, as in {@code 8xA100} or {@code A100:8}, stays. */
  private static String count(String given, String name) {
    String before = given.replaceFirst("^(\\d{1,4})\\s*[xX*]\\s*\\S.*$", "$1x");
    if (!before.equals(given)) {
      return before + name;
    }
    String behind = given.replaceFirst("^.*[A-Za-z].*\\s*[:*]\\s*(\\d{1,4})$", ":$1");
    return behind.equals(given) ? name : name + behind;
  }
}
