package dev.vramcast.cli.command;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.cost.CostOperation;
import dev.vramcast.answers.cost.CostReport;
import dev.vramcast.answers.operation.Parameter.Asker;
import dev.vramcast.cli.console.Console;
import dev.vramcast.cli.console.ExitCode;
import dev.vramcast.cli.option.JobArguments;
import dev.vramcast.cli.option.Options;
import dev.vramcast.cli.option.OutputFormat;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.search.Progress;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code vramcast cost}: hours and dollars of a run on every GPU of a market. */
public final class CostCommand implements Command {

  private static final CostOperation OPERATION = new CostOperation();

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
    OPERATION.parameters(Asker.HERE).forEach(parameter -> Options.add(spec, parameter));
    spec.usageMessage()
        .footer(
            "",
            "Exit codes: 0 priced, 3 nothing on offer holds the run, 4 not modelled, 2 bad input.",
            "",
            "Examples:",
            "  vramcast cost --model llama-3.1-8b --method qlora --tokens 51.2e6",
            "  vramcast cost job.yaml --tokens 1e9 --gpu h100:8 --spot --interruptions-every 4h",
            "  vramcast cost --params 70B --method full --tokens 1e8 --provider aws,lambda");
    return spec;
  }

  @Override
  public int run(ParseResult arguments, Console console) {
    OutputFormat format = OutputFormat.of(arguments);
    Set<JobKey> filter = Set.of(JobKey.GPU);
    CostReport report =
        OPERATION.answer(
            JobArguments.call(arguments, filter, Corrections.NONE, Progress.NONE, console));
    int code = format.print(report, console);
    return report.fitsSomewhere() ? code : ExitCode.DOES_NOT_FIT;
  }
}
