package dev.vramcast.formats.training.run;

import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.JobBuilder;
import dev.vramcast.formats.training.Setting;
import dev.vramcast.formats.training.text.TrainingFile;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A trainer of the program's own whose name tells a stage that none of its arguments does: its loss
 * has passes of its own, of which the arguments of the plain Trainer say nothing.
 */
final class TrainerOfStage {

  private static final Pattern STAGES =
      Pattern.compile(
          "Distil|KD(?=Trainer)|DPO|KTO|ORPO|CPO|SimPO|GRPO|RLOO|PPO|RLHF|Reward|Preference");

  /** A class that is declared over a trainer of supervised stages. */
  private static final Pattern DECLARED =
      Pattern.compile("class (\\w++)\\(\\s*(?:\\w++\\.)?(?:Seq2Seq|SFT|Unsloth)?Trainer\\s*[,)]");

  private static final Pattern CALL = Pattern.compile("(?<!\\bclass )\\b(\\w++)\\(");

  /** Stages that the arguments of the plain Trainer and the class of its model tell. */
  private static final Set<String> PLAIN = Set.of("sft", "pretrain", "classification");

  private TrainerOfStage() {}

  /** Says that the stage of such a one is not modelled, unless the user gives one. */
  static void find(JobBuilder job, TrainingFile program, Set<String> own) {
    if (job.has(JobKey.STAGE) && PLAIN.stream().noneMatch(each -> job.is(JobKey.STAGE, each))) {
      return;
    }
    called(program, own)
        .or(() -> declared(program))
        .ifPresent(
            at ->
                job.notModelled(
                    JobKey.STAGE,
                    at,
                    Gap.of("the stage of the program's own ", Shown.oneLine(at.key()))
                        .needs("which passes its loss runs, and what they keep")));
  }

  private static Optional<Setting> called(TrainingFile program, Set<String> own) {
    return program.root().fields().entrySet().stream()
        .filter(call -> own.contains(call.getKey()) && isOfStage(call.getKey()))
        .map(call -> new Setting(program.name(), call.getKey(), call.getValue()))
        .findFirst();
  }

  /** One of the program that it makes, or that another may where this one makes no trainer. */
  private static Optional<Setting> declared(TrainingFile program) {
    boolean makes =
        program.root().fields().keySet().stream().anyMatch(call -> call.endsWith("Trainer"));
    Set<String> calls = makes ? calls(program) : Set.of();
    return declared(program, DECLARED)
        .filter(named -> isOfStage(named.key()) && (!makes || calls.contains(named.key())))
        .findFirst();
  }

  /** Classes that lines begin to declare, by the first group of a pattern. */
  static Stream<Setting> declared(TrainingFile program, Pattern pattern) {
    return program.lines().stream()
        .flatMap(
            line ->
                Optional.of(pattern.matcher(String.valueOf(line.value())))
                    .filter(Matcher::lookingAt)
                    .map(found -> new Setting(program.name(), found.group(1), line))
                    .stream());
  }

  private static boolean isOfStage(String name) {
    return name.endsWith("Trainer") && STAGES.matcher(name).find();
  }

  private static Set<String> calls(TrainingFile program) {
    return program.lines().stream()
        .flatMap(line -> CALL.matcher(String.valueOf(line.value())).results())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }
}
