package dev.vramcast.formats.shell;

import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.shell.ShellCommand.Word;
import dev.vramcast.input.tree.Mark;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that write weights and train none: they merge adapters, join shards or export. */
public final class WeightCommands {

  private static final Pattern WRITES =
      Pattern.compile(
          "(?i)(?:.*[./])?(?:merge[-_](?:lora|weights|adapters?|peft|and[-_]export)\\w*(?:\\.py)?"
              + "|accelerate-merge-weights|accelerate\\.commands\\.merge"
              + "|merge[-_]sharded[-_]fsdp[-_]weights|zero_to_fp32(?:\\.py)?"
              + "|verl\\.model_merger|(?:legacy_)?model_merger\\.py"
              + "|convert_pretrained_checkpoint)");

  /** Those of them that make whole weights of ranks' shards. */
  private static final Pattern JOINS =
      Pattern.compile(
          "(?i)(?:.*[./])?(?:(?:accelerate-)?merge-weights|accelerate\\.commands\\.merge"
              + "|merge[-_]sharded[-_]fsdp[-_]weights|zero_to_fp32(?:\\.py)?"
              + "|verl\\.model_merger|(?:legacy_)?model_merger\\.py|format_utils(?:\\.py)?)");

  private static final Pattern OF_AXOLOTL =
      Pattern.compile("(?:.*[./])?merge[-_]sharded[-_]fsdp[-_]weights(?:\\.py)?");

  /** What is a command by itself. */
  private static final Pattern FIRST = Pattern.compile(".*\\.py|(?:.*/)?accelerate-merge-weights");

  /** Those that write a checkpoint anew under other names, which no key of a job asks for. */
  private static final String CONVERTS = "convert_pretrained_checkpoint";

  /** {@code python -m torch.distributed.checkpoint.format_utils}, by what it is told to do. */
  private static final Pattern FORMATS =
      Pattern.compile("torch\\.distributed\\.checkpoint\\.format_utils|(?:.*/)?format_utils\\.py");

  private static final String TO_TORCH = "dcp_to_torch";

  private static final String EXPORT = "export";

  /** Programs that do several things, by the word behind them. */
  private static final Pattern PROGRAM =
      Pattern.compile(
          "(?:.*/)?(?:swift|megatron|llamafactory-cli|llamafactory\\.cli|axolotl|accelerate"
              + "|litgpt|tune)|axolotl\\.cli\\.main");

  /** What runs a script or a module. */
  private static final Pattern RUNS =
      Pattern.compile("(?:.*/)?(?:python[\\d.]*|torchrun|accelerate|deepspeed|launch)|-m|-u|run");

  /** The option that names the model of what is merged. */
  private static final Pattern MODEL =
      Pattern.compile("--(?:model|model_name_or_path|base[-_]model(?:_name_or_path)?)(?:=(.+))?");

  /** The option by which weights are written in fewer bits, of adapters or of none. */
  private static final Pattern QUANTIZES =
      Pattern.compile("--(?:quant_(?:bits|method)|export_quantization_bit)(?:=.+)?");

  private static final Pattern MEGATRON = Pattern.compile("(?:.*/)?megatron");

  /** A command behind a launcher and its options. */
  private static final int FIRST_WORDS = 5;

  private WeightCommands() {}

  /**
   * Why commands are no training, where one of them writes weights.
   *
   * @param places where in the file a word stands
   */
  public static Optional<InputError> refused(
      List<ShellCommand> commands, Function<Mark, Place> places) {
    return commands.stream()
        .filter(command -> writes(command.words()).isPresent())
        .findFirst()
        .map(
            command -> {
              Word word = writes(command.words()).orElseThrow();
              return trainsNothing(word, command).at(places.apply(word.mark()));
            });
  }

  /**
   * The word of a command behind a training that makes whole weights of its shards, by the
   * framework's own program; PyTorch's is no framework's but torchtitan's.
   */
  public static Optional<Word> joins(List<ShellCommand> commands, ShellCommand training) {
    Word trains = training.words().get(0);
    return commands.stream()
        .flatMap(command -> writes(command.words()).stream())
        .filter(
            word -> JOINS.matcher(word.text()).matches() && !FORMATS.matcher(word.text()).matches())
        .filter(word -> isBehind(word.mark(), trains.mark()))
        .findFirst();
  }

