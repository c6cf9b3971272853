package dev.vramcast.formats.training.container;

import static java.util.stream.Collectors.joining;

import dev.vramcast.formats.shell.PlacedScript;
import dev.vramcast.formats.write.ShellText;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the container of a Dockerfile's last stage starts, and what runs while it is built. */
final class Dockerfile {

  private static final Pattern NAME =
      Pattern.compile(
          "(?i)(?:.*[/\\\\])?(?:dockerfile|containerfile)(?:[.-][\\w.-]{1,99})?|.*\\.dockerfile");

  /** What may stand before the first stage. */
  private static final Pattern BEFORE = Pattern.compile("\\s*(?:#.*)?|ARG .*");

  private static final Pattern INSTRUCTION = Pattern.compile("\\s*([A-Za-z]{2,20})\\s+(.*)");

  private static final Pattern STAGE =
      Pattern.compile("(?i)(?:--\\S+\\s+)?(\\S+)(?:\\s+as\\s+(\\S+))?.*");

  private static final Pattern FLAGS = Pattern.compile("^(?:--\\S{1,200}\\s+){1,20}");

  /**
   * The word that rows of their own end with; only where a word begins (moby/buildkit
   * frontend/dockerfile/parser/parser.go), and what stands in quotes or behind a backslash is none.
   */
  private static final Pattern HERE =
      Pattern.compile(
          "\\\\.|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+){0,1000}+\"?+|'[^']*+'?+"
              + "|(?<!\\S)\\d{0,9}<<-?(['\"]?)(\\w{1,50})\\1");

  /** Text in the list of words that starts a program without a shell. */
  private static final Pattern WORD =
      Pattern.compile("\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+){0,1000})\"");

  private static final Pattern OLD_FORM = Pattern.compile("(\\w{1,100})\\s+([^=].*)");

  /** Instructions that rows of their own may follow. */
  private static final Set<String> WITH_ROWS = Set.of("RUN", "COPY", "ADD");

  /** What goes on in the next row, which is joined to this one without it. */
  private static final Pattern GOES_ON = Pattern.compile("\\\\\\s*$");

  /** Variables of a stage; more than anybody sets. */
  private static final int MOST_SET = 1_000;

  private final List<String> rows;
  private final Map<String, Stage> stages = new HashMap<>();
  private final List<Instruction> built = new ArrayList<>();

  /** Variables in front of all stages. */
  private final Stage arguments = Stage.behind(Optional.empty());

  /** Their values, which what a stage begins with may be filled in from. */
  private final BuildArguments values = new BuildArguments();

  private Stage stage = arguments;

  /** Whether the first stage has begun. */
  private boolean begun;

  /** The name of the stage; empty for one that none can begin with. */
  private String name = "";

  private int at;

  /** What an instruction is given, by its rows; comments among them are empty. */
  private record Instruction(String name, int line, List<String> rows) {

    boolean isList() {
      return rows.get(0).strip().startsWith("[");
    }
  }

  /**
   * What holds where a stage ends: variables, and what starts.
   *
   * @param base what it begins with, another stage as that ended
   * @param set variables of its own
   */
  private record Stage(
      Optional<Stage> base,
      List<Instruction> set,
      Optional<Instruction> entry,
      Optional<Instruction> command) {

    /** One that begins as another ends. */
    static Stage behind(Optional<Stage> base) {
      return new Stage(
          base, new ArrayList<>(), base.flatMap(Stage::entry), base.flatMap(Stage::command));
    }

    Stage and(Instruction more) {
      return switch (more.name()) {
        case "ENTRYPOINT" -> new Stage(base, set, Optional.of(more), Optional.empty());
        case "CMD" -> new Stage(base, set, entry, Optional.of(more));
        default -> {
          set.add(more);
          yield this;
        }
      };
    }

    /** All variables, those of what it begins with first. */
    List<Instruction> variables() {
      Deque<Stage> stages = new ArrayDeque<>();
      for (Optional<Stage> each = Optional.of(this); each.isPresent(); each = each.get().base()) {
        stages.push(each.get());
      }
      return stages.stream().flatMap(each -> each.set().stream()).limit(MOST_SET).toList();
    }
  }

  private Dockerfile(String text) {
    this.rows = text.lines().toList();
  }

  static boolean isOne(String text, String name) {
    return NAME.matcher(name).matches()
        || CarriedScript.hasNoEnding(name)
            && text.lines()
                .filter(line -> !BEFORE.matcher(line).matches())
                .findFirst()
                .filter(line -> line.startsWith("FROM "))
                .isPresent();
  }

  /** What its container starts, and then what runs while it is built. */
  static List<CarriedScript> scripts(String text) {
    Dockerfile file = new Dockerfile(text);
    while (file.at < file.rows.size()) {
      file.instruction();
    }
    PlacedScript started = new PlacedScript();
    file.stage.variables().forEach(set -> file.set(set, started));
    file.start(started);
    PlacedScript built = new PlacedScript();
    file.built.forEach(each -> file.build(each, built));
    return List.of(new CarriedScript(started, Map.of()), new CarriedScript(built, Map.of()));
  }

