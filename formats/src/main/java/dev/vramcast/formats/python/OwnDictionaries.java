package dev.vramcast.formats.python;

import dev.vramcast.formats.python.flow.Branches;
import dev.vramcast.formats.python.flow.OpenBlocks;
import dev.vramcast.formats.python.flow.Pieces;
import dev.vramcast.formats.python.flow.Statements;
import dev.vramcast.formats.python.handed.Bounds;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Dictionaries;
import dev.vramcast.formats.python.handed.ReturnedDictionaries;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.formats.python.objects.UnchangedParts;
import dev.vramcast.input.tree.Node;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Dictionaries of a program by their names, and those that its functions return. */
final class OwnDictionaries {

  /** Methods that leave a dictionary as it is. */
  private static final Set<String> READS = Set.of("get", "items", "keys", "values", "copy");

  private final List<Token> tokens;
  private final Statements statements;
  private final GivenArguments given;
  private final Branches branches;
  private final OpenBlocks blocks;
  private final Map<String, Node> constants;
  private final ReturnedDictionaries returned;

  /** By names of dictionaries, the functions that they are made in; empty outside of all. */
  private final Map<String, String> made = new HashMap<>();

  /** Names that stand elsewhere than where a function or a class is declared. */
  private final Set<String> named;

  /** Parts of objects that are one dictionary each. */
  private final Set<String> unchanged;

  OwnDictionaries(
      Statements statements,
      GivenArguments given,
      Branches branches,
      OpenBlocks blocks,
      Map<String, Node> constants,
      ReturnedDictionaries returned) {
    this.tokens = statements.tokens();
    this.statements = statements;
    this.given = given;
    this.branches = branches;
    this.blocks = blocks;
    this.constants = constants;
    this.returned = returned;
    this.named = statements.named();
    this.unchanged = UnchangedParts.in(tokens, given.closing());
  }

  /** Whether a part of an object is a dictionary that no other method has changed. */
  boolean keeps(String part, Node value) {
    return value instanceof Node.Fields && unchanged.contains(part.replaceFirst("^self\\.", ""));
  }

  /** What the program's functions return. */
  ReturnedDictionaries returned() {
    return returned;
  }

  /** A name is given a value where a statement says so. */
  void assigned(String name) {
    made.put(name, branches.innermost());
  }

  /** What a function makes, {@code arguments(config)}, where its call is not known otherwise. */
  Node made(int start, int end, Node known) {
    int at = start < end && Pieces.isOutside(known) ? given.dottedEnd(start) + 1 : end;
    boolean call = at < end && tokens.get(at).is("(") && given.closing()[at] == end - 1;
    String name = call ? given.dotted(start, at - 1) : "";
    return returned.has(name) ? returned.of(name, given.all(at)).orElse(known) : known;
  }

  void declares(int def) {
    Token name = tokens.get(def + 1);
    if (Arithmetic.BOUNDS.contains(name.text())) {
      constants.put(Lookup.DECLARED + name.text(), new Node.Scalar(true, name.mark()));
    }
    returned.declares(name.text(), given.parameters(def + 2));
  }

  void returns(int start) {
    int end = given.expressionEnd(start);
    boolean whole = end > start && (end >= tokens.size() || tokens.get(end).kind() == Kind.END);
    int stop = whole ? end : start;
    returned.returns(
        branches.innermost(),
        constants,
        stop - start,
        known -> Expression.node(tokens, start, stop, known));
  }

  /**
   * {@code del config["rank"]}, {@code config[name] = 8} and {@code config |= other}: what it has
   * then is not known.
   */
  void statement(int at) {
    boolean deletes = tokens.get(at).text().equals("del") && at + 1 < tokens.size();
    boolean joins =
        at + 2 < tokens.size() && tokens.get(at + 1).is("|") && tokens.get(at + 2).is("=");
    boolean enters = at + 2 < tokens.size() && tokens.get(at + 1).is("[");
    int key = enters ? given.closing()[at + 1] : 0;
    boolean unknown =
        enters
            && tokens.get(at + 2).kind() != Kind.STRING
            && key + 1 < tokens.size()
            && tokens.get(key + 1).is("=");
    if (deletes || joins || unknown) {
      open(tokens.get(deletes ? at + 1 : at));
    }
    if (unchanged.contains(tokens.get(at).text()) && statements.isAssigned(at, at)) {
      String part = "self." + tokens.get(at).text();
      constants.put(part, given.values().of(at + 2, given.expressionEnd(at + 2)));
    }
  }

  /** {@code CONFIG.update(rank=16)} at the start of a line; any other method may do anything. */
  void called(Call call, int start, int end) {
    Token name = tokens.get(start);
    String method = tokens.get(end).text();
    if (end != start + 2
        || READS.contains(method)
        || !(constants.get(name.text()) instanceof Node.Fields fields)) {
      return;
    }
    if (statements.isStart(start) && method.equals("update") && runs(name.text())) {
      constants.put(name.text(), Bounds.value(name.text(), name.mark(), updated(call, fields)));
    } else {
      open(name);
    }
  }

  /** The entries behind an update, which may not run. */
  private Node updated(Call call, Node.Fields fields) {
    String name = call.name().substring(0, call.name().length() - ".update".length());
    Map<String, Node> now = new LinkedHashMap<>(fields.fields());
    Dictionaries.updated(fields, call.arguments())
        .fields()
        .forEach(
            (key, value) -> {
              if (!value.equals(now.get(key))) {
                blocks.later(now, key, name, branches.innermost(), value);
              }
            });
    return new Node.Fields(now, fields.mark());
  }

  /** {@code CONFIG.update(rank=16)} of a dictionary that is known. */
  boolean isUpdate(Call call) {
    String name = call.name();
    return name.endsWith(".update")
        && constants.get(name.substring(0, name.length() - ".update".length()))
            instanceof Node.Fields;
  }

  /** Whether what changes a dictionary stands where that is made, or in what is called. */
  private boolean runs(String dictionary) {
    String function = branches.innermost();
    return function.isEmpty() || function.equals(made.get(dictionary)) || named.contains(function);
  }

  private void open(Token name) {
    constants.computeIfPresent(
        name.text(),
        (text, value) ->
            value instanceof Node.Fields ? new Node.Scalar("<" + text + ">", name.mark()) : value);
  }
}
