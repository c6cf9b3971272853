package dev.tunefit.cli.command;

import dev.tunefit.answers.operation.MaxOperation;
import dev.tunefit.answers.report.Answer;
import dev.tunefit.answers.request.Corrections;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.plan.Progress;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code tunefit max}: the most that a card holds. */
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
        .filter(parameter -> parameter != MaxOperation.MODEL)
        .forEach(parameter -> Options.add(spec, parameter));
    spec.usageMessage()
        .footer(
            "",
            "Examples:",
            "  tunefit max --batch --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  tunefit max --sequence job.yaml --gpu a100-80gb",
            "  tunefit max --model --method full --gpu h100",
            "  tunefit max --memory 24GB");
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
