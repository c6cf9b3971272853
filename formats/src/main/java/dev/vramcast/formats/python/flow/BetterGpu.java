package dev.vramcast.formats.python.flow;

import dev.vramcast.formats.python.module.Token;
import dev.vramcast.formats.python.module.Token.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Whether a condition asks for a GPU that is large and new enough, or for one that is not.
 *
 * @param given what a name was given last; empty where that is not told
 */
public record BetterGpu(Function<String, List<Token>> given) {

  /** Names that a condition may go by to what they were given. */
  private static final int MOST_NAMES = 1;

  /** A condition without names that were given anything. */
  public static final BetterGpu ALONE = new BetterGpu(name -> List.of());

  /** Tokens of what is looked into. */
  private static final int LONGEST = 100;

  /** What PyTorch calls the memory and the capability of a GPU. */
  private static final Pattern MEASURE =
      Pattern.compile(
          "get_device_capability|(?:compute_)?capability|get_device_properties|total_memory"
              + "|mem_get_info");

  /** How many there are says nothing of what each can. */
  private static final String COUNT = "device_count";

  private static final Pattern CAN = Pattern.compile("is_.*(?:cuda|bf16|bfloat16|ampere|hopper).*");

  private static final Pattern CANNOT = Pattern.compile("no_.*(?:cuda|gpu|bf16|bfloat16).*");

  /** Whether the better one is where it holds; empty where it does not ask that. */
  public Optional<Boolean> holds(List<Token> condition) {
    return holds(condition, MOST_NAMES);
  }

  private Optional<Boolean> holds(List<Token> tokens, int names) {
    if (tokens.isEmpty() || tokens.size() > LONGEST || has(tokens, COUNT)) {
      return Optional.empty();
    }
    for (String word : List.of("or", "and")) {
      int place = Pieces.word(tokens, word);
      if (place >= 0) {
        return both(tokens.subList(0, place), tokens.subList(place + 1, tokens.size()), names);
      }
    }
    Token first = tokens.get(0);
    if (first.kind() == Kind.NAME && first.text().equals("not")) {
      return holds(tokens.subList(1, tokens.size()), names).map(better -> !better);
    }
    int last = tokens.size() - 1;
    if (first.is("(") && tokens.get(last).is(")") && Pieces.outermost(tokens).count() == 1) {
      return holds(tokens.subList(1, last), names);
    }
    int[] signs =
        Pieces.outermost(tokens)
            .filter(i -> tokens.get(i).kind() == Kind.OPERATOR)
            .filter(i -> tokens.get(i).text().matches("[=!<>]=|[<>]"))
            .toArray();
    return signs.length == 0
        ? named(tokens, names)
        : signs.length == 1 ? compared(tokens, signs[0], names) : Optional.empty();
  }

  /** One of both decides, unless the other says the opposite. */
  private Optional<Boolean> both(List<Token> left, List<Token> right, int names) {
    Optional<Boolean> first = holds(left, names);
    Optional<Boolean> second = holds(right, names);
    boolean differ = first.isPresent() && second.isPresent() && !first.equals(second);
    return differ ? Optional.empty() : first.or(() -> second);
  }

  private Optional<Boolean> compared(List<Token> tokens, int at, int names) {
    List<Token> left = tokens.subList(0, at);
    List<Token> right = tokens.subList(at + 1, tokens.size());
    String sign = tokens.get(at).text();
    if (sign.equals("==") || sign.equals("!=")) {
      boolean device = isCuda(left) || isCuda(right);
      return Optional.of(sign.equals("==")).filter(equal -> device);
    }
    boolean measured = isMeasure(left, names);
    return measured == isMeasure(right, names)
        ? Optional.empty()
        : Optional.of(sign.startsWith(">") == measured);
  }

  /** {@code "cuda"}, beside which {@code "cpu"} and {@code "mps"} are less. */
  private static boolean isCuda(List<Token> tokens) {
    return tokens.size() == 1
        && tokens.get(0).kind() == Kind.STRING
        && tokens.get(0).text().startsWith("cuda");
  }

  /** Whether a side is a capability or memory, or a name of what is. */
  private boolean isMeasure(List<Token> tokens, int names) {
    if (tokens.size() > LONGEST || has(tokens, COUNT)) {
      return false;
    }
    return tokens.stream()
        .filter(token -> token.kind() == Kind.NAME)
        .anyMatch(
            token ->
                MEASURE.matcher(token.text()).matches()
                    || names > 0 && isMeasure(given.apply(token.text()), names - 1));
  }

  /** {@code torch.cuda.is_bf16_supported()}, {@code args.no_cuda}, or a name of such. */
  private Optional<Boolean> named(List<Token> tokens, int names) {
    int last = tokens.size() - 1;
    boolean called = last > 1 && tokens.get(last).is(")") && tokens.get(last - 1).is("(");
    List<Token> dotted = called ? tokens.subList(0, last - 1) : tokens;
    if (dotted.stream().anyMatch(token -> token.kind() != Kind.NAME && !token.is("."))) {
      return Optional.empty();
    }
    if (dotted.size() == 1 && !called && names > 0) {
      List<Token> value = given.apply(dotted.get(0).text());
      if (!value.isEmpty()) {
        return holds(value, names - 1);
      }
    }
    String own = dotted.get(dotted.size() - 1).text().toLowerCase(Locale.ROOT);
    boolean ofCuda = own.startsWith("is_") && has(dotted, "cuda");
    if (ofCuda || CAN.matcher(own).matches()) {
      return Optional.of(true);
    }
    return Optional.of(false).filter(no -> CANNOT.matcher(own).matches());
  }

  private static boolean has(List<Token> tokens, String name) {
    return tokens.stream()
        .anyMatch(token -> token.kind() == Kind.NAME && token.text().equals(name));
  }
}
