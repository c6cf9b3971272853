package dev.vramcast.formats.training.loop;

import dev.vramcast.formats.python.Program;
import dev.vramcast.formats.python.handed.Call;
import dev.vramcast.formats.python.handed.Choice;
import dev.vramcast.formats.training.loop.LoopShape.Found;
import dev.vramcast.formats.training.loop.LoopShape.Refusal;
import dev.vramcast.input.tree.Mark;
import dev.vramcast.input.tree.Node;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The loop of a program that trains a model of Transformers without a trainer: {@code loss =
 * model(**batch).loss}, {@code loss.backward()}, {@code optimizer.step()}. It is told as a call, so
 * that what functions are handed is known of it as of others, and then as the arguments that the
 * Trainer would take.
 */
public final class TrainingLoop {

  /** The name of the call that tells of a loop, and of what it is among a program's calls. */
  public static final String NAME = "<loop>";

  /** Why a loop is not read, among the arguments of that call. */
  public static final String REFUSED = "refused";

  /** Whether accelerate runs the backward pass, among the arguments of that call. */
  public static final String ACCELERATE = "accelerate";

  private static final String ACCUMULATION = "gradient_accumulation_steps";
  private static final String EPOCHS = "num_train_epochs";
  private static final String ARGUMENTS = "TrainingArguments";

  private static final Pattern TRAINS =
      Pattern.compile("(?:\\w+\\.)*+\\w*(?:Trainer|TrainingArguments)");

  private static final Pattern EACH =
      Pattern.compile(
          "%\\s*+\\(?+\\s*+([\\w.]++)\\s*+\\)?+\\s*+==\\s*+(?:0|[\\w.]++\\s*+-\\s*+1)\\b");

  private static final Pattern IN = Pattern.compile("\\bin\\b");

  private static final Pattern RANGE =
      Pattern.compile("\\brange\\s*+\\((?:\\s*+0\\s*+,)?+\\s*+([\\w.]++)\\s*+\\)");

  /** What accelerate runs each pass of a model in that it has prepared. */
  private static final Pattern OWN_CONTEXT =
      Pattern.compile("(?:self\\.)?+accelerator\\.autocast.*");

  private static final Pattern AUTOCAST = Pattern.compile("\\bautocast\\s*\\(");

  private static final Pattern SYNCHRONISED = Pattern.compile("\\bsync_gradients\\b");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private static final Pattern ACCUMULATES =
      Pattern.compile("(?:\\w++\\.){0,5}\\w*accelerator\\.accumulate\\s*+\\(.*");

  private static final Pattern BAR = Pattern.compile("(?:\\w++\\.){0,3}+tqdm\\s*+\\(.*");

  private TrainingLoop() {}

  private static boolean accumulates(String context) {
    return ACCUMULATES.matcher(context).matches();
  }

  /**
   * The calls of a program, and behind them one that tells of its loop where no trainer trains.
   *
   * @param lines of its source
   * @param settled constants that have one value alone, by their names
   */
  public static List<Call> beside(
      Program program, List<Node.Scalar> lines, Map<String, Node> settled) {
    List<Call> calls = program.calls();
    return in(lines, calls, settled, program.constants())
        .map(loop -> Stream.concat(calls.stream(), Stream.of(loop)).toList())
        .orElse(calls);
  }

  private static Optional<Call> in(
      List<Node.Scalar> lines,
      List<Call> calls,
      Map<String, Node> settled,
      Map<String, Node> constants) {
    boolean loads = calls.stream().anyMatch(call -> call.name().endsWith(".from_pretrained"));
    if (!loads || calls.stream().anyMatch(call -> TRAINS.matcher(call.name()).matches())) {
      return Optional.empty();
    }
    LoopText text = new LoopText(lines);
    if (text.with(LoopShape.BACKWARD).isEmpty()) {
      return Optional.empty();
    }
    Found found = LoopShape.of(text, calls);
    Map<String, Node> told = new LinkedHashMap<>();
    int row = found.refusal().map(Refusal::row).orElseGet(() -> found.shape().orElseThrow().loop());
    found.refusal().ifPresent(why -> told.put(REFUSED, new Node.Scalar(why.why(), text.mark(row))));
    found.shape().ifPresent(shape -> new Reader(text, shape, calls, settled, constants).read(told));
    return Optional.of(new Call(NAME, told, text.mark(row), "", "", text.function(row), false));
  }

