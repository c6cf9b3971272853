package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Quantisers and adapters that stand under branches which nothing decides, and of which another
 * side has none: neither what is made nor what is handed on counts there without a question.
 *
 * <p>What is behind an {@code if} that returns is a side as its {@code else} would be. A side that
 * loads a model or trains is measured against the sides that do so too, as without it there is no
 * job to ask about.
 */
final class OpenSides {

  /** What is looked for, each by itself: whether all ways through a program have one. */
  private enum Site {
    QUANTISER(
        "\\w*(?:BitsAndBytes|GPTQ|Awq|Hqq|Quanto|Eetq|TorchAo|Mxfp4|FPQuant|FineGrained)\\w*"),
    QUANTISED("quantization_config"),
    ADAPTERS(
        "\\w*(?:Lora|LoHa|LoKr|IA3|Vera|VB|BOFT|OFT|Bone|Miss|FourierFT|Tuning|Encoder|Prompt)"
            + "Config|get_peft_config|(?:Auto)?PeftModel\\w*"),
    ADAPTED("peft_config|get_peft_model|add_adapter|inject_adapter\\w*|(?:Auto)?PeftModel\\w*");

    private final Pattern names;

    Site(String names) {
      this.names = Pattern.compile(names);
    }

    /** Whether it is an argument or an entry, and no call. */
    boolean isGiven(String name) {
      return name.endsWith("_config") && this != ADAPTERS;
    }
  }

  private static final Pattern TRAINS = Pattern.compile("\\w*Trainer");

  /** What loads something beside the model. */
  private static final Pattern BESIDE =
      Pattern.compile("(?i)\\w*(?:tokenizer|processor|config|peftmodel|extractor)\\w*");

  /** What a loader of models takes in the place of a quantiser. */
  private static final Pattern BITS = Pattern.compile("load_in_[48]bit");

  private static final Set<String> FOLLOWS = Set.of("elif", "else", "case");

  /** Of what a side is the whole: of nothing, of a model that it loads, or of the training. */
  private static final int LOADED = 1;

  private static final int TRAINED = 2;

  /** Longer texts are no names. */
  private static final int LONGEST = 64;

  /** Sides of one branching. */
  private static final class Chain {
    private final List<Side> sides = new ArrayList<>();
    private final Set<Site> covered = EnumSet.noneOf(Site.class);
    private boolean complete;
    private boolean returned;
  }

  /** What stands under one condition. */
  private static final class Side {
    private final @Nullable Side parent;
    private final @Nullable Chain chain;
    private final Node condition;

    /** Twice the column of its head; what is behind one that returns is around all else there. */
    private final int depth;

    private final List<Chain> chains = new ArrayList<>();

    /** What all ways through it have. */
    private final Set<Site> has = EnumSet.noneOf(Site.class);

    /** What it stands under, by what not all ways around it have. */
    private final Map<Site, Node> asked = new EnumMap<>(Site.class);

    private int level;
    private boolean returns;

    Side(@Nullable Side parent, @Nullable Chain chain, Node condition, int depth) {
      this.parent = parent;
      this.chain = chain;
      this.condition = condition;
      this.depth = depth;
    }

    /** Whether it is what follows an {@code if} that returns. */
    boolean isBehind() {
      return depth % 2 != 0;
    }
  }

  /** A call that makes a quantiser or adapters, and where it stands. */
  private record Made(Call call, Side side) {

    Site site() {
      return call.name().endsWith(SidedCalls.ADAPTS)
          ? Site.ADAPTED
          : call.name().endsWith("LoraConfig") ? Site.ADAPTERS : Site.QUANTISER;
    }
  }

  private final Statements statements;
  private final Side root = new Side(null, null, new Node.Scalar(null, Mark.of(1)), -1);
  private final List<Side> sides = new ArrayList<>(List.of(root));
  private final Deque<Side> open = new ArrayDeque<>(List.of(root));
  private final NavigableMap<Integer, Chain> chains = new TreeMap<>();
  private final List<Made> made = new ArrayList<>();
  private final Map<Site, Side> first = new EnumMap<>(Site.class);

  /** The column of a block that is taken not to run. */
  private int passed = Integer.MAX_VALUE;

  OpenSides(Statements statements) {
    this.statements = statements;
  }

  /**
   * A statement begins that is read.
   *
   * @param condition of the block that it begins, where nothing decides that
   * @param isPassed whether it begins a block that is taken not to run
   */
  void statement(int at, Optional<Node> condition, boolean isPassed) {
    Token head = statements.tokens().get(at);
    int column = head.column();
    if (column > passed) {
      return;
    }
    passed = isPassed ? column : Integer.MAX_VALUE;
    while (open.element().depth >= 2 * column) {
      open.pop();
    }
    boolean follows = FOLLOWS.contains(head.text());
    Chain closed = follows ? null : chains.get(column);
    chains.tailMap(column, !follows).clear();
    if (closed != null && closed.returned && !closed.complete) {
      push(closed, SidedCalls.not(closed.sides.get(0).condition), 2 * column - 1);
      closed.complete = true;
    }
    condition.ifPresent(asked -> begins(at, column, asked));
    if (!isPassed && !head.text().equals("def")) {
      line(at, open.element());
    }
  }

  private void begins(int at, int column, Node asked) {
    Chain chain = chains.get(column);
    if (chain == null) {
      chain = new Chain();
      chains.put(column, chain);
      open.element().chains.add(chain);
    }
    String word = statements.tokens().get(at).text();
    boolean one = word.equals("else") && chain.sides.size() == 1;
    boolean any =
        word.equals("case")
            && statements.tokens().get(at + 1).text().equals("_")
            && statements.tokens().get(at + 2).is(":");
    chain.complete |= any || word.equals("else");
    Node condition = one ? SidedCalls.not(chain.sides.get(0).condition) : asked;
    Mark mark = statements.tokens().get(at).mark();
    push(chain, new Node.Scalar(condition.value(), mark), 2 * column);
  }

