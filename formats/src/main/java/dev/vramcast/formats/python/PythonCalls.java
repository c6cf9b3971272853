package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Branches;
import dev.vramcast.formats.python.flow.ChangedArguments;
import dev.vramcast.formats.python.flow.KnownNames;
import dev.vramcast.formats.python.flow.LoadedDtype;
import dev.vramcast.formats.python.flow.OpenBlocks;
import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.handed.Bounds;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.ModuleScope;
import dev.vramcast.formats.python.handed.ReturnedDictionaries;
import dev.vramcast.formats.python.handed.Told;
import dev.vramcast.formats.python.module.ModuleLines;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.formats.python.objects.ChangedObjects;
import dev.vramcast.formats.python.objects.ClassFields;
import dev.vramcast.formats.python.objects.PlainTokens;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls in a program, with their keyword arguments as far as these are literals or names of
 * literals. Any other expression is kept as text between angle brackets, which readers take as
 * filled in from outside.
 */
public final class PythonCalls {

  private static final int MOST_CALLS = 2_000;

  /** Calls in calls of which a piece is read as part of each. */
  private static final int MOST_TIMES = 8;

  private final List<Token> tokens;
  private final Statements statements;
  private final Branches branches;
  private final OpenBlocks blocks;

  /** By the place of an opening bracket that of its closing one, the end where there is none. */
  private final int[] closing;

  private final Map<String, Node> constants = new HashMap<>();
  private final Options options;
  private final LoadedFile file;
  private final GivenArguments given;
  private final ModuleScope scope = new ModuleScope(constants);
  private final ClassFields classes;
  private final OwnDictionaries dictionaries;
  private final ChangedObjects objects;
  private final List<Call> calls = new ArrayList<>();
  private final LaterArguments later;

  /** Where the value of the last assignment begins, and the name that it is given. */
  private int valueStart = -1;

  private String assigned = "";
  private long read;

  private PythonCalls(
      List<Token> tokens, KnownNames known, Told told, ReturnedDictionaries returned) {
    this.options = new Options(told.options(), constants);
    this.file = new LoadedFile(constants);
    constants.putAll(told.beside());
    constants.putAll(told.loaded());
    options.changing(tokens);
    this.tokens = tokens;
    this.statements = new Statements(tokens);
    this.branches = new Branches(statements, known, file::holds);
    this.blocks = new OpenBlocks(statements, new Expression(constants)::value, Logic::truth);
    this.closing = Statements.closing(tokens);
    this.classes = new ClassFields(constants, Expression.FIELD, statements, closing);
    this.given = new GivenArguments(tokens, closing, this::node, known);
    this.dictionaries =
        new OwnDictionaries(statements, given, branches, blocks, constants, returned);
    this.objects = new ChangedObjects(statements);
    this.later = new LaterArguments(calls, new ChangedArguments(statements));
  }

  /**
   * All calls in order.
   *
   * @param lines of source, each with the line of the file that it stands in
   */
  public static List<Call> of(List<Node.Scalar> lines) {
    return program(lines, Told.NOTHING).calls();
  }

  /**
   * A program, as {@link #of}.
   *
   * @param told what it is told when it starts
   */
  public static Program program(List<Node.Scalar> lines, Told told) {
    List<Token> tokens = PlainTokens.of(lines);
    Statements statements = new Statements(tokens);
    KnownNames known = KnownNames.of(statements, Map.of());
    PythonCalls found = new PythonCalls(tokens, known, told, new ReturnedDictionaries());
    found.read();
    // Arguments, a file, or a function may stand below what takes them.
    boolean below = found.dictionaries.returned().isLater();
    PythonCalls whole =
        below || found.constants.entrySet().stream().anyMatch(found::isTold)
            ? found.again(KnownNames.of(statements, found.options.known()), told)
            : found;
    return new Program(
        whole.blocks.settled(whole.calls),
        whole.constants,
        whole.branches.left(),
        whole.blocks.read(),
        whole.options.taken(),
        known.settled(),
        whole.later.unfollowed());
  }

  private boolean isTold(Map.Entry<String, Node> constant) {
    return constant.getKey().startsWith(Expression.FIELD) || file.is(constant);
  }

  private PythonCalls again(KnownNames known, Told told) {
    ReturnedDictionaries returned = new ReturnedDictionaries(dictionaries.returned());
    PythonCalls whole = new PythonCalls(tokens, known, told, returned);
    constants.entrySet().stream()
        .filter(this::isTold)
        .forEach(one -> whole.constants.put(one.getKey(), one.getValue()));
    whole.file.handed(file);
    whole.options.settle(options);
    whole.classes.settle();
    whole.read();
    boolean more = whole.file.hands(whole.calls, whole.dictionaries.returned());
    return more ? whole.again(known, told) : whole;
  }

