package dev.vramcast.formats.training.container;

import dev.vramcast.formats.shell.PlacedScript;
import dev.vramcast.formats.training.container.MakeConditions.Counts;
import dev.vramcast.input.tree.Mark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The recipes of a Makefile, each line of which a shell of its own runs. */
final class Makefile {

  private static final Pattern NAME =
      Pattern.compile("(?i)(?:.*[/\\\\])?(?:gnu)?makefile(?:\\.\\w{1,20})?|.*\\.(?:mk|mak)");

  /** A rule with a command; in YAML with tabs, which nobody reads, a list or a key follows. */
  private static final Pattern BEGINS =
      Pattern.compile(
          "(?m)^[\\w./%-][\\w./%$(){} -]{0,200}::?(?!=)[^\\n=]{0,500}"
              + "\\n\\t(?!- |[\\w.]{1,99}:\\s)");

  /** The longest list of what a rule needs that its commands are filled in with. */
  private static final int LONGEST_NEEDS = 1_000;

  private static final Pattern LOUD = Pattern.compile("^\\s*[@+-][@+\\s-]*");

  private final List<String> rows;
  private final MakeVariables variables = new MakeVariables();
  private final MakeConditions conditions = new MakeConditions(variables);
  private final List<Recipe> recipes = new ArrayList<>();
  private final Map<String, MakeVariables> ofTargets = new HashMap<>();
  private Rule rule = new Rule("", Map.of(), variables);
  private int at;

  /** What stands before recipes, with the variables that only they have. */
  private record Rule(String target, Map<String, String> automatic, MakeVariables own) {

    static Rule of(String target, String needs, MakeVariables own) {
      String first = needs.split("\\s+", 2)[0];
      return new Rule(
          target,
          needs.length() > LONGEST_NEEDS
              ? Map.of("@", target)
              : Map.of("@", target, "<", first, "^", needs),
          own);
    }
  }

  /** Rows of one command, the first of which stands in a line. */
  private record Recipe(Rule rule, int line, List<String> rows) {}

  private Makefile(String text) {
    this.rows = text.lines().toList();
  }

  static boolean isOne(String text, String name) {
    return NAME.matcher(name).matches()
        || CarriedScript.hasNoEnding(name) && !text.startsWith("#!") && BEGINS.matcher(text).find();
  }

  static CarriedScript script(String text) {
    Makefile file = new Makefile(text);
    while (file.at < file.rows.size()) {
      file.line();
    }
    PlacedScript script = new PlacedScript();
    // A recipe has the values that its variables have at the end of the file.
    for (Recipe recipe : file.recipes) {
      Rule rule = recipe.rule();
      List<String> commands =
          recipe.rows().stream().map(row -> rule.own().expand(row, rule.automatic())).toList();
      CarriedScript.shell(script, recipe.line(), commands, file.rows);
    }
    return CarriedScript.exporting(script, file.variables.environment());
  }

  private void line() {
    int first = at;
    List<String> lines = continued();
    Counts counts = conditions.now();
    if (lines.get(0).startsWith("\t") && !rule.target().isEmpty()) {
      if (counts != Counts.NO) {
        recipe(first + 1, lines);
      }
      return;
    }
    String line = whole(lines);
    if (line.isBlank() || conditions.take(line) || counts == Counts.NO) {
      return;
    }
    if (line.strip().matches("define\\b.*")) {
      define();
    } else if (!variables.take(line, Mark.of(first + 1), counts == Counts.YES)) {
      rule(line, first + 1);
    }
  }

  /** A row with those that it goes on in. */
  private List<String> continued() {
    List<String> lines = new ArrayList<>();
    do {
      lines.add(rows.get(at++));
    } while (at < rows.size() && lines.get(lines.size() - 1).endsWith("\\"));
    return lines;
  }

  private static String whole(List<String> lines) {
    StringBuilder whole = new StringBuilder();
    for (String line : lines) {
      String text = line.endsWith("\\") ? line.substring(0, line.length() - 1) : line;
      whole.append(whole.isEmpty() ? text.stripTrailing() : ' ' + text.strip());
    }
    int comment = whole.indexOf("#");
    boolean kept = comment > 0 && whole.charAt(comment - 1) == '\\';
    return comment < 0 || kept ? whole.toString() : whole.substring(0, comment);
  }

  /** Text of several lines, which recipes take in by a name that stays open. */
  private void define() {
    while (at < rows.size() && !rows.get(at).strip().startsWith("endef")) {
      at++;
    }
    at++;
  }

  private void rule(String line, int number) {
    int colon = line.indexOf(':');
    if (colon <= 0) {
      return;
    }
    String names = variables.expand(line.substring(0, colon), Map.of()).strip();
    String rest = line.substring(colon + 1).replaceFirst("^:", "");
    String target = names.split("\\s+", 2)[0];
    variables.target(target);
    MakeVariables own = ofTargets.computeIfAbsent(target, any -> variables.ofRule());
    if (own.take(rest, Mark.of(number), true)) {
      return;
    }
    int recipe = rest.indexOf(';');
    String needs = recipe < 0 ? rest : rest.substring(0, recipe);
    rule = Rule.of(target, variables.expand(needs.strip(), Map.of()), own);
    if (recipe >= 0) {
      recipe(number, List.of(rest.substring(recipe + 1)));
    }
  }

  private void recipe(int line, List<String> lines) {
    List<String> commands = new ArrayList<>();
    for (String row : lines) {
      String text = row.startsWith("\t") ? row.substring(1) : row;
      commands.add(commands.isEmpty() ? LOUD.matcher(text).replaceFirst("") : text);
    }
    recipes.add(new Recipe(rule, line, commands));
  }
}
