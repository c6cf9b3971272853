package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import dev.vramcast.formats.training.text.TrainingFile.Command;
import dev.vramcast.formats.training.text.TrainingFile.Form;
import dev.vramcast.input.tree.Node;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A trainer that a program defines itself, of whose loss nothing is known. */
public final class OwnTrainer {

  private static final Pattern TRAINER = Pattern.compile("(?!Patch)[A-Z]\\w*Trainer");

  /** The trainers of Transformers, TRL, sentence-transformers and Unsloth. */
  private static final Pattern KNOWN =
      Pattern.compile(
          "(?:SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|GKD|GOLD|PPO|BCO|PRM|OnlineDPO|XPO|NashMD"
              + "|Unsloth|Seq2Seq|SentenceTransformer|SparseEncoder|CrossEncoder)?Trainer");

  /** Scripts of TRL's and Transformers' examples by what they train for, which is no adapter. */
  private static final Pattern SCRIPT =
      Pattern.compile(
          "(?i)(?:.*/)?(?!\\w*lora)(?:\\w*(?:sft|dpo|kto|grpo|gspo|rloo|reward|orpo|cpo|gkd"
              + "|ppo|xpo|nash|bco|prm|minillm|gold|distil)\\w*|run_\\w+)\\.py");

  /** What starts a program, which behind options of the launcher's own a variable may name. */
  private static final Pattern LAUNCHER =
      Pattern.compile("(?:.*/)?(?:torchrun|deepspeed|python3?|launch)");

  /** A program that a variable names, and Transformers' {@code run_clm.py} and its like. */
  private static final Pattern UNNAMED =
      Pattern.compile("\\$\\{?\\w+}?|(?:.*/)?run_(?!\\w*(?:sft|dpo|grpo|lora))\\w+\\.py");

  /** The name of a trainer of TRL's over nothing but Transformers' own. */
  private static final Pattern DERIVED =
      Pattern.compile(
          "class ((?:SFT|DPO|KTO|ORPO|CPO|GRPO|RLOO|Reward|GKD|PPO|BCO|PRM)Trainer)"
              + "\\(\\s*(?:transformers\\.)?(?:Seq2Seq)?Trainer\\s*[,)]");

  private static final Pattern MODULE =
      Pattern.compile(
          "(?!(?:trl|transformers|torch|accelerate)\\.)[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)+");

  /** What says anything of a step: its batch, how long it lasts, who shards it. */
  private static final Pattern TELLS =
      Pattern.compile(
          "(?i).*(?:batch|accum|learning_rate|epoch|max_steps|lora|peft|adapter|deepspeed|zero|fsdp"
              + "|bf16|fp16|bits|gradient|optim|config).*"
              + "|lr|bs|use_vllm|num_generations|do_\\w+");

  /** A length, of which programs that prepare data are told too. */
  private static final Pattern LENGTH =
      Pattern.compile("(?i).*(?:length|max_len|seq_len|block_size).*");

  private static final Pattern TRAINER_FILE =
      Pattern.compile("(?i).*(?:train|tun|sft|dpo|grpo|ppo|lora|learn|run|main).*");

  /** Arguments of {@code generate}, of which trainers have some. */
  private static final List<String> SAMPLING =
      List.of(
          "max_new_tokens",
          "do_sample",
          "temperature",
          "top_p",
          "top_k",
          "num_beams",
          "repetition_penalty");

  private static final Pattern TRAINS =
      Pattern.compile(
          "(?i).*(?:batch|accum|learning_rate|epoch|max_steps|deepspeed|fsdp|optim|gradient|train"
              + "|num_generations).*|lr");

  private OwnTrainer() {}

  /** The program of a command that is none of TRL's or Transformers' by its name. */
  public static Optional<String> program(TrainingFile command) {
    // Of a program that was read itself all is known.
    return command.command().stream()
        .filter(found -> command.form() != Form.PROGRAM)
        .flatMap(
            found ->
                Stream.concat(
                    found.words().stream()
                        .filter(word -> word.endsWith(".py") && !SCRIPT.matcher(word).matches()),
                    module(found).stream()))
        .findFirst();
  }

  /** The module that a launcher starts, as a file, where it is none of a package that is known. */
  private static Optional<String> module(Command command) {
    return command
        .module()
        .filter(named -> MODULE.matcher(named).matches())
        .map(named -> named.replace('.', '/') + ".py");
  }