  private void instruction() {
    int first = at;
    Matcher found = INSTRUCTION.matcher(rows.get(at++));
    if (!found.matches()) {
      return;
    }
    String name = found.group(1).toUpperCase(Locale.ROOT);
    List<String> given = continued(found.group(2));
    String joined = joined(given);
    if (WITH_ROWS.contains(name)) {
      ownRows(joined, given);
    }
    Instruction all = new Instruction(name, first + 1, given);
    switch (name) {
      case "FROM" -> from(joined);
      case "ENV", "ARG" -> {
        if (!begun) {
          values.set(joined);
        }
        built.add(all);
        stage = stage.and(all);
      }
      case "CMD", "ENTRYPOINT" -> stage = stage.and(all);
      case "RUN" -> built.add(all);
      default -> {
        // Files, users, ports and labels change nothing of what is started.
      }
    }
  }

  /** A stage ends, and those below may begin with it; their names have no case. */
  private void from(String given) {
    begun = true;
    Matcher found = STAGE.matcher(given.strip());
    if (found.matches()) {
      if (!name.isEmpty()) {
        stages.put(name, stage);
      }
      name = Optional.ofNullable(found.group(2)).orElse("").toLowerCase(Locale.ROOT);
      String base = values.filledIn(found.group(1)).toLowerCase(Locale.ROOT);
      stage = Stage.behind(Optional.of(stages.getOrDefault(base, arguments)));
    }
  }

  /** Rows up to one that does not go on; Docker passes over comments and empty ones in it. */
  private List<String> continued(String head) {
    List<String> given = new ArrayList<>(List.of(head));
    String last = head;
    while (last.stripTrailing().endsWith("\\") && at < rows.size()) {
      String row = rows.get(at++);
      boolean comment = row.isBlank() || row.stripLeading().startsWith("#");
      given.add(comment ? "\\" : row);
      last = comment ? last : row;
    }
    return given;
  }

  private static String joined(List<String> given) {
    return given.stream().map(row -> GOES_ON.matcher(row).replaceFirst("")).collect(joining());
  }

  /** Adds the rows that an instruction takes up to a word of its own. */
  private void ownRows(String joined, List<String> given) {
    for (Matcher here = HERE.matcher(joined); here.find(); ) {
      String end = here.group(2);
      while (end != null && at < rows.size() && !rows.get(at).strip().equals(end)) {
        given.add(rows.get(at++));
      }
    }
  }

  /** {@code ENV A=1 B=2} is as a shell has it, {@code ENV A some text} is not. */
  private void set(Instruction set, PlacedScript script) {
    List<String> given = new ArrayList<>(set.rows());
    Matcher old = OLD_FORM.matcher(given.get(0));
    String export = set.name().equals("ENV") ? "export " : "";
    boolean unset = given.size() == 1 && given.get(0).indexOf('=') < 0 && !old.matches();
    if (!unset) {
      String value = old.matches() ? old.group(1) + "=\"" + old.group(2) + '"' : given.get(0);
      given.set(0, export + value);
      lines(script, set.line(), given);
    }
  }

  private void lines(PlacedScript script, int line, List<String> given) {
    for (int i = 0; i < given.size(); i++) {
      script.lines(Mark.of(line + i), given.get(i).stripTrailing(), rows);
    }
    script.end();
  }

  /** Words of an entry point have those of a command behind them; a line of a shell has not. */
  private void start(PlacedScript script) {
    Optional<Instruction> entry = stage.entry();
    entry.ifPresent(given -> run(given, script));
    stage
        .command()
        .filter(given -> entry.isEmpty() || entry.get().isList())
        .ifPresent(given -> run(given, script));
    script.end();
  }

  private void run(Instruction run, PlacedScript script) {
    if (run.isList()) {
      words(run, script);
    } else {
      lines(script, run.line(), run.rows());
    }
  }

  private void build(Instruction run, PlacedScript script) {
    if (!run.name().equals("RUN")) {
      set(run, script);
    } else if (run.isList()) {
      words(run, script);
      script.end();
    } else {
      CarriedScript.shell(script, run.line(), withoutFlags(run.rows()), rows);
    }
  }

  /**
   * {@code --mount} and the like stand before the command, in as many rows as they take. Rows of
   * its own that nothing stands before are the command.
   */
  private static List<String> withoutFlags(List<String> rows) {
    List<String> given = new ArrayList<>(rows);
    for (int i = 0; i < given.size(); i++) {
      String rest = FLAGS.matcher(given.get(i).stripLeading()).replaceFirst("");
      if (!rest.equals(given.get(i).stripLeading())) {
        given.set(i, rest);
      }
      if (!rest.isBlank() && !rest.strip().equals("\\")) {
        Matcher here = HERE.matcher(rest);
        given.set(i, here.lookingAt() && here.group(2) != null ? "" : given.get(i));
        break;
      }
    }
    return given;
  }

  private void words(Instruction run, PlacedScript script) {
    for (int i = 0; i < run.rows().size(); i++) {
      String row = run.rows().get(i);
      int before = Math.max(0, rows.get(run.line() + i - 1).length() - row.length());
      for (Matcher word = WORD.matcher(row); word.find(); ) {
        String text = word.group(1).replaceAll("\\\\(.)", "$1");
        Mark mark = new Mark(run.line() + i, before + word.start(1) + 1);
        script.word(mark, text, ShellText.quote(text), rows);
      }
    }
  }
}
