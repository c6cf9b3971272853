package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Files of data that a script puts together, by which a command of it may train. */
public final class Outputs {

  /** The word that stands before what a command puts into a file, and after that what it is of. */
  private static final String INTO = ">";

  private static final Pattern DATA = Pattern.compile("(?i)[^=]*\\.(?:ya?ml|json|toml)");

  private static final Pattern REDIRECTED = Pattern.compile("1?(>{1,2}|<)[ \\t]*([^&].*)");

  /** Words of the shell, and programs, behind which a command may begin. */
  private static final Set<String> BEFORE =
      Set.of("then", "else", "do", "{", "!", "time", "sudo", "command", "env");

  private static final Set<String> COPY = Set.of("cp", "mv");

  /** Programs that put files elsewhere too, of whose many ways none is followed. */
  private static final Set<String> PLACE = Set.of("install", "ln", "rsync", "scp");

  private static final Set<String> LOAD = Set.of("curl", "wget");

  /** Programs that change a file where it lies. */
  private static final Set<String> EDIT = Set.of("sed", "perl", "yq");

  private static final Pattern IN_PLACE = Pattern.compile("-\\w*i\\S*|--in-?place\\S*");

  private final Script script;
  private @Nullable Word into;
  private @Nullable String from;
  private boolean appends;

  Outputs(Script script) {
    this.script = script;
  }

  /** Whether a command is one that stands for what another one writes into a file. */
  static boolean isOne(ShellCommand command) {
    return isText(command) || command.words().get(0).text().equals(INTO);
  }

  /** Whether such a one has the text of the file. */
  static boolean isText(ShellCommand command) {
    return command.words().get(0).text().equals(ShellText.WRITES);
  }

  /** A command's output goes to a file, or its input comes from one; says where that ends. */
  int behind(Matcher written, Mark mark) {
    redirected(written.group(), mark);
    return written.end();
  }

  private void redirected(String written, Mark mark) {
    Matcher found = REDIRECTED.matcher(written);
    if (!found.matches()) {
      return;
    }
    String path = script.filled(found.group(2).strip()).replaceAll("[\"']", "");
    if (found.group(1).equals("<")) {
      from = path;
    } else if (DATA.matcher(path).matches()) {
      into = new Word(path, mark);
      appends = found.group(1).length() > 1;
    }
  }

  /** What was told of a command is of no other one. */
  void forget() {
    into = null;
    from = null;
  }

  /** A command is whole, of which the script knows by now whether it runs. */
  void end(List<Word> words) {
    Word to = into;
    String source = from;
    forget();
    int first = 0;
    while (first < words.size() && BEFORE.contains(words.get(first).text())) {
      first++;
    }
    if (first == words.size()) {
      return;
    }
    String name = words.get(first).text();
    String program = name.substring(name.lastIndexOf('/') + 1);
    List<Word> given = words.subList(first + 1, words.size());
    List<Word> plain = given.stream().filter(word -> !word.text().startsWith("-")).toList();
    if (to != null) {
      redirected(program, to, given, source);
    }
    if (COPY.contains(program) || PLACE.contains(program)) {
      placed(plain, COPY.contains(program));
    } else if (program.equals("tee")
        || program.equals("sponge")
        || EDIT.contains(program)
            && given.stream().anyMatch(word -> IN_PLACE.matcher(word.text()).matches())) {
      plain.stream().filter(Outputs::isFile).forEach(this::unknown);
    } else if (LOAD.contains(program)) {
      IntStream.range(1, given.size())
          .filter(i -> given.get(i - 1).text().matches("-[oO]|--output(?:-document)?"))
          .mapToObj(given::get)
          .filter(Outputs::isFile)
          .forEach(this::unknown);
    }
  }

  private void redirected(String program, Word to, List<Word> given, @Nullable String source) {
    boolean options = given.stream().anyMatch(word -> word.text().startsWith("-"));
    if (appends || options) {
      unknown(to);
    } else if (program.equals("envsubst") && source != null && given.size() < 2) {
      put(to, source, given.isEmpty() ? "" : given.get(0).text());
    } else if (program.equals("cat") && given.size() == 1 && source == null) {
      put(to, given.get(0).text(), null);
    } else {
      unknown(to);
    }
  }

  /** Files that are put where the last word says, below it where that is a folder. */
  private void placed(List<Word> given, boolean copies) {
    if (given.size() < 2) {
      return;
    }
    Word to = given.get(given.size() - 1);
    List<Word> sources = given.subList(0, given.size() - 1);
    if (isFile(to)) {
      place(sources.get(0), to, copies && sources.size() == 1);
      return;
    }
    String folder = to.text().equals(".") ? "" : to.text().replaceFirst("/*$", "/");
    for (Word source : sources.stream().filter(Outputs::isFile).toList()) {
      String name = source.text().substring(source.text().lastIndexOf('/') + 1);
      place(source, new Word(folder + name, to.mark()), copies);
    }
  }

  private void place(Word source, Word to, boolean copies) {
    if (copies) {
      put(to, source.text(), null);
    } else {
      unknown(to);
    }
  }

  private static boolean isFile(Word word) {
    return DATA.matcher(word.text()).matches();
  }

  private void put(Word path, String source, @Nullable String fills) {
    Word mark = new Word(INTO, path.mark());
    Word from = new Word(source, path.mark());
    script.writes(
        fills == null
            ? List.of(mark, path, from)
            : List.of(mark, path, from, new Word(fills, path.mark())));
  }

  private void unknown(Word path) {
    script.writes(unknown(path.text(), path.mark()));
  }

  /** What stands for a file of which nothing is known but that it is written. */
  static List<Word> unknown(String path, Mark mark) {
    return List.of(new Word(INTO, mark), new Word(path, mark));
  }
}
