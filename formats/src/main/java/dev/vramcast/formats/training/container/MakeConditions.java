package dev.vramcast.formats.training.container;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Branches of a Makefile: which lines count, and of which nobody knows. */
final class MakeConditions {

  private static final Pattern LINE =
      Pattern.compile("\\s{0,99}(else\\b\\s*)?(ifn?eq|ifn?def|endif)?\\b\\s*(.*)");

  private static final Pattern TEXTS =
      Pattern.compile("\\((.*),(.*)\\)|\"([^\"]*)\"\\s*\"([^\"]*)\"|'([^']*)'\\s*'([^']*)'");

  private static final int DEEPEST = 100;

  private static final int LONGEST = 1_000;

  /** Whether lines count. */
  enum Counts {
    YES,
    NO,
    UNKNOWN
  }

  /** A branch, and whether one before it was taken. */
  private record Branch(Counts now, Counts before) {}

  private final MakeVariables variables;
  private final Deque<Branch> open = new ArrayDeque<>();

  MakeConditions(MakeVariables variables) {
    this.variables = variables;
  }

  /** Whether the lines that follow count. */
  Counts now() {
    boolean unknown = false;
    for (Branch branch : open) {
      if (branch.now() == Counts.NO) {
        return Counts.NO;
      }
      unknown |= branch.now() == Counts.UNKNOWN;
    }
    return unknown ? Counts.UNKNOWN : Counts.YES;
  }

  /** Takes a line that begins or ends a branch; whether it is one. */
  boolean take(String line) {
    Matcher found = LINE.matcher(line);
    if (!found.matches() || found.group(1) == null && found.group(2) == null) {
      return false;
    }
    String how = found.group(2);
    if ("endif".equals(how)) {
      open.pollLast();
      return true;
    }
    Counts before = Counts.NO;
    if (found.group(1) != null) {
      Branch last = open.pollLast();
      before = last == null ? Counts.NO : either(last.before(), last.now());
    }
    Counts holds = how == null ? Counts.YES : holds(how, found.group(3));
    if (open.size() < DEEPEST) {
      open.addLast(new Branch(within(holds, before), before));
    }
    return true;
  }

  private static Counts either(Counts one, Counts other) {
    return one == Counts.YES || other == Counts.YES
        ? Counts.YES
        : one == Counts.NO ? other : Counts.UNKNOWN;
  }

  private static Counts within(Counts holds, Counts before) {
    return before == Counts.YES || holds == Counts.NO
        ? Counts.NO
        : before == Counts.UNKNOWN ? Counts.UNKNOWN : holds;
  }

  private Counts holds(String how, String rest) {
    boolean negated = how.startsWith("ifn");
    if (how.endsWith("def")) {
      return variables.has(rest.strip()) != negated ? Counts.YES : Counts.NO;
    }
    Matcher texts = TEXTS.matcher(rest.strip());
    if (rest.length() > LONGEST || !texts.matches()) {
      return Counts.UNKNOWN;
    }
    int group = texts.group(1) != null ? 1 : texts.group(3) != null ? 3 : 5;
    String one = variables.expand(texts.group(group).strip(), Map.of());
    String other = variables.expand(texts.group(group + 1).strip(), Map.of());
    boolean known = (one + other).indexOf('$') < 0;
    return !known ? Counts.UNKNOWN : one.equals(other) != negated ? Counts.YES : Counts.NO;
  }
}