  /** What is read of one loop. */
  private record Reader(
      LoopText text,
      LoopShape shape,
      List<Call> calls,
      Map<String, Node> settled,
      Map<String, Node> constants) {

    void read(Map<String, Node> told) {
      boolean accelerate =
          Pattern.compile("\\w*accelerator\\.backward\\s*\\(")
              .matcher(text.row(shape.backward()))
              .find();
      told.put(ACCELERATE, new Node.Scalar(accelerate, text.mark(shape.backward())));
      accumulation(accelerate, told);
      precision(accelerate, told);
      told.put(EPOCHS, epochs());
      batches()
          .ifPresentOrElse(
              loader -> told.put("per_device_train_batch_size", loader),
              () -> refuse(told, shape.loop(), "no DataLoader is seen to make its batches"));
      optimizer(told);
    }

    private void refuse(Map<String, Node> told, int row, String why) {
      told.putIfAbsent(REFUSED, new Node.Scalar(why, text.mark(row)));
    }

    private Node value(String expression, int row) {
      Mark mark = text.mark(row);
      if (NUMBER.matcher(expression).matches()) {
        return new Node.Scalar(new BigDecimal(expression), mark);
      }
      String last = expression.substring(expression.lastIndexOf('.') + 1);
      boolean plain = last.equals(expression);
      Node known =
          plain
              ? settled.get(expression)
              : Optional.ofNullable(constants.get(expression))
                  .orElseGet(
                      () ->
                          expression.matches("\\w*args\\.\\w+") ? constants.get("." + last) : null);
      return known == null
          ? new Node.Scalar(plain ? "<" + expression + ">" : expression, mark)
          : known;
    }

    private void accumulation(boolean accelerate, Map<String, Node> told) {
      boolean gathers = shape.contexts().stream().anyMatch(TrainingLoop::accumulates);
      Optional<String> condition = shape.condition();
      boolean synchronised =
          condition.filter(text -> SYNCHRONISED.matcher(text).find()).isPresent();
      if (accelerate && (gathers || synchronised)) {
        calls.stream()
            .filter(call -> call.name().endsWith("Accelerator"))
            .flatMap(call -> Optional.ofNullable(call.arguments().get(ACCUMULATION)).stream())
            .findFirst()
            .ifPresent(steps -> told.put(ACCUMULATION, steps));
      } else if (condition.isPresent()) {
        Matcher each = EACH.matcher(condition.get());
        if (each.find() && condition.get().startsWith("if ") && !condition.get().contains(" if ")) {
          told.put(ACCUMULATION, value(each.group(1), shape.step()));
        } else {
          refuse(told, shape.step(), "its optimizer steps under a condition that is not followed");
        }
      }
    }

    private void precision(boolean accelerate, Map<String, Node> told) {
      List<String> contexts =
          shape.contexts().stream()
              .filter(each -> !accumulates(each) && !BAR.matcher(each).matches())
              .filter(each -> !(accelerate && OWN_CONTEXT.matcher(each).matches()))
              .toList();
      if (contexts.size() > 1) {
        refuse(told, shape.forward(), "several contexts around its model's pass are not followed");
      } else if (shape.contexts().stream().noneMatch(AUTOCAST.asPredicate())
          && !text.with(AUTOCAST).isEmpty()) {
        refuse(told, text.with(AUTOCAST).get(0), "its autocast is not around the model's pass");
      } else if (accelerate) {
        accelerated(told);
      }
      for (String context : contexts) {
        Optional<Node> type = Autocast.dtype(context, text, name -> value(name, shape.forward()));
        if (type.isEmpty() || accelerate) {
          refuse(told, shape.forward(), "what is around its model's pass is not followed");
        }
        type.flatMap(Choice::text)
            .filter(name -> !name.isEmpty())
            .ifPresent(name -> told.put(name, new Node.Scalar(true, text.mark(shape.forward()))));
      }
    }

    /** What accelerate is told of mixed precision. */
    private void accelerated(Map<String, Node> told) {
      calls.stream()
          .filter(call -> call.name().endsWith("Accelerator"))
          .flatMap(call -> Optional.ofNullable(call.arguments().get("mixed_precision")).stream())
          .findFirst()
          .ifPresent(
              mixed -> {
                String word = Choice.text(mixed).orElse(mixed.isNull() ? "no" : "");
                switch (word) {
                  case "bf16", "fp16" -> told.put(word, new Node.Scalar(true, mixed.mark()));
                  case "no" -> {}
                  default -> told.put("bf16", mixed);
                }
              });
    }

    /** How often the batches are passed over: once, unless a loop is around their loop. */
    private Node epochs() {
      List<Integer> around =
          text.around(shape.loop()).stream()
              .filter(head -> text.word(head).matches("for|while"))
              .toList();
      if (around.isEmpty()) {
        return new Node.Scalar(BigDecimal.ONE, text.mark(shape.loop()));
      }
      int head = around.get(0);
      Matcher in = IN.matcher(text.head(head));
      Matcher range = RANGE.matcher(text.head(head));
      return around.size() == 1 && in.find() && range.find(in.end())
          ? value(range.group(1), head)
          : new Node.Scalar("<" + text.head(head) + ">", text.mark(head));
    }

    /** The batch of the DataLoader that the loop is over. */
    private Optional<Node> batches() {
      return LoopBatches.loader(text, shape, calls)
          .filter(call -> !call.arguments().containsKey("batch_sampler"))
          .map(
              call ->
                  Optional.ofNullable(call.arguments().get("batch_size"))
                      .or(() -> Optional.ofNullable(call.arguments().get("1")))
                      .orElseGet(() -> new Node.Scalar(BigDecimal.ONE, call.mark())));
    }

    private void optimizer(Map<String, Node> told) {
      List<Call> made = calls.stream().filter(LoopOptimizer::isOne).toList();
      Optional<Node> name =
          made.size() == 1 ? LoopOptimizer.name(made.get(0), text.all()) : Optional.empty();
      name.ifPresentOrElse(
          optimizer -> told.put("optim", optimizer),
          () ->
              refuse(
                  told,
                  shape.step(),
                  made.isEmpty()
                      ? "no optimizer of PyTorch or bitsandbytes is seen"
                      : "its optimizer is not one that is known"));
    }
  }

  /**
   * A program's calls with what its loop is told, as arguments of the Trainer.
   *
   * @param root calls by their names, among them that of a loop
   */
  public static Map<String, Node> told(Map<String, Node> root) {
    if (!(root.get(NAME) instanceof Node.Fields loop) || loop.fields().containsKey(REFUSED)) {
      return root;
    }
    Map<String, Node> arguments = new LinkedHashMap<>(loop.fields());
    arguments.remove(ACCELERATE);
    Map<String, Node> all = new LinkedHashMap<>(root);
    all.put(ARGUMENTS, new Node.Fields(arguments, loop.mark()));
    all.put("Trainer", new Node.Fields(Map.of(), loop.mark()));
    return all;
  }
}