  private void read() {
    int line = 0;
    int lineEnd = 0;
    for (int i = 0; i < tokens.size() && calls.size() < MOST_CALLS; i++) {
      i = statements.isStart(i) ? branches.next(i) : i;
      if (i >= tokens.size()) {
        return;
      }
      if (statements.isStart(i)) {
        line = i;
        lineEnd = statements.lineEnd(i);
      }
      Token token = tokens.get(i);
      scope(i);
      if (statements.isStart(i)) {
        blocks.statement(i, branches.isSure(token.column()), branches.innermost());
        objects.statement(i);
        dictionaries.statement(i);
      }
      if (token.text().equals("def")) {
        classes.method();
        classes.completing(statements.completions(i));
        dictionaries.declares(i);
        objects.declares(tokens.get(i + 1).text());
      } else if (token.text().equals("return") && statements.isStart(i)) {
        dictionaries.returns(i + 1);
      }
      if (token.kind() != Kind.NAME || statements.isDotted(i)) {
        continue;
      }
      int end = given.dottedEnd(i);
      if (end + 1 < tokens.size() && tokens.get(end + 1).is("(")) {
        if (!Statements.isWord(token.text())
            && !(i > 0 && Statements.declares(tokens.get(i - 1)))) {
          String result = i == valueStart ? assigned : "";
          Call made = call(i, end, result, tokens.get(line).column() == 0);
          Call call = given.sided(made, i, line, lineEnd);
          if (Branches.makesJob(tokens.get(end)) && given.isLeft(i, line, lineEnd)) {
            branches.leave(token);
          } else {
            later.called(call, i, end);
            calls.add(call);
            LoadedDtype.put(call, constants);
            classes.built(call.name(), call.arguments()).forEach(options::given);
            blocks.called(call, Branches.makesJob(tokens.get(end)) || dictionaries.isUpdate(call));
          }
          options.argument(call);
          dictionaries.called(call, i, end);
        }
      } else if (end > i && statements.isAssigned(i, end)) {
        assign(given.dotted(i, end), end + 2);
        if (end == i + 2 && Pieces.isArguments(token)) {
          options.change(tokens.get(end).text(), node(end + 2, given.expressionEnd(end + 2)));
        }
        part(given.dotted(i, end), i, end + 2);
        object(given.dotted(i, end), end + 2, given.expressionEnd(end + 2));
      } else if (end > i && statements.isAugmented(i, end)) {
        augmented(given.dotted(i, end), token);
      } else if (end == i && statements.isAssigned(i, i)) {
        assign(token.text(), i + 2);
        int stop = given.expressionEnd(i + 2);
        Node value = bounded(token, node(i + 2, stop));
        value = behind(token.text(), i, constants.get(token.text()), value);
        known(token.text(), value);
        dictionaries.assigned(token.text());
        object(token.text(), i + 2, stop);
        file.assigned(token.text(), tokens.subList(i + 2, Math.max(i + 2, stop)));
      } else if (end == i && statements.isAugmented(i, i)) {
        augmented(i);
      } else if (end == i && statements.isEntry(i)) {
        entry(i);
      } else if (end == i && !statements.tuple(i).isEmpty()) {
        tuple(i);
      } else if (end == i && statements.isField(i)) {
        field(token.text(), i + 2);
      }
    }
  }

  /** What begins outside of all other statements. */
  private void scope(int at) {
    Token first = tokens.get(at);
    // An empty line is in whatever is around it.
    if (first.column() > 0 || first.kind() == Kind.END || !statements.isStart(at)) {
      return;
    }
    scope.end();
    boolean declares = first.text().equals("class");
    String name = declares ? tokens.get(at + 1).text() : "";
    classes.begin(name, declares ? given.bases(at + 2) : List.of());
    constants.put(Expression.INSIDE, new Node.Scalar(name, first.mark()));
    if (Statements.declares(first) && ModuleLines.isOne(first.line())) {
      scope.begin();
    }
  }

  private Call call(int start, int end, String result, boolean outermost) {
    return new Call(
        given.dotted(start, end),
        given.all(end + 1),
        tokens.get(start).mark(),
        result,
        given.model(end + 1),
        branches.function(),
        outermost);
  }

  /** A name has a value, and is a field where it is given that right in a class. */
  private void known(String name, Node value) {
    Node before = constants.put(name, value);
    if (branches.function().isEmpty()) {
      classes.field(name, before, value);
    }
  }

  /** {@code config = Config(rank=8)}. */
  private void object(String name, int value, int end) {
    boolean made =
        end > value + 2
            && tokens.get(value + 1).is("(")
            && closing[value + 1] == end - 1
            && tokens.get(value).kind() == Kind.NAME;
    if (made) {
      objects.made(name, value);
      classes.made(name, tokens.get(value).text(), given.all(value + 1));
    }
  }

