package dev.vramcast.formats.python.module;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What source imports. */
public final class Imports {

  private static final int MOST = 1_000;

  /** Of blanks beside blanks none is given back: trying all their lengths takes their cube. */
  private static final Pattern FROM =
      Pattern.compile(
          "(?m)^[ \\t]*+from[ \\t]++(\\.*+)(?:[ \\t]*+([A-Za-z_][\\w.]*+)|)[ \\t]++import[ \\t]++"
              + "(?:\\(([^()]{1,4000})\\)|([^\\n;()]{1,2000}))");

  private static final Pattern WHOLE =
      Pattern.compile("(?m)^[ \\t]*import[ \\t]+([A-Za-z_][\\w., \\t]{0,400})");

  private static final Pattern NAMED =
      Pattern.compile("([A-Za-z_][\\w.]*|\\*)(?:[ \\t]+as[ \\t]+([A-Za-z_]\\w*))?");

  private Imports() {}

  /**
   * One name that is imported.
   *
   * @param dots in front of the module, by which it lies in a package around the source
   * @param module its name; empty for the package itself
   * @param name what is imported of it; empty for the module itself, {@code *} for all
   * @param as what the source calls it
   */
  public record Import(int dots, String module, String name, String as) {}

  /**
   * All of them, in order.
   *
   * @param code source without its texts, as {@link ModuleParts#code}
   */
  public static List<Import> of(String code) {
    List<Import> found = new ArrayList<>();
    Matcher from = FROM.matcher(code);
    while (found.size() < MOST && from.find()) {
      String listed = from.group(3) == null ? from.group(4) : from.group(3);
      for (String each : listed.split(",")) {
        Matcher named = NAMED.matcher(each.strip());
        if (named.matches()) {
          String name = named.group(1);
          String as = named.group(2) == null ? name : named.group(2);
          String module = Objects.requireNonNullElse(from.group(2), "");
          found.add(new Import(from.group(1).length(), module, name, as));
        }
      }
    }
    Matcher whole = WHOLE.matcher(code);
    while (found.size() < MOST && whole.find()) {
      for (String each : whole.group(1).split(",")) {
        Matcher named = NAMED.matcher(each.strip());
        if (named.matches()) {
          String as = named.group(2) == null ? named.group(1) : named.group(2);
          found.add(new Import(0, named.group(1), "", as));
        }
      }
    }
    return found;
  }
}