  private void push(Chain chain, Node condition, int depth) {
    Side side = new Side(open.element(), chain, condition, depth);
    chain.sides.add(side);
    sides.add(side);
    open.push(side);
  }

  private void line(int at, Side side) {
    List<Token> tokens = statements.tokens();
    int end = statements.lineEnd(at);
    if (tokens.get(at).text().equals("return") && side.chain != null) {
      side.returns = true;
      side.chain.returned = true;
    }
    Set<Site> found = EnumSet.noneOf(Site.class);
    boolean bits = false;
    for (int i = at; i + 1 < end; i++) {
      String text = tokens.get(i).text();
      bits |= BITS.matcher(text).matches() && isGiven(i, at);
      side.level = Math.max(side.level, level(i));
      for (Site site : Site.values()) {
        if (text.length() < LONGEST
            && site.names.matcher(text).matches()
            && (site.isGiven(text) ? isGiven(i, at) : isCalled(i))) {
          found.add(site);
        }
      }
    }
    if (bits && !found.contains(Site.QUANTISER)) {
      found.addAll(List.of(Site.QUANTISER, Site.QUANTISED));
    }
    side.has.addAll(found);
    found.forEach(site -> first.putIfAbsent(site, side));
  }

  private int level(int at) {
    List<Token> tokens = statements.tokens();
    String text = tokens.get(at).text();
    if (tokens.get(at).kind() != Kind.NAME || !tokens.get(at + 1).is("(")) {
      return 0;
    }
    return TRAINS.matcher(text).matches()
        ? TRAINED
        : text.equals("from_pretrained") && isModel(at) ? LOADED : 0;
  }

  private boolean isModel(int at) {
    List<Token> tokens = statements.tokens();
    return at < 2 || !BESIDE.matcher(tokens.get(at - 2).text()).matches();
  }

  /** {@code Maker(} or {@code Maker.from_pretrained(}. */
  private boolean isCalled(int at) {
    List<Token> tokens = statements.tokens();
    return tokens.get(at).kind() == Kind.NAME
        && (tokens.get(at + 1).is("(") || tokens.get(at + 1).is("."));
  }

  /** {@code f(name=value)}, {@code d["name"] = value} and {@code {"name": value}}, no None. */
  private boolean isGiven(int at, int start) {
    List<Token> tokens = statements.tokens();
    boolean keyword =
        tokens.get(at).kind() == Kind.NAME
            && at > start
            && tokens.get(at + 1).is("=")
            && !tokens.get(at - 1).is(".");
    boolean key =
        tokens.get(at).kind() == Kind.STRING
            && (tokens.get(at + 1).is(":")
                || tokens.get(at + 1).is("]") && tokens.get(at + 2).is("="));
    int value = keyword || tokens.get(at + 1).is(":") ? at + 2 : at + 3;
    return (keyword || key)
        && value < tokens.size()
        && !Set.of("None", "False").contains(tokens.get(value).text());
  }

  /** A call is read that makes something. */
  void called(Call call) {
    boolean adapts = call.name().endsWith(SidedCalls.ADAPTS);
    if ((adapts || SidedCalls.isOne(call.name())) && passed == Integer.MAX_VALUE) {
      made.add(new Made(call, open.element()));
    }
  }

  /** Tells the calls that make them what they are made under. */
  void settle() {
    for (int i = sides.size() - 1; i >= 0; i--) {
      gather(sides.get(i));
    }
    for (Side side : sides) {
      if (side.parent != null && side.chain != null) {
        side.asked.putAll(side.parent.asked);
        for (Site site : Site.values()) {
          if (!side.chain.covered.contains(site)) {
            side.asked.put(site, side.condition);
          }
        }
      }
    }
    made.forEach(this::tell);
  }

  private void tell(Made one) {
    Site handed = one.site() == Site.QUANTISER ? Site.QUANTISED : Site.ADAPTED;
    Optional<Node> condition =
        one.site() != handed && root.has.contains(one.site())
            ? Optional.ofNullable(first.get(handed))
                .filter(side -> !root.has.contains(handed))
                .map(side -> side.asked.get(handed))
            : Optional.ofNullable(one.side().asked.get(one.site()));
    condition.ifPresent(asked -> one.call().arguments().putIfAbsent(SidedCalls.CONDITION, asked));
  }

  /** What all ways through a side have, whose own branchings are all behind it in the list. */
  private static void gather(Side side) {
    for (Chain chain : side.chains) {
      for (Site site : Site.values()) {
        if (isCovered(chain, site)) {
          chain.covered.add(site);
          side.has.add(site);
        }
      }
      for (Side one : chain.sides) {
        side.level = Math.max(side.level, one.level);
      }
    }
  }

  /**
   * Whether no side goes without one. Sides that only go on to what is behind them, since another
   * one returns, are part of that.
   */
  private static boolean isCovered(Chain chain, Site site) {
    int level = Integer.MAX_VALUE;
    int without = chain.complete ? -1 : 0;
    for (Side side : chain.sides) {
      if (side.has.contains(site)) {
        level = Math.min(level, side.level);
      } else if (!chain.returned || side.returns || side.isBehind()) {
        without = Math.max(without, side.level);
      }
    }
    return level < Integer.MAX_VALUE && without < level;
  }
}
