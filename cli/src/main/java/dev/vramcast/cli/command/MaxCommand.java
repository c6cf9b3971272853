package dev.vramcast.cli.command;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.cli.console.CommandWords;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.ParsedOptions;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast max}: the most that a card holds. */
public final class MaxCommand implements Command {

  private static final MaxOperation OPERATION = new MaxOperation();

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}[kK]?");

  @Override
  public String name() {
    return OPERATION.name();
  }

  @Override
  public String summary() {
    return OPERATION.summary();
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec = JobArguments.spec();
    OutputFormat.addExplain(spec);
    MaxOperation.askedByKey().values().forEach(parameter -> orFlag(spec, parameter));
    OPERATION.parameters().stream()
        .filter(parameter -> spec.findOption(parameter.name()) == null)
        .forEach(parameter -> Options.add(spec, parameter));
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 answered, 4 not modelled, 2 bad input.",
            "",
            "Where nothing fits, the cards that would help are some that are for rent in",
            PriceLists.MARKET + " (see vramcast prices).",
            "",
            "Examples:",
            "  vramcast max --batch --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  vramcast max --sequence job.yaml --gpu a100-80gb",
            "  vramcast max --image-size --images 1 --model qwen2.5-vl-7b --gpu rtx-4090",
            "  vramcast max --audio-seconds --model qwen2-audio-7b --gpu rtx-4090",
            "  vramcast max grpo.yaml --completion-length --gpu a100-80gb",
            "  vramcast max --model --method full --gpu h100",
            "  vramcast max --memory 24GB");
    return spec;
  }

  /** An option of a job that asks where it has no value. */
  private static void orFlag(CommandSpec spec, Parameter parameter) {
    OptionSpec option = spec.findOption(parameter.name());
    String words = parameter.description(CommandWords.ALL);
    String asks = Character.toLowerCase(words.charAt(0)) + words.substring(1);
    spec.remove(option);
    spec.addOption(
        OptionSpec.builder(option)
            .arity("0..1")
            .fallbackValue("")
            .description(option.description()[0] + "; without a value: " + asks)
            .build());
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    ParsedOptions given = new ParsedOptions(arguments);
    Set<JobKey> left = EnumSet.noneOf(JobKey.class);
    MaxOperation.askedByKey()
        .forEach(
            (key, parameter) -> {
              if (given.has(parameter)) {
                left.add(key);
              }
            });
    Options.words(arguments).stream()
        .filter(word -> NUMBER.matcher(word).matches() && !Files.exists(Path.of(word)))
        .findFirst()
        .ifPresent(number -> MaxOperation.refuseValue(given, number));
    Answer answer =
        OPERATION.answer(
            JobArguments.call(arguments, left, Corrections.NONE, Progress.NONE, console));
    return format.print(answer, console);
  }
}
