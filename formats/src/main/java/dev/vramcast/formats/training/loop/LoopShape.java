package dev.vramcast.formats.training.loop;

import dev.vramcast.formats.python.handed.Call;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the one loop of a program does with each batch, and what stands in the way of reading it.
 *
 * @param loop the row of its head
 * @param forward the row in which the model is called
 * @param step the row in which the optimizer steps
 * @param backward the row of the backward pass
 */
record LoopShape(LoopText text, int loop, int forward, int backward, int step) {

  static final Pattern BACKWARD = Pattern.compile("\\.backward\\s*\\(");

  private static final Pattern STEP =
      Pattern.compile("(?<=optim\\w{0,40}|(?<!\\w)opt|scaler)\\.step\\s*+\\(");

  private static final Pattern ZERO = Pattern.compile("\\.zero_grad\\s*\\(");

  /** Gradients that are dropped, and not kept as zeros. */
  private static final Pattern ZEROED =
      Pattern.compile("\\.zero_grad\\s*+\\(\\s*+(?:set_to_none\\s*+=\\s*+)?+(?:True\\s*+)?+\\)");

  /** A backward pass of a number, of a scaler's product, or by accelerate. */
  private static final Pattern PLAIN_BACKWARD =
      Pattern.compile(
          "^\\s*+(?:(?:[\\w.\\[\\]']+|\\([\\w\\s./*]++\\)"
              + "|(?:\\w+\\.){0,3}\\w*scaler\\.scale\\s*+\\([^()]*+\\))"
              + "\\.backward\\s*+\\(\\s*+\\)|(?:\\w+\\.){0,3}\\w*accelerator\\.backward\\s*+\\()");

  /** A row that begins with the call, in no branch of one line. */
  private static final Pattern PLAIN_CALL =
      Pattern.compile(
          "^\\s*+(?:\\w++\\s*+=\\s*+)?+(?:\\w++\\.){1,6}+\\w++\\s*+\\((?!.*\\bif\\b).*");

  private static final Pattern ASSIGNED = Pattern.compile("^\\s*+(\\w++)\\s*+=(?!=)");

  private static final Pattern LEAVES = Pattern.compile("\\b(?:continue|break)\\b");

  /** Contexts that change neither gradients nor when they are added. */
  private static final Pattern CONTEXT =
      Pattern.compile("(?:\\w++\\.){0,5}(?:autocast|tqdm|\\w*accelerator\\.accumulate)\\s*+\\(.*");

  /** Losses that a program makes of logits, and passes beside the one of a step. */
  private static final Pattern OTHERS =
      Pattern.compile(
          "(?i)cross_?entropy|loss_fn|loss_fct|loss_func\\w*|criterion|compute_loss|log_softmax"
              + "|kl_div|\\.logits\\b|hidden_states|\\.generate\\s*\\(|no_grad");

  /** What makes inputs anew of a batch, or takes a part of it. */
  private static final Pattern MAKES =
      Pattern.compile(
          "(?i)(?<=tokenizer?|processor|encode\\w{0,40}|collat\\w{0,40})\\s*+\\("
              + "|\\bbatch(?:\\[''\\])?+\\[(?=[^\\]'\\d:]{0,200}+[\\d:])[^\\]]{1,200}+\\]"
              + "|\\.(?:chunk|split)\\s*+\\(");

  /** What spreads a model by PyTorch's or DeepSpeed's own calls, or changes how it runs. */
  private static final Pattern SPREAD =
      Pattern.compile(
          "\\b(?:DistributedDataParallel|DDP|DataParallel|FullyShardedDataParallel|FSDP"
              + "|fully_shard|init_process_group|deepspeed_plugin|fsdp_plugin|torch\\.compile"
              + "|checkpoint_sequential)\\s*[(=]|\\bdeepspeed\\.initialize\\s*\\(");

  /** Blocks that run once in each round. */
  private static final Set<String> PLAIN = Set.of("with", "try");

  /** Why the one loop of a program is not read, at a row. */
  record Refusal(int row, String why) {}

  /** Either of both. */
  record Found(Optional<LoopShape> shape, Optional<Refusal> refusal) {

    static Found no(int row, String why) {
      return new Found(Optional.empty(), Optional.of(new Refusal(row, why)));
    }
  }

  /**
   * The loop around the one backward pass of a program.
   *
   * @param text which has one at least
   */
  static Found of(LoopText text, List<Call> calls) {
    List<Integer> passes = text.with(BACKWARD);
    int backward = passes.get(0);
    if (BACKWARD.matcher(text.all()).results().count() > 1) {
      return Found.no(passes.get(passes.size() - 1), "it has several backward passes");
    }
    List<Integer> around = text.around(backward);
    int loop = -1;
    for (int head : around) {
      String word = text.word(head);
      if (word.equals("for")) {
        loop = head;
        break;
      }
      if (!PLAIN.contains(word)) {
        return Found.no(backward, "its backward pass is in a branch");
      }
    }
    List<Integer> spread = text.with(SPREAD);
    return loop < 0
        ? Found.no(backward, "no loop over batches is around its backward pass")
        : spread.isEmpty()
            ? inside(text, calls, loop, backward)
            : Found.no(spread.get(0), "it spreads or compiles its model itself");
  }

