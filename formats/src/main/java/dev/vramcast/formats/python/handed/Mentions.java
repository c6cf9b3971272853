package dev.vramcast.formats.python.handed;

import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.ModuleParts;
import dev.vramcast.input.tree.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a program names its functions and classes beside their calls: there they may be handed on,
 * and called with arguments that nobody sees.
 */
final class Mentions {

  /** What hands a function its arguments and is no call of it. */
  private static final Pattern ELSEWHERE =
      Pattern.compile(
          "\\b(?:(?:fn_kwargs|with_indices|with_rank|input_columns)\\s*=|partial\\s*\\("
              + "|fire\\.Fire\\b)");

  /** By which a name comes into a program, and is handed on to nobody. */
  private static final Pattern IMPORTS =
      Pattern.compile(
          "(?m)^[ \\t]*from[ \\t]+[\\w.]+[ \\t]+import[ \\t]+(?:\\([^()]{0,4000}\\)|[^\\n]*)");

  private static final Pattern NAME = Pattern.compile("\\b[A-Za-z_]\\w*\\b(?!\\s*=[^=])");

  private static final Pattern METHOD = Pattern.compile("(?m)^[ \\t]+(?:async +)?def +(\\w+)");

  /** A class, or the function that makes objects of it. */
  private static final Pattern MADE =
      Pattern.compile("(?m)^[ \\t]*class +(\\w+)|^[ \\t]+def +__init__\\b");

  private static final Pattern DECLARED = Pattern.compile("\\b(?:def|class)\\s+$");

  private static final Pattern MAPS =
      Pattern.compile(
          "\\.\\s*(?:map|filter)\\s*\\(\\s*(?:function\\s*=\\s*)?(?:self\\s*\\.\\s*)?$");

  private static final Pattern MAPPED =
      Pattern.compile("\\s*(?:\\)|,\\s*(?:\\)|\\w+\\s*=)).*", Pattern.DOTALL);

  private static final Pattern OF_OBJECT = Pattern.compile("(?s).*\\.\\s*");
  private static final Pattern OWN = Pattern.compile("(?s).*\\bself\\s*\\.\\s*");

  /** Characters beside a name that tell what is done with it. */
  private static final int BESIDE = 60;

  private final String code;
  private final Optional<String> made;
  private final boolean handsElsewhere;
  private final Set<String> methods = new HashSet<>();
  private final Set<String> elsewhere = new HashSet<>();
  private final Set<String> mapped = new HashSet<>();

  private Mentions(String code, Set<String> functions) {
    this.code = code;
    this.handsElsewhere = ELSEWHERE.matcher(code).find();
    for (Matcher method = METHOD.matcher(code); method.find(); ) {
      methods.add(method.group(1));
    }
    this.made = onlyMade(code);
    Set<String> names = new HashSet<>(functions);
    made.ifPresent(names::add);
    for (Matcher name = NAME.matcher(code); name.find(); ) {
      if (names.contains(name.group())) {
        mention(name.group(), name.start(), name.end());
      }
    }
  }

  /**
   * Those of source, of which texts, comments and commands for the shell say nothing.
   *
   * @param functions that it declares
   */
  static Mentions in(List<Node.Scalar> lines, Set<String> functions) {
    String text =
        lines.stream()
            .map(line -> String.valueOf(line.value()))
            .map(line -> ModuleLines.isCommand(line) ? "" : line)
            .collect(Collectors.joining("\n"));
    return new Mentions(IMPORTS.matcher(ModuleParts.code(text)).replaceAll(""), functions);
  }

  /** The class that has the only {@code __init__}; empty where there are several, or none. */
  Optional<String> made() {
    return made;
  }

  private static Optional<String> onlyMade(String code) {
    Optional<String> made = Optional.empty();
    String last = "";
    for (Matcher found = MADE.matcher(code); found.find(); ) {
      if (found.group(1) != null) {
        last = found.group(1);
      } else if (made.isPresent() || last.isEmpty()) {
        return Optional.empty();
      } else {
        made = Optional.of(last);
      }
    }
    return made;
  }

  /** Whether a function may be given arguments by what is no call of it. */
  boolean isHandedOn(String name) {
    return elsewhere.contains(name) || mapped.contains(name) && handsElsewhere;
  }

  /** Whether a data set is mapped by it, which gives it the first argument alone. */
  boolean isMapped(String name) {
    return mapped.contains(name);
  }

  /** Whether any function may be given arguments by what is no call of it. */
  boolean handsAny() {
    return handsElsewhere;
  }

  private void mention(String name, int start, int end) {
    String before = code.substring(Math.max(0, start - BESIDE), start);
    String after = code.substring(end, Math.min(code.length(), end + BESIDE));
    boolean ofObject = OF_OBJECT.matcher(before).matches();
    boolean own = OWN.matcher(before).matches();
    boolean called = after.stripLeading().startsWith("(") && (!ofObject || own);
    boolean another = ofObject && !own && !methods.contains(name);
    if (MAPS.matcher(before).find() && MAPPED.matcher(after).matches()) {
      mapped.add(name);
    } else if (!DECLARED.matcher(before).find() && !called && !another) {
      elsewhere.add(name);
    }
  }
}