  /**
   * The word of a command that makes whole weights of shards and names no file of a training;
   * Axolotl's are not among them.
   */
  public static Optional<Word> joins(ShellCommand command) {
    return writes(command.words())
        .filter(word -> JOINS.matcher(word.text()).matches())
        .filter(word -> !OF_AXOLOTL.matcher(word.text()).matches());
  }

  private static boolean isBehind(Mark word, Mark other) {
    return word.line() > other.line()
        || word.line() == other.line() && word.column() > other.column();
  }

  /** The word of a command that tells what it writes. */
  private static Optional<Word> writes(List<Word> words) {
    for (int i = 0; i < Math.min(words.size(), FIRST_WORDS); i++) {
      String word = words.get(i).text();
      String before = i == 0 ? "" : words.get(i - 1).text();
      boolean script = WRITES.matcher(word).matches() || isToTorch(words, i);
      boolean program = PROGRAM.matcher(before).matches();
      if (program && (script || word.equals(EXPORT))
          || script && (i == 0 ? FIRST.matcher(word) : RUNS.matcher(before)).matches()) {
        return Optional.of(words.get(i));
      }
    }
    return Optional.empty();
  }

  private static boolean isToTorch(List<Word> words, int i) {
    return FORMATS.matcher(words.get(i).text()).matches()
        && i + 1 < words.size()
        && words.get(i + 1).text().equals(TO_TORCH);
  }

  private static InputError trainsNothing(Word word, ShellCommand command) {
    if (tells(command, QUANTIZES)) {
      return InputError.of(Shown.oneLine(word.text()), " quantises weights and trains nothing")
          .and(", and what that takes is not modelled")
          .kind(ErrorKind.NO_TRAINING)
          .hint("it needs what a quantiser keeps of its layers' inputs beside the weights")
          .hint("a merge alone is told by the command without the options that quantise");
    } else if (tells(command, MEGATRON)) {
      return InputError.of(Shown.oneLine(word.text()), " writes Megatron's weights anew")
          .and(", and what that takes is not modelled")
          .kind(ErrorKind.NO_TRAINING)
          .hint("it needs what of both models each rank holds at once");
    }
    InputError error =
        InputError.of(
                Shown.oneLine(word.text()),
                " writes weights and trains nothing, and no other command here is known to train")
            .kind(ErrorKind.NO_TRAINING);
    if (word.text().endsWith(CONVERTS)) {
      return error.hint("give the command or the file that trains");
    }
    if (JOINS.matcher(word.text()).matches()) {
      return error.hint(
          "the job that trained says what it takes, with ", JobKey.CONSOLIDATE, " true");
    }
    Optional<String> model = model(command.words());
    if (model.isPresent()) {
      return error.hint(
          "what trained its adapters is not said: give that, or ",
          JobKey.MODEL_ID,
          " ",
          Shown.oneLine(model.get()),
          " with ",
          JobKey.METHOD,
          " lora and ",
          JobKey.MERGE,
          " true");
    }
    return error
        .hint("the job that trained says what it takes, of adapters with ", JobKey.MERGE, " true")
        .hint("of shards with ", JobKey.CONSOLIDATE, " true");
  }

  private static boolean tells(ShellCommand command, Pattern option) {
    return command.words().stream().anyMatch(word -> option.matcher(word.text()).matches());
  }

  /** The model that a command is told by its name, if it is. */
  private static Optional<String> model(List<Word> words) {
    for (int i = 0; i < words.size(); i++) {
      Matcher told = MODEL.matcher(words.get(i).text());
      if (told.matches() && told.group(1) != null) {
        return Optional.of(told.group(1));
      } else if (told.matches()
          && i + 1 < words.size()
          && !words.get(i + 1).text().startsWith("-")) {
        return Optional.of(words.get(i + 1).text());
      }
    }
    return Optional.empty();
  }
}