  /** {@code self.rank = 8}: what is known of an object's part is so until it is given another. */
  private void part(String name, int at, int value) {
    Node now = node(value, given.expressionEnd(value));
    String object = name.substring(0, name.lastIndexOf('.'));
    boolean passed = !constants.containsKey(name) && blocks.isPassed(object);
    now = behind(name, at, constants.get(name), now);
    Mark mark = tokens.get(at).mark();
    String function = branches.function();
    later.given(new LaterArguments.Change(name, mark, function, branches.innermost(), now), blocks);
    if (passed) {
      return;
    }
    if (name.startsWith("self.") && !branches.function().isEmpty()) {
      Node field = bounded(tokens.get(value), now);
      classes.part(name.substring("self.".length()), branches.function(), field);
    }
    classes.changed(name, now, objects.isAbove(object)).ifPresent(options::given);
    boolean plain = now instanceof Node.Scalar && now.value() != null && !Pieces.isOutside(now);
    if (plain || dictionaries.keeps(name, now)) {
      constants.put(name, now);
    } else {
      constants.remove(name);
      classes
          .ofMaker(name, branches.innermost(), now)
          .ifPresent(handed -> constants.put(name, handed));
    }
  }

  /** What a name has behind a statement that gives it a value. */
  private Node behind(String name, int at, @Nullable Node before, Node value) {
    Node better = branches.better(name, at, before, value);
    return blocks.given(name, branches.innermost(), before, better);
  }

  /** {@code BATCH *= 2}. */
  private void augmented(int at) {
    String name = tokens.get(at).text();
    Node before = constants.get(name);
    if (before != null) {
      Node value = Augmented.of(tokens, at, statements.lineEnd(at), constants, blocks.repeats());
      known(name, behind(name, at, before, bounded(tokens.get(at), value)));
    }
  }

  /** {@code config.rank *= 2} of an object: what it has then is not known. */
  private void augmented(String name, Token at) {
    Node unknown = new Node.Scalar("<" + name + ">", at.mark());
    classes.changed(name, unknown, false).ifPresent(options::given);
    constants.computeIfPresent(name, (part, before) -> unknown);
  }

  private static Node bounded(Token name, Node value) {
    return Bounds.value(name.text(), name.mark(), value);
  }

  private void assign(String name, int value) {
    assigned = name;
    valueStart = value;
  }

  private Node node(int start, int end) {
    read += Math.max(0, end - start);
    return read > (long) MOST_TIMES * tokens.size() && start < end
        ? new Node.Scalar("<" + tokens.get(start).text() + ">", tokens.get(start).mark())
        : dictionaries.made(start, end, Expression.node(tokens, start, end, constants));
  }

  /** {@code a, b = 1, 2}: as many values as names. */
  private void tuple(int at) {
    List<String> names = statements.tuple(at);
    int start = at + 2 * names.size();
    assign(names.get(0), start);
    List<Node> values = new ArrayList<>();
    for (int end = given.expressionEnd(start); end > start; end = given.expressionEnd(start)) {
      values.add(bounded(tokens.get(start), node(start, end)));
      if (end >= tokens.size() || !tokens.get(end).is(",")) {
        break;
      }
      start = end + 1;
    }
    for (int k = 0; k < names.size(); k++) {
      String name = names.get(k);
      int place = at + 2 * k;
      if (values.size() == names.size()) {
        constants.put(name, behind(name, place, constants.get(name), values.get(k)));
      } else {
        branches.given(name, place);
      }
    }
  }

  /** The value of a field, or the default in {@code field(default=8)}. */
  private void field(String name, int type) {
    int equals = statements.equalsSign(type);
    if (equals + 1 >= tokens.size() || !tokens.get(equals).is("=")) {
      return;
    }
    assign(name, equals + 1);
    boolean described =
        equals + 2 < tokens.size()
            && tokens.get(equals + 1).text().equals("field")
            && tokens.get(equals + 2).is("(");
    if (described) {
      Map<String, Node> said = given.all(equals + 2);
      Node otherwise = said.getOrDefault("default", said.get(GivenArguments.FACTORY));
      options.field(name, otherwise == null ? null : classes.held(name, otherwise));
      if (otherwise != null) {
        classes.field(name, constants.get(name), otherwise);
      }
    } else {
      int stop = given.expressionEnd(equals + 1);
      Node value = bounded(tokens.get(type - 2), node(equals + 1, stop));
      known(name, value);
      options.field(name, classes.held(name, value));
    }
  }

  private void entry(int at) {
    if (constants.get(tokens.get(at).text()) instanceof Node.Fields fields) {
      Map<String, Node> changed = new LinkedHashMap<>(fields.fields());
      Token key = tokens.get(at + 2);
      String name = tokens.get(at).text() + "[" + key.text();
      Node value = bounded(key, node(at + 5, given.expressionEnd(at + 5)));
      Node before = changed.get(key.text());
      value = branches.better(name, at, before, value);
      String made = tokens.get(at).text();
      blocks.later(changed, key.text(), made, branches.innermost(), value);
      constants.put(made, bounded(tokens.get(at), new Node.Fields(changed, fields.mark())));
    }
  }
}