  /**
   * Whether a command starts a program that nobody knows and tells it nothing of its steps: all
   * that decides is in the program.
   */
  public static boolean isSilent(TrainingFile command) {
    return program(command)
        .or(() -> unnamed(command))
        .filter(
            program ->
                command.root().fields().keySet().stream()
                    .noneMatch(
                        key ->
                            TELLS.matcher(key).matches()
                                || LENGTH.matcher(key).matches()
                                    && TRAINER_FILE.matcher(program).matches()))
        .isPresent();
  }

  /** What is handed to Python by a variable, or has a name that only examples' trainings have. */
  private static Optional<String> unnamed(TrainingFile command) {
    return command.command().stream()
        .filter(found -> command.form() != Form.PROGRAM && found.module().isEmpty())
        .flatMap(
            found ->
                found.words().stream()
                    .filter(
                        word ->
                            UNNAMED.matcher(word).matches()
                                || LAUNCHER.matcher(word).matches()
                                    && found.words().indexOf(word) == found.words().size() - 1))
        .findFirst();
  }

  /** Whether a variable names the program of such a command, so that nobody knows which it is. */
  public static boolean isUnnamed(TrainingFile command) {
    return program(command).isEmpty()
        && unnamed(command).filter(word -> !word.endsWith(".py")).isPresent()
        && isSilent(command);
  }

  /** Whether settings are for what a trained model writes, and say nothing of a training. */
  public static boolean generates(TrainingFile file) {
    return file.form() == Form.TREE
        && file.command().isEmpty()
        && Stream.concat(Stream.of(file.root()), sections(file))
            .anyMatch(keys -> SAMPLING.stream().filter(keys.fields()::containsKey).count() > 1)
        && file.root().fields().keySet().stream().noneMatch(key -> TRAINS.matcher(key).matches());
  }

  /**
   * Whether a file names a model and says nothing of a training, as results of an evaluation do.
   *
   * @param known whether most of its keys are those of a trainer
   */
  public static boolean isOfResults(TrainingFile file, boolean known) {
    return file.form() == Form.TREE
        && file.command().isEmpty()
        && !known
        && file.root().fields().keySet().stream().noneMatch(key -> TRAINS.matcher(key).matches());
  }

  /** {@code generation:} and its like. */
  private static Stream<Node.Fields> sections(TrainingFile file) {
    return file.root().fields().values().stream()
        .flatMap(value -> value instanceof Node.Fields section ? Stream.of(section) : Stream.of());
  }

  /** Says that options of a program that nobody knows are taken as those of known scripts. */
  public static void script(JobBuilder job, TrainingFile command, String whose) {
    program(command)
        .ifPresent(
            program ->
                job.say(
                    FindingCode.NOT_FOLLOWED,
                    program,
                    Shown.oneLine(program)
                        + " is a program that is not known: its options are taken as those of "
                        + whose
                        + " scripts"));
  }

  /** A trainer of the program's own that has the name of one of TRL's and nothing else of it. */
  private static Optional<Setting> renamed(TrainingFile program) {
    return TrainerOfStage.declared(program, DERIVED)
        .filter(named -> program.has(named.key()) || program.has("_" + named.key()))
        .findFirst();
  }

  /** Says that such a one is counted by its arguments, where no known one trains. */
  public static void say(JobBuilder job, TrainingFile program) {
    Map<String, Node> calls = program.root().fields();
    renamed(program)
        .ifPresent(
            declared ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    declared,
                    Shown.oneLine(declared.key())
                        + " is a class of the program's own, derived from the Trainer: it is"
                        + " counted as "
                        + (program.has("_" + declared.key()) ? "that" : "TRL's of that name")
                        + ", whatever its loss takes"));
    Set<String> names =
        calls.keySet().stream()
            .filter(name -> TRAINER.matcher(name).matches() && !KNOWN.matcher(name).matches())
            .collect(Collectors.toSet());
    TrainerOfStage.find(job, program, names);
    Set<Node> own = names.stream().map(calls::get).collect(Collectors.toSet());
    // A known one may stand for one that is derived from it, with the same arguments.
    boolean known =
        calls.entrySet().stream()
            .anyMatch(
                call -> KNOWN.matcher(call.getKey()).matches() && !own.contains(call.getValue()));
    calls.entrySet().stream()
        .filter(call -> !known && names.contains(call.getKey()))
        .findFirst()
        .map(call -> new Setting(program.name(), call.getKey(), call.getValue()))
        .ifPresent(
            call ->
                job.say(
                    FindingCode.NOT_COUNTED,
                    call,
                    Shown.oneLine(call.key())
                        + " is a class of its own: it is counted as the trainer that its arguments"
                        + " are for, whatever its loss makes beside"));
  }
}
