package dev.vramcast.cli.command;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.max.MaxOperation;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.ParsedOptions;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast max}: the most that a card holds. */
public final class MaxCommand implements Command {

  private static final MaxOperation OPERATION = new MaxOperation();

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
    OptionSpec named = spec.findOption(MaxOperation.MODEL.name());
    spec.remove(named);
    spec.addOption(
        OptionSpec.builder(named)
            .arity("0..1")
            .fallbackValue("")
            .description(named.description()[0] + "; without a name: find the largest model")
            .build());
    OPERATION.parameters().stream()
        .filter(parameter -> !parameter.name().equals(MaxOperation.MODEL.name()))
        .forEach(parameter -> Options.add(spec, parameter));
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 answered, 4 not modelled, 2 bad input.",
            "",
            "Examples:",
            "  vramcast max --batch --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  vramcast max --sequence job.yaml --gpu a100-80gb",
            "  vramcast max --model --method full --gpu h100",
            "  vramcast max --memory 24GB");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    boolean anyModel = new ParsedOptions(arguments).has(MaxOperation.MODEL);
    Set<JobKey> left = anyModel ? Set.of(JobKey.MODEL_ID) : Set.of();
    Answer answer =
        OPERATION.answer(
            JobArguments.call(arguments, left, Corrections.NONE, Progress.NONE, console));
    return format.print(answer, console);
  }
}
