package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program parses in place of its command.
 *
 * @param tokens of the whole program
 * @param closing as {@link Statements#closing}
 */
record OwnWords(List<Token> tokens, int[] closing) {

  /** Calls that are looked at; more of them are taken to be given something. */
  private static final int MOST_CALLS = 100;

  /** Functions that hand the words on. */
  private static final int MOST_FUNCTIONS = 3;

  private static final Pattern WORDS =
      Pattern.compile(
          "parse_(?:known_)?(?:intermixed_)?args|parse_args_(?:into_dataclasses|and_config)");

  private static final Pattern COMMAND =
      Pattern.compile("|None|\\[]|\\*?(?:sys\\.)?argv(?:\\[\\d*:])?");

  private static final Pattern NAME = Pattern.compile("\\*?([A-Za-z_]\\w*)(?:\\[\\d*:])?");

  /** Arguments of parsers that say how, and not what. */
  private static final Set<String> MANNERS =
      Set.of("return_remaining_strings", "look_for_args_file", "fail_with_unknown_args");

  private static final Set<String> ADDS = Set.of("append", "extend", "insert");

  boolean areGiven() {
    int calls = 0;
    boolean argv = importsArgv();
    for (int i = 1; i + 2 < tokens.size(); i++) {
      boolean method = tokens.get(i - 1).is(".") && tokens.get(i + 1).is("(");
      String name = tokens.get(i).text();
      boolean given =
          switch (name) {
            case "parse_dict" -> method;
            case "parse_yaml_file", "parse_json_file" -> method && !isOfCommand(i + 1);
            case "argv" -> tokens.get(i - 1).is(".") || argv && starts(i) ? isSet(i) : isPatched(i);
            default ->
                method && WORDS.matcher(name).matches() && (++calls > MOST_CALLS || parsesOther(i));
          };
      if (given) {
        return true;
      }
    }
    return false;
  }

  /** {@code from sys import argv}: the words of the command under a name of the program's. */
  private boolean importsArgv() {
    for (int i = 3; i < tokens.size(); i++) {
      if (tokens.get(i).text().equals("argv")
          && tokens.get(i - 1).text().matches("import|,")
          && imported(i)) {
        return true;
      }
    }
    return false;
  }

  private boolean imported(int at) {
    int i = at;
    while (i > 0 && tokens.get(i - 1).kind() != Kind.END) {
      i--;
    }
    return i + 1 < at
        && tokens.get(i).text().equals("from")
        && tokens.get(i + 1).text().equals("sys");
  }

  private boolean starts(int at) {
    return tokens.get(at - 1).kind() == Kind.END;
  }

  /** {@code parse_json_file(sys.argv[1])}: which file, its command says. */
  private boolean isOfCommand(int open) {
    return tokens.subList(open, Math.min(closing[open], tokens.size())).stream()
        .anyMatch(token -> token.kind() == Kind.NAME && token.text().equals("argv"));
  }

  /** {@code sys.argv = [..]}, {@code sys.argv += [..]}, {@code sys.argv.append(..)}. */
  private boolean isSet(int at) {
    int next = at + 1;
    if (tokens.get(next).is("[")) {
      boolean program = closing[next] == next + 2 && tokens.get(next + 1).text().equals("0");
      next = program ? tokens.size() : closing[next] + 1;
    }
    return isChanged(next);
  }

  private boolean isChanged(int next) {
    return next + 1 < tokens.size()
        && (tokens.get(next).is("=")
            || tokens.get(next).is("+=")
            || tokens.get(next).is(".") && ADDS.contains(tokens.get(next + 1).text()));
  }

  /** {@code patch.object(sys, "argv", [..])}. */
  private boolean isPatched(int at) {
    return at > 1
        && tokens.get(at).kind() == Kind.STRING
        && tokens.get(at - 1).is(",")
        && tokens.get(at - 2).text().equals("sys");
  }

  private boolean parsesOther(int at) {
    for (int[] argument : parts(at + 1)) {
      int start = argument[0];
      boolean named = start + 1 < argument[1] && tokens.get(start + 1).is("=");
      String name = named ? tokens.get(start).text() : "args";
      boolean command = name.equals("args") && isCommand(named ? start + 2 : start, argument[1]);
      if (!command && !MANNERS.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCommand(int start, int end) {
    return isCommand(start, end, MOST_FUNCTIONS);
  }

  private boolean isCommand(int start, int end, int functions) {
    String text = text(start, end);
    Matcher name = NAME.matcher(text);
    boolean written = COMMAND.matcher(text).matches();
    boolean plain = name.matches() && !text.equals("None");
    return plain ? comesFromCommand(name.group(1), start, functions, written) : written;
  }

  /** A parameter that nobody gives anything else, or a name of the command's words. */
  private boolean comesFromCommand(String name, int at, int functions, boolean otherwise) {
    int head = head(name, at);
    boolean known = otherwise || head >= 0;
    for (int i = Math.max(1, head); i < at; i++) {
      boolean changed =
          tokens.get(i).text().equals(name)
              && tokens.get(i - 1).kind() == Kind.END
              && isChanged(i + 1);
      if (changed) {
        int end = end(i + 2);
        if (end > at) {
          break;
        }
        if (!tokens.get(i + 1).is("=") || !COMMAND.matcher(text(i + 2, end)).matches()) {
          return false;
        }
        known = true;
      }
    }
    return known && (head < 0 || functions > 0 && isHanded(head, name, functions - 1));
  }

  /** The function around a place, or above it, that has a parameter; -1 where there is none. */
  private int head(String parameter, int at) {
    for (int i = at; i >= 0; i--) {
      if (tokens.get(i).text().equals("def") && i + 2 < at && tokens.get(i + 2).is("(")) {
        boolean around = new Statements(tokens).behind(i) > at;
        return around && place(i, parameter) >= 0 ? i : -1;
      }
    }
    return -1;
  }

  /** Which parameter of a function it is, without the object itself; -1 for none. */
  private int place(int head, String parameter) {
    int place = 0;
    for (int[] part : parts(head + 2)) {
      int start = tokens.get(part[0]).is("*") ? part[0] + 1 : part[0];
      String name = tokens.get(start).text();
      if (name.equals(parameter)) {
        return place;
      }
      place += name.equals("self") || name.equals("cls") ? 0 : 1;
    }
    return -1;
  }

  /** Whether all calls of a function hand it the command's words, or nothing. */
  private boolean isHanded(int head, String parameter, int functions) {
    int place = place(head, parameter);
    String function = tokens.get(head + 1).text();
    for (int[] part : parts(head + 2)) {
      String said = text(part[0], part[1]);
      boolean other = said.startsWith(parameter) && said.matches("(?s).*=(?!None$).*");
      if (other) {
        return false;
      }
    }
    for (int i = 0; i + 1 < tokens.size(); i++) {
      boolean called = tokens.get(i).text().equals(function) && tokens.get(i + 1).is("(");
      if (called && i != head + 1 && !isHanded(parts(i + 1), place, parameter, functions)) {
        return false;
      }
    }
    return true;
  }

  private boolean isHanded(List<int[]> given, int place, String parameter, int functions) {
    for (int i = 0; i < given.size(); i++) {
      int start = given.get(i)[0];
      int end = given.get(i)[1];
      boolean named = start + 1 < end && tokens.get(start + 1).is("=");
      boolean meant = named ? tokens.get(start).text().equals(parameter) : i == place;
      if (meant && !isCommand(named ? start + 2 : start, end, functions)) {
        return false;
      }
    }
    return true;
  }

  private List<int[]> parts(int open) {
    return Statements.parts(tokens, closing, open);
  }

  private int end(int start) {
    return Statements.expressionEnd(tokens, closing, start);
  }

  /** A text in quotes keeps none, and is told by a mark. */
  private String text(int start, int end) {
    StringBuilder text = new StringBuilder();
    for (Token token : tokens.subList(start, Math.max(start, Math.min(end, start + 50)))) {
      text.append(token.kind() == Kind.STRING ? "'" : "").append(token.text());
    }
    return text.toString();
  }
}
