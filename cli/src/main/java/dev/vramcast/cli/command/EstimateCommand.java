package dev.vramcast.cli.command;

import static dev.vramcast.answers.estimate.EstimateOperation.TIMELINE;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.estimate.EstimateAnswer;
import dev.vramcast.answers.estimate.EstimateOperation;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.cli.chart.EstimateChart;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.option.CorrectionArguments;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFile;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.cli.option.Overwrite;
import dev.vramcast.cli.option.ParsedOptions;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.plan.search.Progress;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast estimate}: the peak memory of one training step, why, and how long it takes. */
public final class EstimateCommand implements Command {

  private static final EstimateOperation OPERATION = new EstimateOperation();

  private static final String RANKS = "--ranks";
  private static final String CHART = "--chart";

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
    OutputFormat.addExplain(
        spec, "Show every setting with its reason, every tensor and every figure.");
    spec.addOption(
        Options.flag(RANKS, "Show every kind of rank, not only the one that needs most."));
    spec.addOption(Options.text(CHART, "FILE", "Draw the estimate and the step as SVG."));
    Overwrite.addTo(spec);
    spec.addOption(
        Options.flag(
            TIMELINE.name(), "With --format json: the memory of the step, state by state."));
    OPERATION.parameters().stream()
        .filter(parameter -> !parameter.name().equals(TIMELINE.name()))
        .forEach(parameter -> Options.add(spec, parameter));
    CorrectionArguments.addTo(spec);
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 answered, 4 not modelled, 2 bad input.",
            "",
            "Examples:",
            "  vramcast estimate --model llama-3.1-8b --method qlora --gpu rtx-4090",
            "  vramcast estimate --model ./my-model --method lora --rank 64 --micro-batch 4",
            "  vramcast estimate job.yaml --sequence-length 8192 --format json",
            "  vramcast estimate job.yaml --gpu a100-80gb --chart step.svg",
            "  vramcast estimate job.yaml --count 8 --strategy fsdp2 --ranks",
            "  vramcast estimate job.yaml --explain --by-module",
            "  vramcast estimate --params 7B --method qlora");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Given given = new ParsedOptions(arguments);
    if (given.has(TIMELINE) && format != OutputFormat.JSON) {
      throw InputError.about(TIMELINE)
          .kind(ErrorKind.MISSING)
          .and(" needs --format json")
          .hint(CHART, " draws the step for people")
          .refusal();
    }
    Optional<OutputFile> chart = OutputFile.ofSvg(arguments, CHART);
    Corrections corrections = CorrectionArguments.of(arguments, console);
    Call call = JobArguments.call(arguments, Set.of(), corrections, Progress.NONE, console);
    Answer found = format == OutputFormat.TABLE ? OPERATION.answer(call) : OPERATION.recorded(call);
    if (!(found instanceof EstimateAnswer answer)) {
      chart.ifPresent(target -> refuseChart());
      return format.print(found, console);
    }
    chart.ifPresent(target -> target.write(EstimateChart.svg(answer.report())));
    return print(answer, format, arguments, console);
  }

  private static void refuseChart() {
    throw InputError.about(Subject.option(CHART))
        .and(" draws a step, and a job that trains nothing has none")
        .refusal();
  }

  private static int print(
      EstimateAnswer answer, OutputFormat format, ParseResult arguments, Console console) {
    boolean explain = format == OutputFormat.EXPLAINED;
    boolean ranks = arguments.hasMatchedOption(RANKS);
    return format.print(answer, () -> answer.lines(console.terminal(), explain, ranks), console);
  }
}
