package dev.vramcast.formats.shell;

import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Files of data that a script puts together, by which a command of it may train. */
public final class Outputs {

  /** The word that stands before what a command puts into a file, and after that what it is of. */
  private static final String INTO = ">";

  private static final Pattern DATA = Pattern.compile("(?i)[^=]*\\.(?:ya?ml|json|toml)");

  private static final Pattern REDIRECTED = Pattern.compile("1?(>{1,2}|<)[ \\t]*([^&].*)");

  private static final Set<String> COPY = Set.of("cp", "mv");

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

  /**
   * What a script puts into files before a command.
   *
   * @param texts what they hold
   * @param copies those that hold what another one does
   * @param unknown those of which nothing is known but where they are written
   */
  public record Files(
      Map<String, String> texts, Map<String, Copy> copies, Map<String, Mark> unknown) {}

  /**
   * A copy of a file.
   *
   * @param path of the other file
   * @param filled variables whose names in it become their values ({@code envsubst})
   */
  public record Copy(String path, Map<String, Word> filled) {}

  /** What commands write into files before the line of another one, the last of which holds. */
  public static Files of(List<ShellCommand> commands, int line) {
    Files files = new Files(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    for (ShellCommand command : commands) {
      List<Word> words = command.words();
      String first = words.get(0).text();
      if (first.equals(ShellText.WRITES)) {
        String path = forgotten(files, words.get(1).text());
        files.texts.put(path, ShellText.filled(words.get(2).text(), command));
      } else if (first.equals(INTO) && words.get(0).line() <= line) {
        String path = forgotten(files, words.get(1).text());
        if (words.size() == 2) {
          files.unknown.put(path, words.get(0).mark());
        } else {
          boolean fills = words.size() > 3;
          files.copies.put(
              path, new Copy(words.get(2).text(), fills ? exported(command) : Map.of()));
        }
      }
    }
    return files;
  }

  private static String forgotten(Files files, String path) {
    String plain = path.startsWith("./") ? path.substring(2) : path;
    files.texts.remove(plain);
    files.copies.remove(plain);
    files.unknown.remove(plain);
    return plain;
  }

  private static Map<String, Word> exported(ShellCommand command) {
    Map<String, Word> known = new LinkedHashMap<>();
    command
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith(ShellCommand.EXPORTED)) {
                known.put(name.substring(ShellCommand.EXPORTED.length()), value);
              }
            });
    return known;
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

  /** A command is whole. */
  void end(List<Word> words) {
    Word to = into;
    String source = from;
    forget();
    if (words.isEmpty()) {
      return;
    }
    String first = words.get(0).text();
    String program = first.substring(first.lastIndexOf('/') + 1);
    List<Word> files = words.stream().skip(1).filter(Outputs::isFile).toList();
    if (to != null) {
      redirected(program, to, files, source);
    } else if (COPY.contains(program) && files.size() == 2) {
      put(files.get(1), files.get(0).text(), false);
    } else if (program.equals("tee")
        || EDIT.contains(program)
            && words.stream().anyMatch(word -> IN_PLACE.matcher(word.text()).matches())) {
      files.forEach(this::unknown);
    }
  }

  private void redirected(String program, Word to, List<Word> files, @Nullable String source) {
    if (appends) {
      unknown(to);
    } else if (program.equals("envsubst") && source != null) {
      put(to, source, true);
    } else if (program.equals("cat") && files.size() == 1) {
      put(to, files.get(0).text(), false);
    } else {
      unknown(to);
    }
  }

  private static boolean isFile(Word word) {
    return DATA.matcher(word.text()).matches();
  }

  private void put(Word path, String source, boolean fills) {
    Word mark = new Word(INTO, path.mark());
    Word from = new Word(source, path.mark());
    script.writes(fills ? List.of(mark, path, from, mark) : List.of(mark, path, from));
  }

  private void unknown(Word path) {
    script.writes(List.of(new Word(INTO, path.mark()), path));
  }
}