  private static Found inside(LoopText text, List<Call> calls, int loop, int backward) {
    int end = text.end(loop);
    List<Integer> steps = text.with(STEP, loop, end);
    List<Integer> forwards = text.with(forward(calls), loop, end);
    List<Integer> others = text.with(OTHERS, loop, end);
    if (!others.isEmpty()) {
      return Found.no(others.get(0), "it makes its loss itself, or passes more than once");
    }
    if (forwards.size() != 1 || text.with(loss(text, forwards.get(0)), loop, end).isEmpty()) {
      return Found.no(backward, "the loss is not seen to be that of one pass of its model");
    }
    if (steps.size() != 1 || steps.get(0) < backward) {
      return Found.no(backward, "one step of one optimizer is not seen behind it");
    }
    Optional<Refusal> around = around(text, loop, backward, steps.get(0));
    if (around.isPresent()) {
      return new Found(Optional.empty(), around);
    }
    List<Integer> made = text.with(MAKES, loop, end);
    if (!made.isEmpty()) {
      return Found.no(made.get(0), "it makes its inputs of a batch itself");
    }
    LoopShape shape = new LoopShape(text, loop, forwards.get(0), backward, steps.get(0));
    return shape
        .drops()
        .<Found>map(why -> Found.no(backward, why))
        .orElseGet(() -> new Found(Optional.of(shape), Optional.empty()));
  }

  /** Why a backward pass and a step are not those of PyTorch, in each round. */
  private static Optional<Refusal> around(LoopText text, int loop, int backward, int step) {
    if (!PLAIN_BACKWARD.matcher(text.row(backward)).find()) {
      return Optional.of(new Refusal(backward, "its backward pass is not followed"));
    }
    if (!PLAIN_CALL.matcher(text.row(step)).matches()) {
      return Optional.of(new Refusal(step, "a step in a branch of one row is not followed"));
    }
    List<Integer> leaves = text.with(LEAVES, backward, step);
    if (!leaves.isEmpty()) {
      return Optional.of(new Refusal(leaves.get(0), "it leaves a round before its step"));
    }
    return Stream.of(backward, step)
        .flatMap(row -> text.around(row).stream())
        .filter(head -> head > loop && text.word(head).equals("with"))
        .filter(head -> Contexts.of(text.head(head)).stream().anyMatch(LoopShape::isOther))
        .findFirst()
        .map(head -> new Refusal(head, "what is around its backward pass is not followed"));
  }

  private static boolean isOther(String context) {
    return !CONTEXT.matcher(context).matches();
  }

  /** The loss that the model has made in its pass, of what the pass is assigned to. */
  private static Pattern loss(LoopText text, int forward) {
    Matcher assigned = ASSIGNED.matcher(text.row(forward));
    String name = assigned.find() ? assigned.group(1) : "loss";
    return Pattern.compile(
        "\\)\\s*+(?:\\.loss\\b|\\[\\s*+(?:0|'loss')\\s*+\\])|(?<!\\w)"
            + name
            + "(?:\\.loss\\b|\\[\\s*+(?:0|'loss')\\s*+\\])");
  }

  private static Pattern forward(List<Call> calls) {
    String names =
        Stream.concat(
                Stream.of("model", "self.model"),
                calls.stream()
                    .filter(
                        call ->
                            call.name().endsWith(".from_pretrained")
                                || call.name().endsWith("get_peft_model"))
                    .map(Call::assigned))
            .filter(name -> name.toLowerCase(Locale.ROOT).contains("model"))
            .distinct()
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile("(?<![\\w.])(?:" + names + ")\\s*\\(");
  }

  /** Why the gradients of a step are not seen to be dropped before the next pass. */
  private Optional<String> drops() {
    List<Integer> zeros = text.with(ZERO, loop, text.end(loop));
    if (zeros.isEmpty()
        || zeros.stream().anyMatch(zero -> !PLAIN_CALL.matcher(text.row(zero)).matches())
        || zeros.stream().anyMatch(zero -> !ZEROED.matcher(text.row(zero)).find())) {
      return Optional.of("its loop is not seen to drop gradients");
    }
    boolean late = zeros.stream().allMatch(zero -> zero > forward && zero < backward);
    if (late && text.with(Pattern.compile("\\bget_peft_model\\s*\\(")).isEmpty()) {
      return Optional.of(
          "gradients of a step stay through the next pass of its model, which is not modelled");
    }
    if (branch(forward).isPresent()) {
      return Optional.of("the pass of its model is in a branch");
    }
    Optional<Integer> branch = branch(step);
    return branch.isPresent() && zeros.stream().anyMatch(zero -> !branch(zero).equals(branch))
        ? Optional.of("gradients are not dropped where the optimizer steps")
        : Optional.empty();
  }

  /** The branch of the loop that a row stands in. */
  private Optional<Integer> branch(int row) {
    return text.around(row).stream()
        .filter(head -> head > loop && !PLAIN.contains(text.word(head)))
        .findFirst();
  }

  /**
   * The condition under which the optimizer steps; empty where it does in each round, and the text
   * of all conditions where there are several.
   */
  Optional<String> condition() {
    List<String> conditions =
        text.around(step).stream()
            .filter(head -> head > loop && !PLAIN.contains(text.word(head)))
            .map(text::head)
            .toList();
    return conditions.isEmpty() ? Optional.empty() : Optional.of(String.join(" and ", conditions));
  }

  /** The contexts around the model's pass within the loop, each by itself. */
  List<String> contexts() {
    return text.around(forward).stream()
        .filter(head -> head > loop && text.word(head).equals("with"))
        .flatMap(head -> Contexts.of(text.head(head)).stream())
        .toList();
  }

  /** Names in the head of the loop, of which one may be what makes the batches. */
  List<String> iterated() {
    String head = text.head(loop);
    Matcher name =
        Pattern.compile("\\w+(?:\\.\\w+)*+").matcher(head.replaceFirst("^.*\\bin\\b", ""));
    return name.results().map(found -> found.group()).toList();
  }
}
